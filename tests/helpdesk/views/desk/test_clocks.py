"""Clocks as agents see them: beside a ticket, in lists, and asked for again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import clocks, conversation, status
from helpdesk.choices import MoveName, Role
from helpdesk.models import PolicyRule, Queue, Team, Ticket, User
from helpdesk.selectors import narrowing
from helpdesk.views.desk.tickets import LIST_SIZE
from tests.factories import NOW, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import refs_on, text_of, url
from tests.promises import HOUR, OFFICE, make_calendar, make_policy, promise_all

LIST = "/admin/tickets/"
NOON = NOW + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def promise(db: None) -> None:
    promise_all(make_policy())


@pytest.fixture
def at(as_mara: Client) -> Callable[..., str]:
    """What Mara reads on a page at an instant."""

    def read(moment: datetime, address: str, **asked: Any) -> str:
        with time_machine.travel(moment, tick=False):
            return text_of(as_mara.get(address, asked))

    return read


def test_page_tells_what_is_left_of_each_clock_and_which_are_over(ticket: Ticket, at: Callable[..., str]) -> None:
    page = at(NOW + 18 * MINUTE, url(ticket))
    assert "First response in 42 min (10:00 UTC)" in page
    assert "Resolution in 7 h 42 min (17:00 UTC)" in page
    late = at(NOW + 2 * HOUR + 20 * MINUTE, url(ticket))
    assert "First response 1 h 20 min over (10:00 UTC)" in late


def test_time_outside_working_hours_is_not_told_as_time_left(ada: User, queue: Queue, at: Callable[..., str]) -> None:
    PolicyRule.objects.all().delete()
    promise_all(make_policy(calendar=make_calendar(OFFICE)))
    ticket = make_ticket(ada, queue, now=NOW + 7 * HOUR + 30 * MINUTE)
    page = at(NOW + 10 * HOUR, url(ticket))
    assert "First response: 30 min left (Tue 09:30 UTC)" in page


def test_paused_clock_stands_and_says_so(ticket: Ticket, mara: User, at: Callable[..., str]) -> None:
    conversation.reply(ticket=ticket, body="Which one?", by=actor(mara), now=NOW + HOUR)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which?", by=actor(mara), now=NOW + HOUR)
    page = at(NOW + 30 * HOUR, url(ticket))
    assert "Resolution paused, 7 h left" in page
    assert "1 earlier clock First response kept" in page
    assert "7 h, paused" in at(NOW + 30 * HOUR, LIST)


def test_ticket_without_a_promise_says_so(ada: User, queue: Queue, at: Callable[..., str]) -> None:
    PolicyRule.objects.all().delete()
    unpromised = make_ticket(ada, queue)
    assert "Nothing is promised for this ticket." in at(NOW, url(unpromised))
    assert "Answer" not in at(NOW, LIST)


def test_list_tells_the_clock_that_is_due_next(ticket: Ticket, mara: User, at: Callable[..., str]) -> None:
    assert "Answer 42 min" in at(NOW + 18 * MINUTE, LIST)
    assert "Answer 20 min over" in at(NOW + 80 * MINUTE, LIST)
    conversation.reply(ticket=ticket, body="We look.", by=actor(mara), now=NOW + 80 * MINUTE)
    assert "Solve 6 h" in at(NOW + 90 * MINUTE, LIST)


def test_clocks_alone_are_asked_for_again(ticket: Ticket, at: Callable[..., str]) -> None:
    part = at(NOW + 30 * MINUTE, url(ticket, "clocks"))
    assert part.startswith("First response in 30 min (10:00 UTC)")
    assert "The printer is on fire" not in part


def test_who_reads_no_notes_sees_no_clock(queue: Queue, team: Team, client_of: Callable[[User], Client]) -> None:
    # An agent of another team, who asked for it.
    outsider = make_agent(TeamFactory.create())
    ticket, client = make_ticket(outsider, queue), client_of(outsider)
    assert "Answer" not in text_of(client.get(LIST))
    assert "First response" not in text_of(client.get(url(ticket)))
    assert client.get(url(ticket, "clocks")).status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def test_clocks_cost_one_query_however_many_there_are(ada: User, queue: Queue, as_mara: Client) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries, time_machine.travel(NOW + MINUTE, tick=False):
            as_mara.get(address)
        return len([query for query in queries if "helpdesk_slacycle" in query["sql"]])

    one = make_ticket(ada, queue)
    cost(url(one))
    assert (cost(LIST), cost(url(one))) == (1, 1)
    make_ticket(ada, queue)
    make_ticket(ada, queue)
    assert (cost(LIST), cost(url(one))) == (1, 1)


@pytest.fixture
def late_soon_and_paused(queue: Queue, ada: User, mara: User) -> tuple[Ticket, Ticket, Ticket]:
    """As of noon: one that is breached, one that is due within the hour, one that waits for its requester."""
    by = actor(mara)
    late, soon, paused = (make_ticket(ada, queue, now=NOW + after) for after in (0 * HOUR, 2.5 * HOUR, HOUR))
    conversation.reply(ticket=paused, body="We look.", by=by, now=NOW + HOUR)
    status.make_move(ticket=paused, move=MoveName.ASK, text="Which?", by=by, now=NOW + HOUR)
    clocks.sweep(now=NOON, limit=10)
    return late, soon, paused


def test_lists_of_clocks_hold_what_their_names_say(
    late_soon_and_paused: tuple[Ticket, Ticket, Ticket], as_mara: Client
) -> None:
    late, soon, paused = (ticket.ref for ticket in late_soon_and_paused)
    with time_machine.travel(NOON, tick=False):
        page = as_mara.get(LIST)
        shelves = {shelf.name: (shelf.count, refs_on(as_mara.get(shelf.url))) for shelf in page.context["shelves"]}
        by_due = refs_on(as_mara.get(LIST, {"order": "due"}))
    assert shelves["breached"] == (1, [late])
    assert shelves["soon"] == (1, [soon])
    assert shelves["paused"] == (1, [paused])
    assert by_due == [late, soon]


def test_home_begins_with_what_is_due_next(
    late_soon_and_paused: tuple[Ticket, Ticket, Ticket], at: Callable[..., str]
) -> None:
    late, soon, _paused = (ticket.ref for ticket in late_soon_and_paused)
    page = at(NOON, "/admin/")
    assert "Due next 1 Breached 1 Due within an hour 1 Paused clocks" in page
    assert page.index(late) < page.index(soon) < page.index("Assigned to me")


def test_list_by_due_time_is_turned_page_by_page(queue: Queue, ada: User, as_mara: Client) -> None:
    made = [make_ticket(ada, queue, now=NOW + n * MINUTE).ref for n in range(LIST_SIZE + 1)]
    first = as_mara.get(LIST, {"order": "due"})
    assert refs_on(first) == made[:-1]
    assert refs_on(as_mara.get(LIST, {"order": "due", "before": first.context["page"].older})) == made[-1:]


@pytest.mark.parametrize("is_manager", [True, False])
def test_lists_of_clocks_run_along_their_indexes(db: None, queue: Queue, mara: User, is_manager: bool) -> None:
    reader = UserFactory.create(role=Role.MANAGER) if is_manager else mara
    for mark in ("breached", "soon"):
        shape = narrowing._shape(actor(reader), {"status": ["unsolved"], "clock": [mark]})
        tickets = narrowing._keys(reader.pk, NOON, **shape, order="due", size=LIST_SIZE)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            plan = tickets.explain()
        # While there are no tickets, one index of clocks is as good as another.
        assert "using ticket_clock_" in plan
        assert "Sort" not in plan
