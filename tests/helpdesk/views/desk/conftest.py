"""What tests of the desk share: a queue with its team on two tiers, who asks, and a client for anybody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpdesk.models import Queue, Team, Ticket, User
from tests.factories import QueueFactory, TeamFactory, TierFactory, UserFactory, make_agent, make_ticket


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Any, tmp_path: Any) -> None:
    """Uploads go where the test ends."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def team(db: None) -> Team:
    TierFactory.create(level=2)
    return TeamFactory.create(name="First line")


@pytest.fixture
def queue(team: Team) -> Queue:
    return QueueFactory.create(name="Support", is_default=True, teams=[team])


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def mara(team: Team) -> User:
    return make_agent(team, name="Mara Silva", email="mara@example.org")


@pytest.fixture
def ticket(ada: User, queue: Queue) -> Ticket:
    return make_ticket(ada, queue)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser of its own for a person."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def as_mara(client_of: Callable[[User], Client], mara: User) -> Client:
    return client_of(mara)
