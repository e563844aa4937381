"""A guest's one ticket by their link: what it opens, for how long, and what it does not."""

import re
import uuid
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from helpdesk.actions import conversation, files, guests, properties, status, thumbnails
from helpdesk.actions.consumers import consume_due
from helpdesk.adapters import email
from helpdesk.choices import Channel, MoveName
from helpdesk.models import Attachment, Category, Delivery, GuestLink, Message, Ticket, TicketEvent, User
from tests.factories import PNG, actor, make_ticket
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.guests import (
    QUIET,
    expire,
    filed,
    hidden,
    mailed,
    open_queue,
    stranger,
)

__all__ = ["filed", "open_queue", "stranger"]

pytestmark = pytest.mark.django_db


def test_guest_reads_public_words_and_answers(stranger, filed, mara):
    ticket = Ticket.objects.get()
    by, now = actor(mara, Channel.DESK), timezone.now()
    conversation.add_note(ticket=ticket, body="A secret of the desk.", by=by, now=now)
    conversation.reply(ticket=ticket, body="Is it **plugged in**?", by=by, now=now)
    page = stranger.get(filed)
    assert "plugged in" in text_of(page)
    assert "secret of the desk" not in text_of(page)
    assert "Log out" not in text_of(page)
    assert {name: page[name] for name in QUIET} == QUIET
    sent = stranger.post(
        filed + "reply/",
        {"text": "It is.", "key": hidden(page, "key"), "seen_message": hidden(page, "seen_message"),
         "files": SimpleUploadedFile("plug.txt", b"plug")},
        follow=True,
    )  # fmt: skip
    assert "Your message is sent." in text_of(sent)
    assert "It is." in text_of(sent)
    assert "plug.txt" in text_of(sent)
    assert TicketEvent.objects.latest("pk").actor_kind == "guest"


def test_guest_says_that_it_is_solved_or_still_a_problem(stranger, filed, mara):
    by = actor(mara, Channel.DESK)

    def resolve() -> None:
        status.make_move(
            ticket=Ticket.objects.get(), move=MoveName.RESOLVE, text="Plugged in.", resolution_kind="fixed", by=by,
            now=timezone.now(),
        )  # fmt: skip

    resolve()
    assert "This solved it" in text_of(stranger.get(filed))
    stranger.post(filed + "reject/", {"text": "Still white."})
    assert Ticket.objects.get().status == "open"
    resolve()
    assert "Your ticket is closed" in text_of(stranger.post(filed + "confirm/", follow=True))
    assert Ticket.objects.get().status == "closed"
    stranger.post(filed + "reopen/", {"text": "White again."})
    assert Ticket.objects.get().status == "open"


def test_guest_sees_no_other_ticket_of_the_same_person(stranger, filed, queue):
    other = make_ticket(User.objects.get(email="gus@example.net"), queue, subject="Their salary")
    key = filed.split("/")[2]
    for path in (f"/tickets/{other.ref}/", f"/guests/{other.ref}/", f"/guests/{key}/{other.ref}/", "/tickets/"):
        answer = stranger.get(path, follow=True)
        assert "Their salary" not in text_of(answer)
    assert "Their salary" not in text_of(stranger.get(filed))


def test_guest_loads_no_file_of_another_ticket_nor_of_a_note(stranger, filed, mara, queue):
    by, now = actor(mara, Channel.DESK), timezone.now()
    other = make_ticket(User.objects.get(email="gus@example.net"), queue)
    note = files.store(content=SimpleUploadedFile("n.txt", b"n"), name="n.txt", by=by)
    conversation.add_note(ticket=Ticket.objects.earliest("pk"), body="See.", by=by, now=now, files=[note])
    theirs = files.store(content=SimpleUploadedFile("o.txt", b"o"), name="o.txt", by=by)
    conversation.reply(ticket=other, body="See.", by=by, now=now, files=[theirs])
    for attachment in Attachment.objects.all():
        assert stranger.get(f"{filed}files/{attachment.pk}/").status_code == 404
        assert stranger.get(f"{filed}files/{attachment.pk}/small/").status_code == 404


