"""Priorities that follow, in their place on the ticket's page."""

import pytest
from django.test import Client

from helpdesk import presets
from helpdesk.actors import SYSTEM
from helpdesk.choices import PrioritySource
from helpdesk.models import Queue, Ticket
from tests.factories import NOW
from tests.helpdesk.views.desk.pages import actions_on, post, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def figures(queue: Queue) -> None:
    presets.load(by=SYSTEM, now=NOW)


def set_source(queue: Queue, source: PrioritySource) -> None:
    queue.priority_source = source
    queue.save()


def priority(ticket: Ticket) -> int:
    return Ticket.objects.get(pk=ticket.pk).priority


def test_page_offers_the_one_way_of_its_queue(as_mara: Client, queue: Queue, ticket: Ticket) -> None:
    offered = {}
    for source in PrioritySource:
        set_source(queue, source)
        page = as_mara.get(url(ticket))
        offered[source] = {"set/priority", "judge"} & actions_on(page, ticket)
    assert offered == {
        PrioritySource.DIRECT: {"set/priority"},
        PrioritySource.WEIGHED: {"judge"},
        PrioritySource.MEASURED: {"judge"},
    }


def test_weighing_is_looked_at_and_saved(as_mara: Client, queue: Queue, ticket: Ticket) -> None:
    set_source(queue, PrioritySource.WEIGHED)
    looked = post(as_mara, ticket, "judge", impact="1", urgency="2", seen="3", look="1")
    assert looked.status_code == 200
    assert "That is P2 high" in text_of(looked)
    assert "Nothing was changed" not in text_of(looked)
    assert priority(ticket) == 3
    assert post(as_mara, ticket, "judge", impact="1", urgency="2", seen="3").status_code == 302
    assert priority(ticket) == 2
    missing = post(as_mara, ticket, "judge", impact="1", urgency="", seen="2")
    assert "Choose how urgent it is." in text_of(missing)


def test_measures_are_told_row_by_row_before_anything_is_saved(as_mara: Client, queue: Queue, ticket: Ticket) -> None:
    set_source(queue, PrioritySource.MEASURED)
    typed = {"measure-errors": "12", "measure-complaints": "1", "seen": "3"}
    piece = as_mara.post(url(ticket, "judge"), {**typed, "look": "1"}, headers={"X-Piece": "1"})
    said = text_of(piece)
    assert "Error rate P2 User complaints P4 The worst decides: P2 high" in said
    assert "<html" not in piece.content.decode()
    assert priority(ticket) == 3
    wrong = as_mara.post(
        url(ticket, "judge"), {**typed, "measure-errors": "lots", "look": "1"}, headers={"X-Piece": "1"}
    )
    assert "Error rate in %: Write a number" in text_of(wrong)
    refused = post(as_mara, ticket, "judge", **{**typed, "measure-errors": "lots"})
    assert refused.status_code == 422
    assert refused.context["panels"]["judge"].form["measure-complaints"].value() == "1"
    post(as_mara, ticket, "judge", **typed)
    assert priority(ticket) == 2
    post(as_mara, ticket, "judge", **{"measure-security": "on", "seen": "2"})
    assert priority(ticket) == 1


def test_who_decides_on_an_older_page_is_told(as_mara: Client, queue: Queue, ticket: Ticket) -> None:
    set_source(queue, PrioritySource.WEIGHED)
    stale = post(as_mara, ticket, "judge", impact="1", urgency="1", seen="4")
    assert stale.status_code == 409
    assert "Meanwhile the priority is P3 medium." in text_of(stale)
    set_source(queue, PrioritySource.DIRECT)
    assert post(as_mara, ticket, "judge", impact="1", urgency="1").status_code == 409
