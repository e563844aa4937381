"""Where one is logged in, and how that ends."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from helpdesk.actions import sessions
from helpdesk.choices import Role
from helpdesk.domain.devices import browser_of, system_of
from helpdesk.models import AuditEvent, User
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.entrance import PASSWORD, ClientOf, is_in, log_in, mails, subjects, with_account

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture
def grace() -> User:
    return with_account(f"grace-{secrets.token_hex(6)}@example.org", name="Grace Hopper", role=Role.AGENT)


@pytest.fixture
def at_home(grace: User) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.7", headers={"user-agent": FIREFOX})
    log_in(client, grace.email)
    return client


@pytest.fixture
def on_phone(grace: User, at_home: Client) -> Client:
    client = Client(REMOTE_ADDR="198.51.100.23", headers={"user-agent": IPHONE})
    log_in(client, grace.email)
    return client


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [(FIREFOX, "Firefox", "Linux"), (IPHONE, "Safari", "iPhone"), (EDGE, "Edge", "Windows"), ("curl/8", "", "")],
)
def test_device_is_called_what_its_owner_calls_it(agent: str, browser: str, system: str) -> None:
    assert (browser_of(agent), system_of(agent)) == (browser, system)


def test_session_that_ended_or_never_was_leads_nowhere(at_home: Client, on_phone: Client) -> None:
    first, second = (Session.objects.filter(session_key=one.session.session_key) for one in (at_home, on_phone))
    assert is_in(at_home)
    assert is_in(on_phone)
    first.update(expire_date=timezone.now() - timedelta(seconds=1))
    second.delete()
    assert not is_in(at_home)
    assert not is_in(on_phone)
    stranger = Client()
    stranger.cookies["sessionid"] = "q" * 32
    assert not is_in(stranger)


def test_page_lists_devices_and_places_with_this_one_first(at_home: Client, on_phone: Client) -> None:
    page = text_of(at_home.get("/profile/sessions/"))
    assert page.index("Firefox on Linux") < page.index("This browser") < page.index("Safari on iPhone")
    assert "Network address 198.51.100.23." in page
    assert page.count("Last seen") == 1


def test_one_is_logged_out_from_afar(at_home: Client, on_phone: Client, grace: User) -> None:
    phone = UserSession.objects.get(ip="198.51.100.23")
    assert "You are logged out there." in text_of(
        at_home.post("/profile/sessions/end/", {"one": phone.pk}, follow=True)
    )
    assert is_in(at_home)
    assert not is_in(on_phone)
    assert AuditEvent.objects.get(kind="sessions_ended").actor == grace
    # Once more does no harm.
    assert at_home.post("/profile/sessions/end/", {"one": phone.pk}).status_code == 302


def test_all_others_are_logged_out(client_of: ClientOf, at_home: Client, on_phone: Client, grace: User) -> None:
    third = client_of()
    log_in(third, grace.email)
    page = at_home.post("/profile/sessions/end/", {"all": "1"}, follow=True)
    assert "You are logged out in 2 other places." in text_of(page)
    assert [is_in(client) for client in (at_home, on_phone, third)] == [True, False, False]


@pytest.mark.parametrize("one", ["x", "-1", "9" * 30, "99999"])
def test_sessions_of_others_and_nonsense_end_nothing_of_theirs(client_of: ClientOf, at_home: Client, one: str) -> None:
    mallory = client_of(with_account("mallory@example.org"))
    theirs = UserSession.objects.get(ip="192.0.2.7").pk
    mallory.post("/profile/sessions/end/", {"one": one})
    mallory.post("/profile/sessions/end/", {"one": theirs})
    mallory.post("/profile/sessions/end/", {"all": "1"})
    assert is_in(at_home)


def test_another_password_logs_out_everywhere_else(at_home: Client, on_phone: Client, grace: User) -> None:
    typed = {"oldpassword": PASSWORD, "password1": "something new here"}
    at_home.post("/accounts/password/change/", typed)
    assert is_in(at_home)
    assert not is_in(on_phone)
    assert text_of(at_home.get("/profile/sessions/")).count("Logged in") == 1
    assert subjects()[-1] == "Your password was changed"
    assert "Firefox on Linux" in mails()[-1][1]
    assert "192.0.2.7" in mails()[-1][1]


def test_log_in_with_another_browser_is_told_by_mail_and_only_then(at_home: Client, grace: User) -> None:
    assert subjects() == []
    at_home.post("/accounts/logout/")
    log_in(at_home, grace.email)
    assert subjects() == []
    phone = Client(REMOTE_ADDR="198.51.100.23", headers={"user-agent": IPHONE})
    log_in(phone, grace.email)
    assert subjects() == ["A new log-in to your account"]
    assert "Safari on iPhone" in mails()[0][1]
    assert "/profile/sessions/" in mails()[0][1]
    assert AuditEvent.objects.filter(kind="logged_in").latest("pk").data == {"new_device": True}


def test_known_browser_of_one_is_a_new_one_of_another(at_home: Client) -> None:
    ada = with_account("ada@example.org")
    log_in(Client(), ada.email)
    at_home.post("/accounts/logout/")
    log_in(at_home, ada.email)
    assert subjects() == ["A new log-in to your account"]


def test_forged_mark_of_a_browser_is_none(grace: User) -> None:
    log_in(Client(), grace.email)
    client = Client()
    client.cookies["known"] = f"[{grace.pk}]:forged"
    log_in(client, grace.email)
    assert subjects() == ["A new log-in to your account"]


def test_use_of_a_session_is_noted_now_and_then(at_home: Client, queries_of: Any) -> None:
    noted = UserSession.objects.get()
    often = queries_of(at_home, "/profile/")
    UserSession.objects.update(last_seen_at=noted.last_seen_at - timedelta(hours=1))
    at_home.get("/profile/")
    assert UserSession.objects.get().last_seen_at < noted.last_seen_at
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert at_home.get("/profile/", REMOTE_ADDR="203.0.113.9").status_code == 200
        assert queries_of(at_home, "/profile/") == often
    assert UserSession.objects.get().ip == "203.0.113.9"


def test_list_costs_the_same_for_one_place_and_for_three(
    client_of: ClientOf, at_home: Client, grace: User, queries_of: Any
) -> None:
    alone = queries_of(at_home, "/profile/sessions/")
    for _time in range(2):
        log_in(client_of(), grace.email)
    assert queries_of(at_home, "/profile/sessions/") == alone


def test_administrator_logs_somebody_out(client_of: ClientOf, at_home: Client, on_phone: Client, grace: User) -> None:
    desk = client_of(with_account("boss@example.org", role=Role.ADMINISTRATOR))
    assert "Safari on iPhone" in text_of(desk.get(f"/admin/people/{grace.pk}/"))
    page = desk.post(f"/admin/people/{grace.pk}/log-out/", follow=True)
    assert "Grace Hopper was logged out in 2 places." in text_of(page)
    assert not is_in(at_home)
    assert is_in(desk)
    assert desk.get("/admin/people/999999/").status_code == 404


def test_what_is_over_is_forgotten(at_home: Client, grace: User) -> None:
    now = timezone.now()
    assert sessions.forget_ended(now=now, limit=10) == 0
    at_home.post("/accounts/logout/")
    assert sessions.forget_ended(now=now + timedelta(hours=2), limit=10) == 1
    assert not UserSession.objects.exists()
    log_in(at_home, grace.email)
    sessions.forget_ended(now=now + timedelta(days=30), limit=10)
    assert not Session.objects.exists()
    assert not is_in(at_home)
