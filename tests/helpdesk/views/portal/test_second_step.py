"""The second step at log-in: set up, used, lost, demanded."""

import re
import secrets
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client

from helpdesk.choices import Role
from helpdesk.domain.sealing import CannotOpen, unseal
from helpdesk.models import AuditEvent, User
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.entrance import (
    SECRET,
    ClientOf,
    code,
    is_in,
    log_in,
    mails,
    say_again,
    subjects,
    with_account,
    with_app,
)

pytestmark = pytest.mark.django_db
STEP = "/accounts/second-step/"


@pytest.fixture
def client(client_of: ClientOf) -> Client:
    return client_of()


@pytest.fixture
def grace() -> User:
    return with_account(f"grace-{secrets.token_hex(6)}@example.org", name="Grace Hopper", role=Role.AGENT)


@pytest.fixture
def inside(client: Client, grace: User) -> Client:
    """A browser in which Grace logged in and said who she is a moment ago."""
    log_in(client, grace.email)
    say_again(client, f"{STEP}app/")
    return client


def kinds(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(subject_id=str(person.pk)).order_by("pk").values_list("kind", flat=True))


def test_app_is_set_up_with_a_picture_and_a_first_code(
    inside: Client, grace: User, django_capture_on_commit_callbacks: Any
) -> None:
    page = inside.get(f"{STEP}app/")
    html = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in html
    assert "style=" not in html
    secret = page.context["form"].secret
    refused = inside.post(f"{STEP}app/", {"code": "000000"})
    assert "This code is not right." in text_of(refused)
    assert refused.context["form"].secret == secret
    with django_capture_on_commit_callbacks(execute=True):
        done = inside.post(f"{STEP}app/", {"code": code(secret)}, follow=True)
    assert "Recovery codes" in text_of(done)
    assert len(re.findall(r"<li>\d{4} \d{4}</li>", done.content.decode())) == 10
    assert subjects() == ["An app was set up for your log-in"]
    assert "choose a new password at once" in mails()[0][1]
    assert {"second_step_added"} <= set(kinds(grace))


def test_secrets_are_sealed_in_the_database(inside: Client, grace: User, settings: Any) -> None:
    secret = inside.get(f"{STEP}app/").context["form"].secret
    inside.post(f"{STEP}app/", {"code": code(secret)})
    rows = {row.type: row.data for row in Authenticator.objects.filter(user=grace)}
    assert secret not in str(rows)
    assert unseal(rows["totp"]["secret"], settings.ENCRYPTION_KEYS) == secret
    with pytest.raises(CannotOpen):
        unseal(rows["recovery_codes"]["seed"], ["another key"])