def test_guest_is_told_what_is_new_and_of_nothing_else(stranger, filed, mara):
    ticket = Ticket.objects.get()
    by, now, piece = actor(mara, Channel.DESK), timezone.now(), {"X-Piece": "1"}
    last = Message.objects.get().pk
    conversation.add_note(ticket=ticket, body="A secret.", by=by, now=now)
    where = f"{filed}news/?after={last}&status=new"
    assert stranger.get(where, headers=piece).status_code == 204
    conversation.reply(ticket=ticket, body="Is it **plugged in**?", by=by, now=now)
    news = stranger.get(where, headers=piece)
    assert "There is a new message." in text_of(news)
    assert f'href="{filed}"' in news.content.decode(), "the status changed: the page is shown anew"
    assert {name: news[name] for name in QUIET} == QUIET
    same = stranger.get(f"{filed}news/?after={last}&status=open", headers=piece)
    assert "<strong>plugged in</strong>" in same.content.decode()
    assert stranger.get(where)["Location"] == filed
    expire()
    assert stranger.get(where, headers=piece).status_code == 404


def test_guest_sees_small_pictures_by_their_own_link(stranger, filed, mara):
    by, now = actor(mara, Channel.DESK), timezone.now()
    shot = files.store(content=BytesIO(PNG), name="shot.png", by=by)
    conversation.reply(ticket=Ticket.objects.get(), body="So?", by=by, now=now, files=[shot])
    thumbnails.make_due(now=timezone.now() + timedelta(minutes=1), limit=1)
    attachment = Attachment.objects.get()
    page = stranger.get(filed).content.decode()
    assert f'src="{filed}files/{attachment.pk}/small/"' in page
    assert f"/files/{attachment.pk}/" not in page.replace(f"{filed}files", "")
    picture = stranger.get(f"{filed}files/{attachment.pk}/small/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    assert picture.getvalue().startswith(b"RIFF")
    assert stranger.get(f"/files/{attachment.pk}/small/").status_code == 302


def test_account_of_somebody_else_changes_nothing_on_a_guests_page(client_of, filed, mara):
    page = client_of(mara).get(filed)
    assert "Mara Silva" not in text_of(page)
    assert "You" in text_of(page)


@pytest.mark.parametrize("what", ["assign", "watchers", "print", "confirm2"])
def test_guests_link_opens_nothing_else(stranger, filed, what):
    assert stranger.post(f"{filed}{what}/").status_code == 404


def test_guests_ticket_says_that_it_is_private_only_where_it_is(stranger, filed, team, mara):
    ticket, by = Ticket.objects.get(), actor(mara, Channel.DESK)
    assert "Private" not in text_of(stranger.get(filed))
    Category.objects.get(pk=ticket.category_id).restricted_to.add(team)
    assert f"Private: only who asked, whom they let follow it, {team} and auditors" in text_of(stranger.get(filed))
    Category.objects.get(pk=ticket.category_id).restricted_to.clear()
    properties.set_category(ticket=ticket, to=None, by=by, now=timezone.now(), seen=ticket.category_id)
    page = text_of(stranger.get(filed))
    assert "No ink" in page
    assert "Private" not in page
    assert str(team) not in page


def test_expired_link_offers_a_new_one_to_the_same_address(stranger, filed):
    expire()
    page = stranger.get(filed)
    assert page.status_code == 404
    assert "No ink" not in text_of(page)
    assert f'action="{filed}renew/"' in page.content.decode()
    answer = stranger.post(filed + "renew/")
    never = stranger.post(f"/guests/{uuid.uuid4()}/renew/")
    assert text_of(answer) == text_of(never)
    assert answer.status_code == never.status_code == 200
    mail = Delivery.objects.latest("pk").payload
    assert mail["address"] == "gus@example.net"
    fresh = mailed("")
    assert fresh != filed
    assert "No ink" in text_of(stranger.get(fresh))
    assert stranger.get(filed).status_code == 404


def test_withdrawn_link_is_renewed_by_nobody_but_the_next_mail(stranger, filed, mara):
    ticket = Ticket.objects.get()
    by = actor(mara, Channel.DESK)
    assert guests.revoke_links(ticket=ticket, by=by, now=timezone.now()) == 1
    assert stranger.get(filed).status_code == 404
    before = Delivery.objects.count()
    stranger.post(filed + "renew/")
    assert Delivery.objects.count() == before
    assert stranger.get(mailed()).status_code == 404
    conversation.reply(ticket=ticket, body="Hello.", by=by, now=timezone.now())
    consume_due(now=timezone.now(), limit=10)
    assert stranger.get(path_in_mail()).status_code == 200


def path_in_mail() -> str:
    """The path of the link in the newest mail about a ticket, as it would leave."""
    delivery = Delivery.objects.filter(ticket__isnull=False, recipient__email="gus@example.net").latest("pk")
    body = str(email._ticket_message(delivery).body)
    found = re.search(r"https?://[^/]+(/\S+/)\s", body)
    assert found
    return found[1]


def test_mails_carry_the_guests_link_and_make_it_last(stranger, filed, mara):
    expires = GuestLink.objects.get().expires_at
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        conversation.reply(ticket=Ticket.objects.get(), body="Hello.", by=actor(mara, Channel.DESK), now=timezone.now())
        consume_due(now=timezone.now(), limit=10)
        assert path_in_mail() == filed
    assert GuestLink.objects.get().expires_at > expires + timedelta(days=19)


def test_mail_after_the_link_ran_out_carries_a_new_one(stranger, filed, mara):
    expire()
    conversation.reply(ticket=Ticket.objects.get(), body="Hello.", by=actor(mara, Channel.DESK), now=timezone.now())
    consume_due(now=timezone.now(), limit=10)
    assert path_in_mail() != filed
    assert stranger.get(path_in_mail()).status_code == 200


def test_database_does_not_tell_the_key_of_a_link(stranger, filed, mara, settings):
    key = filed.split("/")[2]
    assert key not in str(GuestLink.objects.values())
    # Whatever happens to the keys of the desk: the link leads on, and the next mail has one that can be read.
    settings.ENCRYPTION_KEYS = ["another one"]
    assert stranger.get(filed).status_code == 200
    conversation.reply(ticket=Ticket.objects.get(), body="Hello.", by=actor(mara, Channel.DESK), now=timezone.now())
    consume_due(now=timezone.now(), limit=10)
    assert path_in_mail() != filed
    assert [stranger.get(path).status_code for path in (filed, path_in_mail())] == [200, 200]


def test_who_has_a_password_is_led_to_the_portal(stranger, filed):
    who = User.objects.get(email="gus@example.net")
    who.set_password("a-long-secret")
    who.save()
    consume_due(now=timezone.now(), limit=10)
    assert path_in_mail() == f"/tickets/{Ticket.objects.get().ref}/"


def test_late_answer_starts_a_ticket_with_a_link_of_its_own(stranger, filed, mara):
    by = actor(mara, Channel.DESK)
    move = partial(status.make_move, ticket=Ticket.objects.get(), now=timezone.now())
    move(move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=by)
    stranger.post(filed + "confirm/")
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        Ticket.objects.update(closed_at=timezone.now() - timedelta(days=28))
        sent = stranger.post(filed + "reply/", {"text": "It came back."}, follow=True)
        assert "Your message started a new ticket" in text_of(sent)
        new = Ticket.objects.latest("pk")
        assert new.follows_id
        assert GuestLink.objects.filter(ticket=new).count() == 1
