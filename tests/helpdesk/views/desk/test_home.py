"""The desk's home: numbers that lead to the lists behind them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, status
from helpdesk.choices import Role
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import Queue, User
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import refs_on, text_of


def _numbers(client: Client) -> list[tuple[str, int]]:
    """The address behind each number of the home page, and the number."""
    page = client.get("/admin/").content.decode()
    boxes = re.findall(r'href="([^"]+)">\s*<strong class="box-count">(\d+)</strong>', page)
    lines = re.findall(r'<td>\s*<a href="([^"]+)"[^>]*>(\d+)</a>', page)
    return [(url.replace("&amp;", "&"), int(count)) for url, count in [*boxes, *lines]]


@pytest.fixture
def busy_desk(queue: Queue, mara: User, ada: User) -> None:
    """Two for Mara, one of which waits for the requester; two that nobody has; one solved; one in a queue of others."""
    for _number in range(2):
        ticket = make_ticket(ada, queue)
        assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which one?", by=actor(mara), now=NOW)
    make_ticket(ada, queue)
    make_ticket(ada, queue)
    solved = make_ticket(ada, queue)
    status.make_move(
        ticket=solved, move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=actor(mara), now=NOW
    )
    make_ticket(ada, QueueFactory.create())


def test_home_counts_what_waits(busy_desk: None, as_mara: Client) -> None:
    # My turn, mine, free in my queues, the desk's turn; new, open, in progress, pending, on hold; tier 1.
    assert [count for _url, count in _numbers(as_mara)] == [1, 2, 2, 3, 2, 1, 0, 1, 0, 4]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MANAGER])
def test_home_counts_all_queues_for_who_sees_them(
    busy_desk: None, client_of: Callable[[User], Client], role: Role
) -> None:
    client = client_of(UserFactory.create(role=role))
    assert [count for _url, count in _numbers(client)] == [0, 0, 3, 4, 3, 1, 0, 1, 0, 5]


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.AUDITOR, Role.REGIONAL_MANAGER])
def test_each_number_is_the_length_of_its_list(
    busy_desk: None, client_of: Callable[[User], Client], mara: User, role: Role | None
) -> None:
    client = client_of(UserFactory.create(role=role) if role else mara)
    numbers = _numbers(client)
    assert len(numbers) >= 9
    for url, count in numbers:
        assert len(refs_on(client.get(url))) == count, url


def test_home_shows_who_waits_longest_for_me(queue: Queue, mara: User, ada: User, as_mara: Client) -> None:
    made = []
    for hour in range(7):
        ticket = make_ticket(ada, queue, now=NOW - timedelta(hours=hour))
        assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
        made.append(ticket.ref)
    page = as_mara.get("/admin/")
    assert refs_on(page) == made[:1:-1]
    assert "Show all 7" in text_of(page)


def test_home_without_work_says_so(as_mara: Client) -> None:
    page = text_of(as_mara.get("/admin/"))
    assert "Nobody waits for you." in page
    assert "Everything is solved" in page


def test_home_costs_the_same_for_one_and_three(queue: Queue, mara: User, as_mara: Client) -> None:
    def cost() -> int:
        ticket = make_ticket(UserFactory.create(), queue)
        assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            as_mara.get("/admin/")
        return len(queries)

    cost()
    costs = [cost() for _number in range(3)]
    assert len(set(costs)) == 1
    assert costs[0] <= 19


def test_home_shows_nothing_of_djangos_own_index(as_mara: Client) -> None:
    page = text_of(as_mara.get("/admin/"))
    assert "Site administration" not in page
    assert "Django" not in page
    assert "Recent actions" not in page
