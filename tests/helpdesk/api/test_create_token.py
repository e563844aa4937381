"""The command that makes a token on the server."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from helpdesk.actions.integrations import Wanted, add_integration
from tests.factories import NOW, QueueFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


def made(*words: str) -> str:
    out = StringIO()
    call_command("create_token", *words, stdout=out)
    return out.getvalue().strip()


def test_token_is_printed_and_works() -> None:
    person, queue = UserFactory.create(role="agent"), QueueFactory.create()
    text = made(person.email, "--name", "Script", "--scope", "tickets:read", "--queue", queue.code, "--days", "30")
    told = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me/").json()
    assert told["name"] == person.name
    assert told["token"] == "Script"
    assert told["queues"] == [queue.code]
    assert told["expires_at"].endswith("Z")


def test_integration_gets_one_by_its_name() -> None:
    by = actor(UserFactory.create(role="administrator"))
    with pytest.raises(CommandError, match="no integration called Wiki"):
        made("--integration", "Wiki", "--name", "Script", "--scope", "tickets:write")
    add_integration(wanted=Wanted("Wiki"), by=by, now=NOW)
    text = made("--integration", "wiki", "--name", "Script", "--scope", "tickets:write")
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me/").json()["name"] == "Wiki"
    add_integration(wanted=Wanted("Wiki"), by=by, now=NOW)
    with pytest.raises(CommandError, match="2 integrations"):
        made("--integration", "Wiki", "--name", "Script", "--scope", "tickets:write")


@pytest.mark.parametrize(
    "words",
    [
        ("nobody@example.org", "--name", "x", "--scope", "tickets:read"),
        ("{email}", "--name", "", "--scope", "tickets:read"),
        ("{email}", "--name", "x", "--scope", "tickets:read", "--queue", "none"),
        ("{email}", "--name", "x", "--scope", "tickets:read", "--days", "-1"),
        ("{email}", "--name", "x", "--scope", "tickets:read", "--days", "9999999999"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...]) -> None:
    person = UserFactory.create()
    with pytest.raises(CommandError, match=r"\w"):
        made(*(word.format(email=person.email) for word in words))
