"""Changing messages, entering time, and moves with words, as agents and requesters do it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.actions import conversation
from helpdesk.choices import Channel
from helpdesk.models import Message, Ticket, TimeEntry, User
from tests.factories import actor, make_agent
from tests.helpdesk.views.desk.pages import post, text_of, url

pytestmark = pytest.mark.django_db
EARLIER = timedelta(minutes=11)


def write(ticket: Ticket, who: User, ago: timedelta = timedelta(0), *, note: bool = False) -> Message:
    act = conversation.add_note if note else conversation.reply
    act(ticket=ticket, body="Old words", by=actor(who, Channel.DESK), now=timezone.now() - ago)
    return Message.objects.order_by("-pk")[0]


def test_agent_changes_a_message_and_others_see_what_it_was(
    client_of: Callable[[User], Client], as_mara: Client, mara: User, ada: User, ticket: Ticket
) -> None:
    message = write(ticket, mara)
    where = url(ticket, f"messages/{message.pk}/edit")
    assert where in as_mara.get(url(ticket)).content.decode()
    assert as_mara.post(where, {"text": " ", "seen_revision": "0"}).status_code == 422
    as_mara.post(where, {"text": "New words", "seen_revision": "0"})
    stale = as_mara.post(where, {"text": "Newest words", "seen_revision": "0"})
    assert stale.status_code == 409
    assert stale.context["form"]["text"].value() == "Newest words"
    page = as_mara.get(url(ticket))
    assert "New words" in text_of(page)
    assert "see what it was" in text_of(page)
    assert "Old words" in text_of(as_mara.get(url(ticket, f"messages/{message.pk}/earlier")))
    portal = client_of(ada).get(f"/tickets/{ticket.ref}/")
    assert "edited" in text_of(portal)
    assert "Old words" not in text_of(portal)
    assert client_of(ada).get(url(ticket, f"messages/{message.pk}/earlier")).status_code in {302, 403, 404}


def test_nobody_changes_the_words_of_others(
    client_of: Callable[[User], Client], as_mara: Client, mara: User, ada: User, ticket: Ticket
) -> None:
    message, note = write(ticket, mara), write(ticket, mara, note=True)
    report = Message.objects.filter(ticket=ticket).order_by("pk")[0]
    assert as_mara.get(url(ticket, f"messages/{report.pk}/edit")).status_code == 403
    assert as_mara.get(url(ticket, "messages/999999/edit")).status_code == 404
    requester = client_of(ada)
    assert requester.post(f"/tickets/{ticket.ref}/messages/{message.pk}/edit/", {"text": "x"}).status_code == 403
    assert requester.get(f"/tickets/{ticket.ref}/messages/{note.pk}/edit/").status_code == 404
    stranger = client_of(make_agent())
    assert stranger.get(url(ticket, f"messages/{message.pk}/edit")).status_code == 404


def test_after_the_minutes_the_text_is_kept_and_the_refusal_clear(as_mara: Client, mara: User, ticket: Ticket) -> None:
    message = write(ticket, mara, EARLIER)
    where = url(ticket, f"messages/{message.pk}/edit")
    assert where not in as_mara.get(url(ticket)).content.decode()
    assert "The time in which this message could be changed is over." in text_of(as_mara.get(where, follow=True))
    refused = as_mara.post(where, {"text": "New words", "seen_revision": "0"})
    assert refused.status_code == 409
    assert "for 10 minutes, and they are over" in text_of(refused)
    assert refused.context["form"]["text"].value() == "New words"


def test_requester_changes_their_own_message_in_the_portal(
    client_of: Callable[[User], Client], ada: User, ticket: Ticket
) -> None:
    message = write(ticket, ada)
    client, where = client_of(ada), f"/tickets/{ticket.ref}/messages/{message.pk}/edit/"
    assert where in client.get(f"/tickets/{ticket.ref}/").content.decode()
    assert client.get(where).status_code == 200
    done = client.post(where, {"text": "New words", "seen_revision": "0"}, follow=True)
    assert "Your message is changed." in text_of(done)
    message.refresh_from_db()
    assert message.body == "New words"


def test_time_is_entered_shown_and_taken_back(as_mara: Client, mara: User, ticket: Ticket) -> None:
    post(as_mara, ticket, "reply", text="Words", minutes="15")
    post(as_mara, ticket, "note", text="Words", minutes="5")
    assert "Write how many minutes it took." in text_of(post(as_mara, ticket, "time", minutes=""))
    wrong = post(as_mara, ticket, "reply", text="Kept words", minutes="9999")
    assert wrong.status_code == 422
    assert "Write minutes between 1 and 1440" in text_of(wrong)
    assert wrong.context["panels"]["reply"].form["text"].value() == "Kept words"
    post(as_mara, ticket, "time", minutes="45", what="A call")
    assert "1 h 5 min" in text_of(as_mara.get(url(ticket)))
    entry = TimeEntry.objects.get(what="A call")
    page = as_mara.post(url(ticket, "time"), {"correct": str(entry.pk)}, follow=True)
    assert "45 min are taken back." in text_of(page)
    assert Ticket.objects.get(pk=ticket.pk).minutes_spent == 20
    for unknown in ("999999", "9" * 5_000, "x"):
        assert as_mara.post(url(ticket, "time"), {"correct": unknown}).status_code == 404


def test_time_is_nothing_for_the_portal(
    client_of: Callable[[User], Client], as_mara: Client, ada: User, ticket: Ticket
) -> None:
    post(as_mara, ticket, "reply", text="Words", minutes="437")
    portal = client_of(ada)
    page = portal.get(f"/tickets/{ticket.ref}/").content.decode()
    assert "437 min" not in page
    assert "7 h 17" not in page
    assert portal.get(url(ticket, "time")).status_code in {302, 403, 404}
    portal.post(f"/tickets/{ticket.ref}/reply/", {"text": "Mine", "minutes": "5"})
    assert Ticket.objects.get(pk=ticket.pk).minutes_spent == 437


def test_words_come_with_each_legal_move(as_mara: Client, ticket: Ticket) -> None:
    page = as_mara.get(url(ticket)).content.decode()
    for words in ("Send and start work", "Send and wait for the requester", "Send and resolve", "Add and put on hold"):
        assert words in page
    post(as_mara, ticket, "move/start", text="I am at it.", beside="reply")
    assert Ticket.objects.get(pk=ticket.pk).status == "in_progress"
    assert Message.objects.order_by("-pk")[0].body == "I am at it."
    post(as_mara, Ticket.objects.get(pk=ticket.pk), "move/hold", text="Waits for the maker.", beside="note")
    held = Message.objects.order_by("-pk")[0]
    assert (held.visibility, Ticket.objects.get(pk=ticket.pk).status) == ("internal", "on_hold")
    refused = post(as_mara, Ticket.objects.get(pk=ticket.pk), "move/hold", text="Twice", beside="note")
    assert refused.context["panels"]["note"].form["text"].value() == "Twice"
    post(
        as_mara, Ticket.objects.get(pk=ticket.pk), "move/resolve", text="Done", resolution_kind="fixed", beside="reply"
    )
    solved = as_mara.get(url(ticket)).content.decode()
    assert "Send and reopen" in solved
    assert "Send and resolve" not in solved
