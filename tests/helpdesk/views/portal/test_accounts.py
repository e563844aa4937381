import re
import secrets

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as desk
from django.utils import timezone

from helpdesk.actions import watching
from helpdesk.adapters.letters import compose
from helpdesk.choices import Role
from helpdesk.models import AuditEvent, Delivery, User
from tests.factories import UserFactory, actor, make_ticket
from tests.helpdesk.views.portal.conftest import text_of
from tests.together import together

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def client(client_of):
    return client_of()


@pytest.fixture
def address():
    """An address that no limit has counted."""
    return f"grace-{secrets.token_hex(6)}@example.org"


@pytest.fixture
def grace(address):
    """Somebody with an account and a confirmed address."""
    person = UserFactory.create(name="Grace Hopper", email=address)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=True)
    return person


@pytest.fixture
def written_down(address):
    """Somebody for whom an agent filed a ticket, and who never signed up."""
    person = UserFactory.create(name="Grace Hopper", email=address)
    person.set_unusable_password()
    person.save()
    return person


def sign_up(client, address, **values):
    typed = {"name": "Grace Hopper", "email": address, "password1": PASSWORD, **values}
    return client.post("/accounts/signup/", typed, follow=True)


def log_in(client, address, password=PASSWORD, **values):
    return client.post("/accounts/login/", {"login": address, "password": password, **values})


def mails():
    """Subjects and texts of the account mails, in order."""
    rows = Delivery.objects.filter(kind="account_mail").order_by("pk")
    return [compose(row) for row in rows]


def link_in(mail):
    return re.search(rf"{re.escape(desk.BASE_URL)}(/\S+)", mail[1]).group(1)


def choose_password(client, mail, password):
    form = client.get(link_in(mail), follow=True)
    path = form.request["PATH_INFO"]
    return client.post(path, {"password1": password}, follow=True)


def test_sign_up_confirms_the_address_by_mail_and_then_lets_in(client, address):
    page = sign_up(client, address)
    assert "Look into your mail" in text_of(page)
    ((subject, body),) = mails()
    assert subject == "Please confirm your address"
    assert "example.com" not in body
    assert client.get("/tickets/").status_code == 302
    page = client.get(link_in((subject, body)))
    assert "Is this your address?" in text_of(page)
    page = client.post(link_in((subject, body)), follow=True)
    assert "Your address is confirmed." in text_of(page)
    assert "Hello Grace Hopper" in text_of(page)


def test_sign_up_is_on_record_and_makes_a_requester(client, address):
    sign_up(client, address)
    person = User.objects.get(email=address)
    assert (person.name, person.role) == ("Grace Hopper", Role.REQUESTER)
    assert AuditEvent.objects.get(kind="person_registered").subject_id == str(person.pk)


def test_sign_up_shows_what_is_wrong_at_its_field(client, address):
    page = sign_up(client, "nonsense", name="", password1="12345678")
    html = page.content.decode()
    assert '<a href="#id_name">Write your name, so that we know how to address you.</a>' in html
    assert '<a href="#id_email">Write an address like name@example.org.</a>' in html
    assert 'href="#id_password1"' in html
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["Grace\r\nBcc: all@example.org", "  Grace   Hopper "])
def test_name_is_one_line(client, address, name):
    sign_up(client, address, name=name)
    assert User.objects.get().name == " ".join(name.split())


@pytest.mark.parametrize("name", ["\u202e", "\u200b\u2060", "\u0301", "\u3164"])
def test_name_that_nobody_can_see_is_none(client, address, name):
    page = sign_up(client, address, name=name)
    assert "Write your name, so that we know how to address you." in text_of(page)
    assert not User.objects.exists()


def test_name_is_measured_as_it_is_stored(client, address):
    page = sign_up(client, address, name="\u0958" * 120)
    assert "This name is longer than 120 characters, which is the limit." in text_of(page)
    assert not User.objects.exists()
    sign_up(client, address, name="\u0958" * 60)
    assert len(User.objects.get().name) == 120


