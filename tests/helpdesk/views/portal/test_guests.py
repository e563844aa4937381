"""People without an account: their report, its confirmation, their link to one ticket, and who tries more than that."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from helpdesk.actions import files, guests
from helpdesk.adapters.letters import compose
from helpdesk.choices import Channel, FieldKind, Role
from helpdesk.domain.networks import network_of
from helpdesk.models import Attachment, Attempt, Blob, Delivery, GuestFiling, GuestLink, Ticket, TicketEvent, User
from helpdesk.models.guests import digest_of
from helpdesk.registry import PermanentFailure
from tests.factories import CustomFieldFactory, UserFactory
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.guests import (
    FORM,
    QUIET,
    TYPED,
    expire,
    filed,
    fill,
    hidden,
    mailed,
    open_queue,
    stranger,
)
from tests.together import together

__all__ = ["filed", "open_queue", "stranger"]

pytestmark = pytest.mark.django_db


def test_first_page_leads_strangers_to_the_open_topics(stranger, queue):
    assert FORM in stranger.get("/").content.decode()
    queue.guests_allowed = False
    queue.save()
    assert "Ask without an account" not in text_of(stranger.get("/"))
    assert "not open to guests" in text_of(stranger.get(FORM, follow=True))


def test_nothing_is_a_ticket_before_the_address_is_confirmed(stranger):
    answer = fill(stranger)
    assert answer["Location"] == "/guests/sent/"
    assert "Look into your mail" in text_of(stranger.get("/guests/sent/"))
    assert not Ticket.objects.exists()
    assert not User.objects.filter(email="gus@example.net").exists()
    page = stranger.get(mailed())
    assert "No ink" in text_of(page)
    stranger.head(mailed())
    assert not Ticket.objects.exists(), "A program that looks at links files nothing."
    assert {name: page[name] for name in QUIET} == QUIET


def test_confirming_files_the_ticket_once(stranger, queue):
    fill(stranger)
    links = {stranger.post(mailed())["Location"] for _click in range(2)}
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.queue, ticket.channel) == ("No ink", queue, Channel.PORTAL)
    assert (ticket.requester.email, ticket.requester.name) == ("gus@example.net", "Gus Guest")
    assert not ticket.requester.has_usable_password()
    assert ticket.requester.emailaddress_set.get().verified
    assert TicketEvent.objects.get().actor_kind == "guest"
    (link,) = links
    assert stranger.get(mailed())["Location"] == link
    assert GuestFiling.objects.get().body == ""


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_file_one_ticket(client_of):
    fill(client_of())
    path = mailed()
    answers = together(*(partial(client_of().post, path) for _browser in range(2)))
    assert len({answer["Location"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1


def test_form_that_is_sent_twice_is_mailed_once(stranger):
    page = stranger.get(FORM)
    sealed = {name: hidden(page, name) for name in ("key", "begun")}
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        for _click in range(2):
            assert stranger.post(FORM, {**TYPED, **sealed}).status_code == 302
    assert Delivery.objects.count() == GuestFiling.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_form_that_is_sent_twice_at_once_is_mailed_once(stranger, client_of):
    page = stranger.get(FORM)
    sealed = {name: hidden(page, name) for name in ("key", "begun")}
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        answers = together(*(partial(client_of().post, FORM, {**TYPED, **sealed}) for _click in range(2)))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Delivery.objects.count() == GuestFiling.objects.count() == 1


def test_questions_and_files_come_along(stranger, category, queue):
    CustomFieldFactory.create(category=category, code="room", is_required=True, label="Which room?")
    CustomFieldFactory.create(category=None, queue=queue, code="boss", kind=FieldKind.PERSON, is_required=True)
    CustomFieldFactory.create(category=category, code="cause", is_internal=True, label="Cause")
    refused = fill(stranger, files=SimpleUploadedFile("white.txt", b"white"))
    assert refused.status_code == 422
    assert "Answer this: Which room?" in text_of(refused)
    assert "Cause" not in text_of(refused)
    note = hidden(refused, "kept")
    assert "white.txt" in text_of(refused)
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        sealed = {name: hidden(refused, name) for name in ("key", "begun")}
        stranger.post(FORM, {**TYPED, **sealed, "answer-room": "12", "kept": note})
    page = stranger.post(mailed(), follow=True)
    assert "Which room? 12" in text_of(page)
    assert "white.txt" in text_of(page)
    attachment = Attachment.objects.get()
    path = page.redirect_chain[-1][0] + f"files/{attachment.pk}/"
    answer = stranger.get(path)
    assert b"".join(answer.streaming_content) == b"white"
    assert answer["Content-Disposition"].startswith("attachment")
    assert {name: answer[name] for name in QUIET} == QUIET


def test_nobody_reads_in_the_database_what_confirms_a_report(stranger, settings):
    fill(stranger)
    key = mailed().split("/")[3]
    rows = [*GuestFiling.objects.values(), *Delivery.objects.values()]
    assert key not in str(rows)
    assert GuestFiling.objects.get().digest == digest_of(uuid.UUID(key))
    settings.ENCRYPTION_KEYS = ["a new one", *settings.ENCRYPTION_KEYS]
    call_command("seal_anew")
    settings.ENCRYPTION_KEYS = ["a new one"]
    assert mailed().split("/")[3] == key
    settings.ENCRYPTION_KEYS = ["another one"]
    with pytest.raises(PermanentFailure, match="encryption keys"):
        compose(Delivery.objects.get())


def test_report_is_filed_although_its_questions_changed_meanwhile(stranger, category):
    CustomFieldFactory.create(category=category, code="room")
    fill(stranger, **{"answer-room": "12"})
    category.fields.update(is_active=False)
    CustomFieldFactory.create(category=category, code="floor", is_required=True)
    assert stranger.post(mailed()).status_code == 302
    assert not Ticket.objects.get().field_values.exists()


def test_report_is_refused_in_words_once_the_queue_closed_to_guests(stranger, queue):
    fill(stranger)
    queue.guests_allowed = False
    queue.save()
    page = stranger.post(mailed())
    assert page.status_code == 409
    assert "without an account any more" in text_of(page)
    assert not Ticket.objects.exists()


def test_link_of_a_report_ends_after_a_day_and_is_swept(stranger):
    fill(stranger, files=SimpleUploadedFile("a.txt", b"a"))
    path = mailed()
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code == 409
        Blob.objects.update(recorded_at=timezone.now() - timedelta(days=2))
        assert files.sweep(now=timezone.now(), limit=10) == 0
        guests.forget(now=timezone.now(), limit=10)
        assert not GuestFiling.objects.exists()
        assert not Attempt.objects.exists()
        assert files.sweep(now=timezone.now(), limit=10) == 1
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("path", ["/guests/confirm/{}/", "/guests/{}/", "/guests/{}/reply/", "/guests/{}/files/{}/"])
def test_key_that_never_was_leads_nowhere(stranger, path):
    page = stranger.get(path.format(uuid.uuid4(), uuid.uuid4()))
    assert page.status_code == 404
    assert "This link leads nowhere" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "gus"}, "Write an address like name@example.org."),
        ({"email": ""}, "Write your e-mail address."),
        ({"name": "\u200b"}, "Write the name."),
        ({"subject": ""}, "Write in a few words what it is about."),
        ({"text": " "}, "Write what happened"),
    ],
)
def test_what_is_missing_is_told_at_its_place_and_nothing_is_lost(stranger, typed, words):
    page = fill(stranger, **typed)
    assert page.status_code == 422
    assert words in text_of(page)
    kept = page.content.decode()
    assert all(value in kept for name, value in TYPED.items() if name not in typed)
    assert not GuestFiling.objects.exists()


def test_what_a_program_fills_in_comes_back_to_be_sent_once_more(stranger):
    page = fill(stranger, website="https://example.com", files=SimpleUploadedFile("a.txt", b"a"))
    assert page.status_code == 422
    assert "look over your report once more" in text_of(page)
    assert "It prints white pages.</textarea>" in page.content.decode()
    assert "https://example.com" not in page.content.decode()
    assert not Blob.objects.exists()
    quick = stranger.post(FORM, {**TYPED, "key": hidden(page, "key"), "begun": hidden(stranger.get(FORM), "begun")})
    assert quick.status_code == 422
    forged = stranger.post(FORM, {**TYPED, "key": hidden(page, "key"), "begun": "1:forged"})
    assert forged.status_code == 422
    assert not GuestFiling.objects.exists()


@pytest.mark.parametrize("role", [None, Role.REQUESTER, Role.ADMINISTRATOR])
def test_known_and_unknown_addresses_get_the_same_page_and_mail(stranger, role):
    if role is not None:
        known = UserFactory.create(email="gus@example.net", role=role)
        known.set_password("a-long-secret")
        known.save()
    answer = fill(stranger)
    assert (answer.status_code, answer["Location"]) == (302, "/guests/sent/")
    assert "Please confirm your report" in compose(Delivery.objects.get())[0]
    ticket = Ticket.objects.get(
        pk=GuestLink.objects.get(
            digest=digest_of(uuid.UUID(stranger.post(mailed())["Location"].split("/")[2]))
        ).ticket_id
    )
    assert ticket.requester.email == "gus@example.net"
    if role is not None:
        assert ticket.requester == known


def test_closed_account_is_not_opened_by_a_report(stranger):
    UserFactory.create(email="gus@example.net", is_active=False)
    assert fill(stranger)["Location"] == "/guests/sent/"
    page = stranger.post(mailed())
    assert page.status_code == 403
    assert not Ticket.objects.exists()


def test_one_address_and_one_network_report_only_so_often(client_of):
    browser = client_of()
    for count in range(guests.REPORTS_OF_ADDRESS):
        assert fill(client_of(), subject=f"Report {count}").status_code == 302
    refused = fill(browser)
    assert refused.status_code == 429
    assert "There were many reports today" in text_of(refused)
    assert "It prints white pages.</textarea>" in refused.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert fill(browser).status_code == 302


def test_ten_thousandth_request_of_a_network_is_refused_and_leaves_nothing(stranger):
    now = timezone.now()
    filling = [Attempt(kind="file_as_guest", subject=_digest(stranger), made_at=now) for _one in range(30)]
    Attempt.objects.bulk_create(filling)
    for count in range(3):
        assert fill(stranger, email=f"gus{count}@example.net").status_code == 429
    assert not Delivery.objects.exists()
    assert Attempt.objects.count() == 30


def _digest(client: Client) -> str:
    from helpdesk.actions._attempts import _digest as digest  # noqa: PLC0415 - the table's own

    return digest(f"network:{network_of(client.defaults['REMOTE_ADDR'])}")


def test_new_links_are_mailed_only_so_often(stranger, filed):
    expire()
    before = Delivery.objects.count()
    for _click in range(guests.NEW_LINKS_OF_LINK + 2):
        assert stranger.post(filed + "renew/").status_code == 200
    assert Delivery.objects.count() == before + guests.NEW_LINKS_OF_LINK
    for _click in range(guests.NEW_LINKS_OF_NETWORK):
        answer = stranger.post(f"/guests/{uuid.uuid4()}/renew/")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2fff::1", "2001:db8:1:2f00::/56"),
        ("nonsense", "unknown"),
    ],
)
def test_network_is_as_much_of_an_address_as_one_line_has(address, network):
    assert network_of(address) == network


def test_who_is_logged_in_files_as_they_are(as_ada):
    assert as_ada.get(FORM)["Location"] == "/tickets/new/printing/"
