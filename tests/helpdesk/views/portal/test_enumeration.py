"""Nobody learns whether an address is known: neither by what a page says nor by the work behind it."""

import secrets
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.models import User
from tests.factories import UserFactory
from tests.helpdesk.views.portal.conftest import text_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"

ClientOf = Callable[..., Client]


@contextmanager
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Counts what is done meanwhile: passwords hashed, and queries by their verbs and tables."""
    done: dict[str, Any] = {"hashes": 0}
    encode = MD5PasswordHasher.encode

    def counted(self: Any, *args: Any) -> str:
        done["hashes"] += 1
        return str(encode(self, *args))

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(MD5PasswordHasher, "encode", counted)
        yield done
    done["queries"] = sorted(filter(None, (_gist(query["sql"]) for query in queries)))


def _gist(sql: str) -> str:
    words = sql.replace('"', "").split()
    verb = words[0]
    if verb == "SELECT":
        return f"SELECT {words[words.index('FROM') + 1]}" if "FROM" in words else "SELECT"
    return (
        " ".join(words[:3]) if verb in {"INSERT", "DELETE"} else " ".join(words[:2]) if verb == "UPDATE" else ""
    )  # and savepoints, which are none outside tests


@pytest.fixture
def address() -> str:
    """An address that no limit has counted."""
    return f"grace-{secrets.token_hex(6)}@example.org"


@pytest.fixture
def grace(address: str) -> User:
    person = UserFactory.create(name="Grace Hopper", email=address)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=True)
    return person


@pytest.fixture
def standings(grace: User) -> Callable[[str], None]:
    """Puts the person into one of the states in which an address can be."""

    def put(standing: str) -> None:
        if standing == "deactivated":
            grace.is_active = False
        elif standing == "without a password":
            grace.set_unusable_password()
        elif standing == "unconfirmed":
            EmailAddress.objects.update(verified=False)
        grace.save()

    return put


STANDINGS = ["known", "deactivated", "without a password", "unconfirmed"]


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("login/", {"password": "wrong"}),
        ("password/reset/", {}),
        ("signup/", {"name": "Grace Hopper", "password1": "another battery staple"}),
    ],
)
def test_page_and_its_work_are_the_same_for_known_and_unknown_addresses(
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    standings: Callable[[str], None],
    address: str,
    path: str,
    typed: dict[str, str],
    standing: str,
) -> None:
    standings(standing)
    seen = []
    # Once for each in vain: what a process learns at its first request is no difference between addresses.
    for who in (f"warm-{address}", address, f"no-{address}"):
        field = "login" if path == "login/" else "email"
        client = client_of()
        with work(monkeypatch) as done:
            answer = client.post(f"/accounts/{path}", {field: who, **typed})
        page = text_of(answer).replace(who, "") if answer.status_code == 200 else answer["Location"]
        seen.append((page, answer.status_code, sorted(client.cookies), done["hashes"], done["queries"]))
    assert seen[1] == seen[2]
    assert seen[1][3] == (path != "password/reset/")