def test_person_reads_in_a_language_that_the_desk_offers(client, address):
    client.post(
        "/accounts/signup/",
        {"name": "Grace Hopper", "email": address, "password1": PASSWORD},
        headers={"accept-language": "fr"},
    )
    person = User.objects.get()
    assert person.language == "en"
    User.objects.update(language="fr")
    client.force_login(person)
    page = client.get("/tickets/", headers={"accept-language": "fr"})
    assert '<html lang="en"' in page.content.decode()
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize(("told", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Base", "UTC"), ("", "UTC")])
def test_sign_up_keeps_the_zone_that_the_browser_told(client, address, told, kept):
    sign_up(client, address, time_zone=told)
    assert User.objects.get().time_zone == kept


def test_sign_up_with_a_taken_address_tells_nothing_on_the_page(client_of, address, grace):
    known, unknown = sign_up(client_of(), address), sign_up(client_of(), f"new-{address}")
    assert known.redirect_chain == unknown.redirect_chain
    assert text_of(known) == text_of(unknown)
    assert User.objects.get(email=address).check_password(PASSWORD)


def test_address_is_the_same_in_any_case(client, address, grace):
    sign_up(client, address.upper())
    assert User.objects.filter(email__iexact=address).count() == 1
    assert mails()[0][0] == "You have an account already"


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_make_one_person(client_of, address):
    pages = together(*(lambda: sign_up(client_of(), address) for _time in range(3)))
    assert ["Look into your mail" in text_of(page) for page in pages] == [True] * 3
    assert User.objects.filter(email=address).count() == 1


def test_who_was_written_down_claims_the_account_by_mail(client, address, written_down, queue):
    ticket = make_ticket(written_down, queue)
    sign_up(client, address, name="Impostor", password1="another password")
    subject, body = mails()[-1]
    assert subject == "You have an account already"
    client.get(link_in((subject, body)))
    client.post(link_in((subject, body)), {"email": address})
    assert mails()[-1][0] == "Choose a new password"
    page = choose_password(client, mails()[-1], PASSWORD)
    assert "Hello Grace Hopper" in text_of(page)
    assert ticket.subject in text_of(page)
    assert EmailAddress.objects.get(user=written_down).verified
    client.post("/accounts/logout/")
    assert log_in(client, address).url == "/"


def test_watcher_whom_nobody_knew_claims_the_account_and_reads_the_ticket(client, address, ticket):
    watching.add_watcher(ticket=ticket, email=address, by=actor(ticket.requester), now=timezone.now())
    client.post("/accounts/password/reset/", {"email": address})
    choose_password(client, mails()[-1], PASSWORD)
    assert "It smokes since nine." in text_of(client.get(f"/tickets/{ticket.ref}/"))
    assert EmailAddress.objects.get(email=address).verified


def test_nobody_claims_an_account_without_its_mail(client, address, written_down):
    sign_up(client, address, password1="another password")
    assert log_in(client, address, "another password").status_code == 200
    written_down.refresh_from_db()
    assert not written_down.has_usable_password()


def test_password_reset_of_an_unknown_address_looks_the_same_and_says_so_by_mail(client_of, address, grace):
    known = client_of().post("/accounts/password/reset/", {"email": address}, follow=True)
    unknown = client_of().post("/accounts/password/reset/", {"email": f"no-{address}"}, follow=True)
    assert text_of(known) == text_of(unknown)
    assert [subject for subject, _body in mails()] == [
        "Choose a new password",
        "There is no account with your address",
    ]


def test_link_for_a_new_password_works_once(client, client_of, address, grace):
    client.post("/accounts/password/reset/", {"email": address})
    (mail,) = mails()
    choose_password(client, mail, "a new password of mine")
    assert log_in(client_of(), address, "a new password of mine").status_code == 302
    page = client_of().get(link_in(mail), follow=True)
    assert "This link does not work any more" in text_of(page)
    assert AuditEvent.objects.filter(kind="password_set", subject_id=str(grace.pk)).count() == 1


@pytest.mark.parametrize(
    ("role", "lands_on"),
    [(Role.REQUESTER, "/"), (Role.AGENT, "/admin/"), (Role.AUDITOR, "/admin/")],
)
def test_each_lands_in_their_room(client, address, grace, role, lands_on):
    grace.role = role
    grace.save()
    assert log_in(client, address).url == lands_on
    assert AuditEvent.objects.get(kind="logged_in").actor == grace


def test_login_leads_to_where_one_wanted_to_go_and_nowhere_else(client_of, address, grace):
    assert log_in(client_of(), address, next="/tickets/").url == "/tickets/"
    assert log_in(client_of(), address, next="https://evil.example/").url == "/"


def test_wrong_password_is_refused_in_words(client, address, grace):
    page = log_in(client, address, "wrong")
    assert "The address or the password is not right." in text_of(page)
    assert address in page.content.decode()


def test_guessing_is_stopped_even_for_the_right_password(client, client_of, address, grace):
    for _time in range(5):
        log_in(client_of(), address, "wrong")
    page = log_in(client, address)
    assert "That was wrong too often." in text_of(page)
    assert client.get("/tickets/").status_code == 302


def test_too_many_sign_ups_from_one_place_are_stopped(client):
    pages = [sign_up(client, "nonsense") for _time in range(21)]
    assert pages[-1].status_code == 429
    assert "That was too often" in text_of(pages[-1])


def test_nobody_fills_the_mailbox_of_somebody_else(client_of, address, grace):
    for path, words in (("signup/", "That was too often."), ("password/reset/", "That was too often")):
        for who in (address, f"no-{address}"):
            typed = {"name": "Grace", "email": who, "password1": PASSWORD}
            pages = [client_of().post(f"/accounts/{path}", typed, follow=True) for _time in range(6)]
            assert words not in text_of(pages[4])
            assert words in text_of(pages[5])


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "x-forwarded-server", "forwarded"])
def test_hostile_header_leads_no_mail_astray(client_of, address, grace, settings, header):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    value = "host=evil.example" if header == "forwarded" else "evil.example"
    client_of().post("/accounts/password/reset/", {"email": address}, headers={header: value})
    client_of().post("/accounts/signup/", {"name": "G", "email": f"new-{address}", "password1": PASSWORD},
                     headers={header: value})  # fmt: skip
    assert len(mails()) == 2
    assert not any("evil.example" in body for _subject, body in mails())
    assert all(f"{desk.BASE_URL}/accounts/" in body for _subject, body in mails())


