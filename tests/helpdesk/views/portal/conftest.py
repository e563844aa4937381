"""What tests of the portal share: somebody who asks, somebody who answers, and a desk that takes it."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.models import Category, DeskSettings, Queue, Team, Ticket, User
from tests.factories import (
    CategoryFactory,
    QueueFactory,
    TeamFactory,
    TierFactory,
    UserFactory,
    make_agent,
    make_ticket,
)


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Any, tmp_path: Any) -> None:
    """Uploads go where the test ends."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def team(db: None) -> Team:
    return TeamFactory.create(name="First line")


@pytest.fixture
def queue(team: Team) -> Queue:
    return QueueFactory.create(name="Support", is_default=True, teams=[team])


@pytest.fixture
def category(queue: Queue) -> Category:
    return CategoryFactory.create(name="Printing", code="printing", description="Paper and ink", queue=queue)


@pytest.fixture
def first_tier(category: Category) -> None:
    """A tier at which a report on printing starts."""
    TierFactory.create(level=1)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def mara(team: Team) -> User:
    return make_agent(team, name="Mara Silva", email="mara@example.org")


@pytest.fixture
def ticket(ada: User, queue: Queue) -> Ticket:
    TierFactory.create(level=1)
    return make_ticket(ada, queue)


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """A browser of its own for a person, from a network of its own, so that no limit counts two tests together."""

    def make(user: User | None = None) -> Client:
        client = Client(REMOTE_ADDR=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1")
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def as_ada(client_of: Callable[[User], Client], ada: User) -> Client:
    return client_of(ada)


@pytest.fixture
def settings_of_desk(db: None) -> Callable[..., None]:
    def change(**values: Any) -> None:
        DeskSettings.objects.update_or_create(pk=1, defaults=values)

    return change


@pytest.fixture
def later() -> Callable[..., Any]:
    """`with later(days=2):` what comes after a while."""
    return lambda **span: time_machine.travel(timezone.now() + timedelta(**span))


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """How many queries a page costs."""

    def count(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    return count


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(style|script|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def hidden(response: Any, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', response.content.decode())
    assert found is not None, f"there is no field {name}"
    return found.group(1)
