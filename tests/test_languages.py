"""Languages: every page and mail speaks its reader's, and says times as its reader does."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from helpdesk.adapters.letters import compose
from helpdesk.models import Delivery, User
from helpdesk.templatetags.desk import age, exactly, lasting, until, when
from tests.factories import UserFactory

NOON: Final = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def stranger(languages: str) -> Client:
    """A browser that nobody has signed in with, in a network of its own."""
    return Client(
        headers={"Accept-Language": languages}, REMOTE_ADDR=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    )


# Who reads which language.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("languages", "language", "said"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Wie können wir Ihnen helfen?"),
        ("fr,de;q=0.5", "de", "Wie können wir Ihnen helfen?"),
        ("fr,ja;q=0.5", "en", "How can we help you?"),
        ("en,de;q=0.5", "en", "How can we help you?"),
        ("nonsense;;q=", "en", "How can we help you?"),
    ],
)
def test_stranger_reads_the_language_of_the_browser(languages: str, language: str, said: str) -> None:
    html = stranger(languages).get("/").content.decode()
    assert f'<html lang="{language}"' in html
    assert said in html


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "role"), [("/", "requester"), ("/admin/", "agent")])
def test_person_reads_their_own_language_whatever_the_browser_says(path: str, role: str) -> None:
    for language, browser in (("de", "en"), ("en", "de")):
        client = stranger(browser)
        client.force_login(UserFactory.create(role=role, language=language))
        answer = client.get(path)
        assert f'lang="{language}"' in answer.content.decode()
        assert answer.headers["Content-Language"] == language


@pytest.mark.django_db
def test_who_signs_up_keeps_the_language_of_the_browser_and_is_mailed_in_it() -> None:
    client = stranger("de")
    typed = {"name": "Grete Berg", "email": "grete@example.org", "password1": "korrekt Pferd Batterie"}
    client.post("/accounts/signup/", typed)
    assert User.objects.get().language == "de"
    assert compose(Delivery.objects.get())[0] == "Bitte bestätigen Sie Ihre Adresse"


@pytest.mark.django_db
def test_account_mail_speaks_the_language_of_who_gets_it() -> None:
    UserFactory.create(email="grete@example.org", language="de")
    stranger("en").post("/accounts/password/reset/", {"email": "grete@example.org"})
    subject, body = compose(Delivery.objects.get())
    assert subject == "Neues Passwort wählen"
    assert body.startswith("Guten Tag")


# Times as the reader says them.


@pytest.fixture
def in_german() -> Iterator[None]:
    """A German reader in Berlin, on the afternoon of 21 November 2026."""
    with time_machine.travel(NOON, tick=False), timezone.override("Europe/Berlin"), translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON, ">heute, 13:00<"),
        (NOON - timedelta(days=1), ">gestern, 13:00<"),
        (NOON - timedelta(days=17), ">4. Nov., 13:00<"),
        (datetime(2026, 3, 2, 12, 0, tzinfo=UTC), ">2. März, 13:00<"),
        (datetime(2025, 11, 21, 12, 0, tzinfo=UTC), ">21. Nov. 2025<"),
    ],
)
def test_times_are_written_as_germans_write_them(in_german: None, moment: datetime, words: str) -> None:
    assert words in when(moment)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (lambda: exactly(NOON), "Samstag, 21. November 2026, 13:00 Europe/Berlin"),
        (lambda: age(NOON - timedelta(hours=2)), ">2 Std.<"),
        (lambda: age(NOON - timedelta(days=1)), ">1 Tag<"),
        (lambda: lasting(NOON - timedelta(days=3)), ">seit 3 Tagen<"),
        (lambda: until(NOON + timedelta(days=1)), ">in 1 Tag (So 13:00)<"),
        (lambda: until(NOON + timedelta(days=20)), ">in 20 Tagen (11. Dez. 13:00)<"),
        (lambda: until(NOON - timedelta(hours=2)), ">vor 2 Std. (11:00)<"),
    ],
)
def test_spans_are_said_as_germans_say_them(in_german: None, said: object, words: str) -> None:
    assert words in said()  # type: ignore[operator]