def test_host_that_is_not_ours_gets_no_answer(client, address, grace):
    answer = client.post("/accounts/password/reset/", {"email": address}, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert mails() == []


def test_unconfirmed_person_stays_out(client, address, grace):
    EmailAddress.objects.update(verified=False)
    assert log_in(client, address).url == "/accounts/confirm-email/"
    assert client.get("/tickets/").status_code == 302
    assert mails()[0][0] == "Please confirm your address"


def test_deactivated_person_cannot_log_in(client, address, grace):
    grace.is_active = False
    grace.save()
    response = log_in(client, address)
    assert client.get("/tickets/").status_code == 302
    assert response.status_code == 200 or response.url == "/accounts/inactive/"


def test_password_is_changed_by_who_knows_it(client, address, grace):
    client.force_login(grace)
    refused = client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": "something new here"})
    assert "That is not your password now." in text_of(refused)
    typed = {"oldpassword": PASSWORD, "password1": "something new here"}
    assert "Your password is changed." in text_of(client.post("/accounts/password/change/", typed, follow=True))
    grace.refresh_from_db()
    assert grace.check_password("something new here")


def test_logging_out_needs_a_click(client, grace):
    client.force_login(grace)
    assert "Log out" in text_of(client.get("/accounts/logout/"))
    assert client.get("/tickets/").status_code == 200
    assert "You are logged out." in text_of(client.post("/accounts/logout/", follow=True))
    assert client.get("/tickets/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "logout/",
        "inactive/",
        "confirm-email/",
        "confirm-email/nonsense/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-nonsense/",
        "password/reset/key/done/",
    ],
)
def test_every_page_at_the_entrance_opens_in_our_frame(client, path):
    response = client.get(f"/accounts/{path}", follow=True)
    assert response.status_code == 200
    assert "portal.css" in response.content.decode()
    assert "style=" not in response.content.decode()
    assert response.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", ["password/change/", "reauthenticate/"])
def test_every_page_for_those_inside_opens_in_our_frame(client, grace, path):
    client.force_login(grace)
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert "portal.css" in response.content.decode()


@pytest.mark.parametrize("path", ["email/", "3rdparty/", "social/signup/", "2fa/", "sessions/", "login/code/"])
def test_what_is_not_offered_is_not_there(client, grace, path):
    client.force_login(grace)
    assert client.get(f"/accounts/{path}").status_code == 404


def test_links_in_mails_lead_to_our_address_whatever_the_request_called_the_host(client_of, address, grace, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://desk.example.org", ["elsewhere.example"]
    for path, typed in [
        ("signup/", {"name": "Grace", "email": f"new-{address}", "password1": PASSWORD}),
        ("signup/", {"name": "Grace", "email": address, "password1": PASSWORD}),
        ("password/reset/", {"email": address}),
        ("password/reset/", {"email": f"no-{address}"}),
    ]:
        client_of().post(f"/accounts/{path}", typed, headers={"host": "elsewhere.example"})
    links = [re.search(r"https?://\S+", body).group() for _subject, body in mails()]
    assert len(links) == 4
    assert all(link.startswith("https://desk.example.org/accounts/") for link in links)


def test_mail_of_an_account_leaves_by_the_deliveries(client, address, mailoutbox):
    sign_up(client, address)
    row = Delivery.objects.get(kind="account_mail")
    assert row.payload["address"] == address
    assert mailoutbox == []
