"""The desk's home: numbers that lead to the lists behind them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from helpdesk.actions import assignment, status
from helpdesk.choices import Role
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import Queue, User
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import refs_on, text_of


def _boxes(client: Client) -> list[tuple[str, int]]:
    """The address behind each number of the home page, and the number."""
    found = re.findall(
        r'<a class="box" href="([^"]+)">\s*<strong class="box-count">(\d+)</strong>',
        client.get("/admin/").content.decode(),
    )
    return [(url.replace("&amp;", "&"), int(count)) for url, count in found]


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
    assert [count for _url, count in _boxes(as_mara)] == [2, 2, 1, 4]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.MANAGER])
def test_home_counts_all_queues_for_who_sees_them(
    busy_desk: None, client_of: Callable[[User], Client], role: Role
) -> None:
    client = client_of(UserFactory.create(role=role))
    assert [count for _url, count in _boxes(client)] == [0, 3, 1, 5]


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_each_number_is_the_length_of_its_list(
    busy_desk: None, client_of: Callable[[User], Client], mara: User, role: Role | None
) -> None:
    client = client_of(UserFactory.create(role=role) if role else mara)
    for url, count in _boxes(client):
        assert len(refs_on(client.get(url))) == count


def test_home_shows_nothing_of_djangos_own_index(as_mara: Client) -> None:
    page = text_of(as_mara.get("/admin/"))
    assert "Site administration" not in page
    assert "Django" not in page
    assert "Recent actions" not in page
