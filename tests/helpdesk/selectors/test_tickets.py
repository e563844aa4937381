"""Pages of tickets: nothing twice, nothing left out, whatever shares a time; and no more rows read than shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from helpdesk.actions import conversation
from helpdesk.choices import Channel
from helpdesk.models import Ticket
from helpdesk.selectors import tickets
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket


def walk_down(size: int) -> list[list[int]]:
    pages, before = [], ""
    while True:
        page = tickets.page(Ticket.objects.all(), before=before, size=size)
        pages.append([ticket.pk for ticket in page.tickets])
        if page.older is None:
            return pages
        before = page.older


class PagesTest(HypothesisTestCase):
    """Against the slow way: read all rows, sort them, cut them."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 4), min_size=0, max_size=9), st.integers(1, 4))
    def test_pages_down_and_up_are_the_sorted_list_cut(self, hours: list[int], size: int) -> None:
        requester, queue = UserFactory.create(), QueueFactory.create()
        for hour in hours:
            make_ticket(requester, queue, now=NOW + timedelta(hours=hour))
        oracle = sorted(Ticket.objects.all(), key=lambda t: (t.updated_at, t.pk), reverse=True)
        wanted = [[t.pk for t in oracle[i : i + size]] for i in range(0, len(oracle), size)] or [[]]
        assert walk_down(size) == wanted
        for number, rows in enumerate(wanted[1:], start=1):
            first = Ticket.objects.get(pk=rows[0])
            place = tickets.Place(first.updated_at, first.pk).encode()
            above = tickets.page(Ticket.objects.all(), after=place, size=size)
            assert [ticket.pk for ticket in above.tickets] == wanted[number - 1]
            assert (above.newer is None) == (number == 1)


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["", "nonsense", "9-", "-9", "99999999999999999999-1", "1;DROP TABLE-2", "0-0"])
def test_place_from_a_stranger_is_the_first_page_or_an_empty_one(place: str) -> None:
    make_ticket()
    assert len(tickets.page(Ticket.objects.all(), before=place).tickets) == (0 if place == "0-0" else 1)


@pytest.mark.django_db
def test_page_reads_one_row_more_than_it_shows_and_counts_nothing() -> None:
    for _n in range(4):
        make_ticket()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tickets.page(tickets.with_people(Ticket.objects.all()), size=2)
    assert len(queries) == 1
    assert "LIMIT 3" in queries[0]["sql"]
    assert "COUNT" not in queries[0]["sql"]


@pytest.mark.django_db
def test_last_words_are_those_that_the_reader_may_see() -> None:
    team = TeamFactory.create()
    ticket = make_ticket(queue=QueueFactory.create(teams=[team]))
    conversation.add_note(ticket=ticket, body="Secret.", by=actor(make_agent(team), Channel.DESK), now=NOW)
    rows = Ticket.objects.all()
    assert tickets.with_last_words(rows, with_notes=True).get().last_words == "Secret."
    assert tickets.with_last_words(rows, with_notes=False).get().last_words == "It smokes since nine."


@pytest.mark.django_db
def test_last_words_are_no_more_than_a_row_shows() -> None:
    make_ticket(body="long " * 10_000)
    assert len(tickets.with_last_words(Ticket.objects.all(), with_notes=False).get().last_words) == 400
