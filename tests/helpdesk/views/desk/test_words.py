"""The words of the timeline: every event in one line, with names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import properties
from helpdesk.domain.events import EVENT_TYPES
from helpdesk.models import Kind
from helpdesk.selectors import conversation
from helpdesk.views.desk import words
from tests.factories import CategoryFactory, QueueFactory
from tests.helpdesk.actions.desk import LATER, Desk, d

__all__ = ["d"]
pytestmark = pytest.mark.django_db


def lines(d: Desk) -> list[str]:
    return [words.line(entry) for entry in conversation.timeline(d.desk(), d.ticket)]


def sort_it(d: Desk) -> None:
    """Every change of what a ticket is filed under, there and back."""
    category, kind = CategoryFactory.create(name="Printers"), Kind.objects.create(code="bug", name="50 % bug")
    how = {"ticket": d.ticket, "by": d.desk(), "now": LATER}
    properties.set_priority(to=1, **how)
    for to in (category, CategoryFactory.create(name="Networks"), None):
        properties.set_category(to=to, **how)
    for wanted in (kind, None):
        properties.set_kind(to=wanted, **how)
    properties.retag(add=["vpn", "fire"], **how)
    properties.retag(add=["smoke"], remove=["vpn"], **how)
    properties.retag(remove=["fire"], **how)
    properties.set_queue(to=QueueFactory.create(name="Elsewhere", teams=d.teams), **how)


def test_every_kind_of_event_has_a_name_and_a_line() -> None:
    assert set(words._EVENT_WORDS) == set(EVENT_TYPES)
    assert set(words._LINES) | set(words._SIMPLE_LINES) == set(EVENT_TYPES)


def test_changes_are_told_with_names(d: Desk) -> None:
    sort_it(d)
    assert lines(d)[1:] == [
        "Agent 1 changed the priority from P3 medium to P1 critical",
        "Agent 1 set the category “Printers”",
        "Agent 1 changed the category from “Printers” to “Networks”",
        "Agent 1 took away the category “Networks”",
        "Agent 1 set the kind “50 % bug”",
        "Agent 1 took away the kind “50 % bug”",
        "Agent 1 added the tags “fire”, “vpn”",
        "Agent 1 added the tags “smoke” and removed “vpn”",
        "Agent 1 removed the tags “fire”",
        f"Agent 1 moved this ticket from “{d.queue}” to “Elsewhere”",
    ]


def test_long_timeline_asks_no_more_than_a_short_one(d: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            conversation.timeline(d.desk(), d.ticket)
        return len(asked)

    sort_it(d)
    short = queries()
    for number in range(3):
        properties.retag(ticket=d.ticket, add=[f"tag {number}"], by=d.desk(), now=LATER)
        properties.set_queue(ticket=d.ticket, to=QueueFactory.create(teams=d.teams), by=d.desk(), now=LATER)
    assert queries() == short <= 8
