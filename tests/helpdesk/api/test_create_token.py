"""The command that makes a token on the server."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from helpdesk.actions import deliveries
from helpdesk.actions.integrations import Wanted, add_integration
from helpdesk.actions.tokens import make_token
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


def test_whose_token_it_is_hears_of_it() -> None:
    person = UserFactory.create(role="agent", language="de")
    text = made(person.email, "--name", "Script", "--scope", "tickets:read")
    deliveries.send_due(now=timezone.now(), limit=100)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "In Ihrem Namen wurde ein Token angelegt")
    assert "„Script“" in letter.body
    assert text not in letter.body
    # Who makes one for themself knows.
    make_token(user=person, name="Own", scopes=["tickets:read"], by=actor(person), now=NOW)
    assert deliveries.send_due(now=timezone.now(), limit=100) == 0


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