def test_keys_rotate(grace: User, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    authenticator = with_app(grace)
    old = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["a new one", *old]
    assert authenticator.wrap().validate_code(code())
    call_command("seal_anew")
    assert "1 secrets" in capsys.readouterr().out
    authenticator.refresh_from_db()
    assert unseal(authenticator.data["secret"], ["a new one"]) == SECRET


def test_log_in_asks_for_the_code_and_takes_each_once(client_of: ClientOf, grace: User) -> None:
    with_app(grace)
    first, second = client_of(), client_of()
    for client in (first, second):
        assert log_in(client, grace.email)["Location"] == f"{STEP}log-in/"
        assert not is_in(client)
    shown = code()
    assert first.post(f"{STEP}log-in/", {"code": shown})["Location"] == "/admin/"
    assert is_in(first)
    again = second.post(f"{STEP}log-in/", {"code": shown})
    assert "This code is not right." in text_of(again)
    assert not is_in(second)


def test_code_counts_once_also_without_the_cache(client_of: ClientOf, grace: User) -> None:
    authenticator = with_app(grace)
    client, shown = client_of(), code()
    log_in(client, grace.email)
    client.post(f"{STEP}log-in/", {"code": shown})
    again, other = client_of(), TOTP(authenticator)
    other._mark_code_used = lambda _code: True  # type: ignore[method-assign] # as if the cache had forgotten it
    assert other.validate_code(shown)
    log_in(again, grace.email)
    again.post(f"{STEP}log-in/", {"code": code(later=-1)})
    assert not is_in(again)


def test_recovery_code_lets_in_once(client_of: ClientOf, inside: Client, grace: User) -> None:
    secret = inside.get(f"{STEP}app/").context["form"].secret
    inside.post(f"{STEP}app/", {"code": code(secret)})
    listed = inside.get(f"{STEP}codes/recovery-codes.txt")
    assert listed["Content-Disposition"].startswith("attachment")
    text = listed.content.decode()
    assert grace.email in text
    one = re.findall(r"^\d{4} \d{4}$", text, re.MULTILINE)[0]
    for client, comes_in in ((client_of(), True), (client_of(), False)):
        log_in(client, grace.email)
        client.post(f"{STEP}log-in/", {"code": one})
        assert is_in(client) is comes_in


def test_guessing_codes_is_stopped_and_on_record(client_of: ClientOf, grace: User) -> None:
    with_app(grace)
    said = []
    for _time in range(7):
        client = client_of()
        log_in(client, grace.email)
        said.append(text_of(client.post(f"{STEP}log-in/", {"code": "000000"})))
    assert "This code is not right." in said[0]
    assert "That was wrong too often." in said[-1]
    client = client_of()
    log_in(client, grace.email)
    assert "That was wrong too often." in text_of(client.post(f"{STEP}log-in/", {"code": code()}))
    refused = AuditEvent.objects.filter(kind="second_step_refused", subject_id=str(grace.pk))
    assert refused.count() == 5
    assert refused[0].actor is None


def test_link_to_a_new_password_does_not_go_around_the_second_step(client: Client, grace: User) -> None:
    with_app(grace)
    client.post("/accounts/password/reset/", {"email": grace.email})
    form = client.get(re.search(r"(/accounts/password/reset/key/\S+)", mails()[0][1])[1], follow=True)  # type: ignore[index] # there
    answer = client.post(form.request["PATH_INFO"], {"password1": "something new here"})
    assert answer["Location"] == f"{STEP}log-in/"
    assert not is_in(client)


def test_pages_ask_for_the_password_again(client: Client, grace: User) -> None:
    log_in(client, grace.email)
    for path in ("app/", "passkeys/new/"):
        assert "/accounts/reauthenticate/" in client.get(f"{STEP}{path}")["Location"]
    with_app(grace)
    page = client.get(client.get(f"{STEP}app/remove/")["Location"])
    assert "Use your app or a recovery code" in text_of(page)


def test_nobody_touches_the_passkeys_of_others(inside: Client) -> None:
    other = Authenticator.objects.create(
        user=with_account("other@example.org"), type="webauthn", data={"name": "Key", "credential": {}}
    )
    assert inside.get(f"{STEP}passkeys/{other.pk}/name/").status_code == 404
    assert inside.post(f"{STEP}passkeys/{other.pk}/remove/").status_code == 404


@pytest.mark.parametrize("nonsense", ["", "x", "{}", "[]", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}}'])
def test_nonsense_for_a_passkey_is_refused_in_words(client_of: ClientOf, inside: Client, nonsense: str) -> None:
    inside.get(f"{STEP}passkeys/new/")
    refused = inside.post(f"{STEP}passkeys/new/", {"name": "Key", "credential": nonsense})
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()
    stranger = client_of()
    question = stranger.get(f"{STEP}passkeys/log-in/", headers={"accept": "application/json"}).json()
    assert question["request_options"]["publicKey"]["rpId"] == "localhost"
    assert stranger.post(f"{STEP}passkeys/log-in/", {"credential": nonsense})["Location"] == "/accounts/login/"
    assert not is_in(stranger)


# The desk demands it


@pytest.fixture
def demanded(settings_of_desk: Any) -> None:
    settings_of_desk(staff_need_second_step=True)


@pytest.mark.usefixtures("demanded")
def test_staff_without_a_second_step_are_led_to_set_one_up(client: Client, grace: User) -> None:
    log_in(client, grace.email)
    for path in ("/admin/", "/admin/tickets/?q=x", "/admin/helpdesk/user/", "/admin/autocomplete/", "/", "/tickets/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith(f"{STEP}?next="), path
    assert client.post("/admin/tickets/density/")["Location"].startswith(STEP)
    page = client.get("/admin/tickets/", follow=True)
    assert "Everybody who works here logs in with a second step." in text_of(page)
    with_app(grace)
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("demanded")
def test_requesters_need_none(client: Client) -> None:
    ida = with_account("ida@example.org")
    log_in(client, ida.email)
    assert is_in(client)


@pytest.mark.usefixtures("demanded")
def test_codes_alone_are_no_second_step(client: Client, grace: User) -> None:
    log_in(client, grace.email)
    Authenticator.objects.create(user=grace, type="recovery_codes", data={})
    assert client.get("/admin/").status_code == 302


def test_last_second_step_goes_only_where_none_is_demanded(
    client: Client, grace: User, settings_of_desk: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with_app(grace)
    log_in(client, grace.email)
    client.post(f"{STEP}log-in/", {"code": code()})
    settings_of_desk(staff_need_second_step=True)
    page = say_again(client, f"{STEP}app/remove/")
    assert "this is your last one" in text_of(page)
    client.post(f"{STEP}app/remove/")
    assert Authenticator.objects.filter(user=grace, type="totp").exists()
    settings_of_desk(staff_need_second_step=False)
    client.post(f"{STEP}app/remove/")
    assert not Authenticator.objects.filter(user=grace).exists()
    assert "The app for your log-in was removed" in subjects()
    assert "second_step_removed" in kinds(grace)


def test_the_demand_costs_no_query(client_of: ClientOf, grace: User, settings_of_desk: Any, queries_of: Any) -> None:
    client = client_of(grace)
    client.get("/profile/")
    before = queries_of(client, "/profile/")
    settings_of_desk(staff_need_second_step=True)
    with_app(grace)
    assert queries_of(client, "/profile/") == before


# Lost


def test_administrator_resets_it_and_the_person_hears_of_it(client_of: ClientOf, grace: User) -> None:
    with_app(grace)
    hers = client_of()
    log_in(hers, grace.email)
    hers.post(f"{STEP}log-in/", {"code": code()})
    assert is_in(hers)
    boss = with_account("boss@example.org", role=Role.ADMINISTRATOR)
    desk = client_of(boss)
    assert "App with codes" in text_of(desk.get(f"/admin/people/{grace.pk}/"))
    page = desk.post(f"/admin/people/{grace.pk}/second-step/reset/", follow=True)
    assert "Grace Hopper logs in with the password alone now" in text_of(page)
    assert not is_in(hers)
    assert subjects() == ["Your second step at log-in was reset"]
    event = AuditEvent.objects.get(kind="second_step_reset")
    assert (event.actor, event.subject_id, event.data) == (boss, str(grace.pk), {"ways": ["totp"], "sessions": 1})
    assert log_in(client_of(), grace.email)["Location"] == "/admin/"
    again = desk.post(f"/admin/people/{grace.pk}/second-step/reset/", follow=True)
    assert "Grace Hopper has no second step." in text_of(again)


def test_nobody_resets_their_own_or_without_the_right(client_of: ClientOf, grace: User) -> None:
    boss = with_account("boss@example.org", role=Role.ADMINISTRATOR)
    with_app(boss)
    with_app(grace)
    page = client_of(boss).post(f"/admin/people/{boss.pk}/second-step/reset/", follow=True)
    assert "You change your own second step in your profile" in text_of(page)
    for role in (Role.MANAGER, Role.AUDITOR, Role.AGENT):
        client = client_of(with_account(f"{role}@example.org", role=role))
        assert client.post(f"/admin/people/{grace.pk}/second-step/reset/").status_code == 403
        assert client.post(f"/admin/people/{grace.pk}/log-out/").status_code == 403
    assert Authenticator.objects.count() == 2
