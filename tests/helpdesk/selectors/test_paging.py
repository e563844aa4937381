"""Pages of tickets: nothing twice, nothing left out, whatever shares a place; and no more rows read than shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from helpdesk.choices import ClockMark, Status
from helpdesk.models import Ticket
from helpdesk.selectors import paging, tickets
from helpdesk.selectors.paging import DESK_ORDERS, DUE, PORTAL_ORDERS, SOLVED, Order
from tests.factories import NOW, QueueFactory, UserFactory, make_ticket

ORDERS = {**DESK_ORDERS, **PORTAL_ORDERS}


def walk_down(order: Order, size: int) -> list[list[int]]:
    pages, before = [], ""
    while True:
        page = paging.page(Ticket.objects.all(), order, before=before, size=size)
        pages.append([ticket.pk for ticket in page.tickets])
        if page.older is None:
            return pages
        before = page.older


def fit(order: Order) -> None:
    """Make all tickets such as stand in the order."""
    if order is SOLVED:
        solved = {"status": Status.RESOLVED, "resolution_kind": "fixed"}
        Ticket.objects.update(**solved, resolved_at=F("created_at"), close_due_at=F("created_at"))
    if order is DUE:
        Ticket.objects.update(sla_due_at=F("created_at"), sla_mark=ClockMark.RUNNING)


class PagesTest(HypothesisTestCase):
    """Against the slow way: read all rows, sort them, cut them."""

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=0, max_size=9),
        st.integers(1, 4),
        st.sampled_from(sorted(ORDERS)),
    )
    def test_pages_down_and_up_are_the_sorted_list_cut(
        self, filed: list[tuple[int, int]], size: int, name: str
    ) -> None:
        order = ORDERS[name]
        requester, queue = UserFactory.create(), QueueFactory.create()
        for hour, priority in filed:
            make_ticket(requester, queue, now=NOW + timedelta(hours=hour), priority=priority)
        fit(order)
        oracle = sorted(
            Ticket.objects.all(), key=lambda t: [getattr(t, key) for key in order.keys], reverse=order.descending
        )
        wanted = [[t.pk for t in oracle[i : i + size]] for i in range(0, len(oracle), size)] or [[]]
        assert walk_down(order, size) == wanted
        for number, rows in enumerate(wanted[1:], start=1):
            place = order.place_of(Ticket.objects.get(pk=rows[0])).encode()
            above = paging.page(Ticket.objects.all(), order, after=place, size=size)
            assert [ticket.pk for ticket in above.tickets] == wanted[number - 1]
            assert (above.newer is None) == (number == 1)
        for number, ticket in enumerate(oracle):
            before, after = paging.neighbours(Ticket.objects.all(), order, ticket)
            assert before == (oracle[number - 1] if number else None)
            assert after == (oracle[number + 1] if number + 1 < len(oracle) else None)


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS.values(), ids=lambda order: order.name)
@pytest.mark.parametrize(
    "place", ["", "nonsense", "t9-", "-9", "1-1", "t99999999999999999999-1", "1;DROP TABLE-2", "t1-1-1-1-1", "9" * 99]
)
def test_place_from_a_stranger_is_the_first_page(place: str, order: Order) -> None:
    make_ticket()
    fit(order)
    assert len(paging.page(Ticket.objects.all(), order, before=place).tickets) == 1
    assert len(paging.page(Ticket.objects.all(), order, after=place).tickets) == 1


@pytest.mark.django_db
def test_place_of_another_priority_than_there_is_ends_the_list() -> None:
    make_ticket()
    far = f"{'9' * 18}-t1-1"
    assert paging.page(Ticket.objects.all(), paging.URGENT, before=far).tickets == []


@pytest.mark.django_db
def test_page_reads_one_row_more_than_it_shows_and_counts_nothing() -> None:
    for _n in range(4):
        make_ticket()
    with CaptureQueriesContext(connection) as queries:
        paging.page(tickets.with_people(Ticket.objects.all()), paging.CHANGED, size=2)
    assert len(queries) == 1
    assert "LIMIT 3" in queries[0]["sql"]
    assert "COUNT" not in queries[0]["sql"]
