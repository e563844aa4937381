"""Messages that their authors change, and minutes that are entered and taken back."""

from datetime import timedelta
from functools import partial

import pytest

from helpdesk.actions import conversation, deliveries, editing, status, times
from helpdesk.actions._once import Submission
from helpdesk.actions.consumers import consume_due
from helpdesk.actors import Actor
from helpdesk.choices import MoveName
from helpdesk.errors import Code, DomainError
from helpdesk.models import Delivery, DeskSettings, Message, MessageRevision, Ticket, TimeEntry
from helpdesk.selectors import conversation as read
from helpdesk.views.desk import words
from tests.factories import UserFactory, actor
from tests.helpdesk.actions.desk import LATER, Desk, d
from tests.together import together

__all__ = ["d"]
pytestmark = pytest.mark.django_db
SOON = LATER + timedelta(minutes=9)
TOO_LATE = LATER + timedelta(minutes=10)


def write(d: Desk, by: Actor, body: str = "Try the other cabel.") -> Message:
    conversation.reply(ticket=d.ticket, body=body, by=by, now=LATER)
    return Message.objects.order_by("-pk")[0]


def edit(message: Message, by: Actor, body: str = "Try the other cable.", **values: object) -> Ticket:
    return editing.edit_message(**{"message": message, "body": body, "by": by, "now": SOON, **values})


def test_changed_message_keeps_what_it_said(d: Desk) -> None:
    message = write(d, d.desk())
    edit(message, d.desk())
    edit(message, d.desk(), "Try the other cable, please.", seen_revision=1)
    message.refresh_from_db()
    assert (message.body, message.revision, message.edited_at) == ("Try the other cable, please.", 2, SOON)
    assert [row.body for row in read.revisions_of(message)] == ["Try the other cable.", "Try the other cabel."]
    assert d.record()[-2:] == ["message_edited", "message_edited"]
    told = [words.line(entry) for entry in read.timeline(d.desk(), d.ticket)]
    assert told[-1] == "Agent 1 changed a message"


def test_same_words_are_no_change(d: Desk) -> None:
    message = write(d, d.desk())
    edit(message, d.desk(), " Try the other cabel.\n")
    assert not MessageRevision.objects.exists()


def test_requester_changes_their_own_and_nobody_else(d: Desk) -> None:
    message = write(d, d.me())
    edit(message, d.me())
    for by in (d.desk(), d.desk(2)):
        with pytest.raises(DomainError) as refusal:
            edit(message, by)
        assert refusal.value.code is Code.FORBIDDEN
    with pytest.raises(DomainError):
        edit(message, actor(UserFactory.create()))


def test_after_its_minutes_a_message_stays(d: Desk) -> None:
    message = write(d, d.desk())
    with pytest.raises(DomainError) as refusal:
        edit(message, d.desk(), now=TOO_LATE)
    assert "for 10 minutes, and they are over" in str(refusal.value)
    DeskSettings.objects.create(edit_minutes=60)
    edit(message, d.desk(), now=TOO_LATE)
    DeskSettings.objects.update(edit_minutes=0)
    with pytest.raises(DomainError):
        edit(message, d.desk(), "Once more", now=LATER)


@pytest.mark.parametrize(("body", "code"), [(" ", Code.MISSING), ("x" * 100_001, Code.WRONG)])
def test_words_have_to_be_words(d: Desk, body: str, code: Code) -> None:
    message = write(d, d.desk())
    with pytest.raises(DomainError) as refusal:
        edit(message, d.desk(), body)
    assert (refusal.value.code, refusal.value.field) == (code, "text")


def test_mail_that_waits_goes_with_the_new_words_and_no_second_one(d: Desk) -> None:
    message = write(d, d.desk())
    consume_due(now=LATER, limit=99)
    edit(message, d.desk())
    consume_due(now=SOON, limit=99)
    assert not Delivery.objects.filter(kind="message_edited").exists()
    waiting = Delivery.objects.get(kind="reply_added")
    assert Message.objects.get(pk=waiting.event.data["message_id"]).body == "Try the other cable."  # type: ignore[union-attr]


def test_second_mail_goes_to_those_who_got_the_first_where_it_is_asked_for(d: Desk) -> None:
    message = write(d, d.desk())
    consume_due(now=LATER, limit=99)
    Delivery.objects.filter(kind="reply_added").update(sent_at=LATER)
    assert read.was_mailed(message)
    edit(message, d.desk())
    consume_due(now=SOON, limit=99)
    assert not Delivery.objects.filter(kind="message_edited").exists()
    edit(message, d.desk(), "Yet another one.", mail_again=True)
    consume_due(now=SOON, limit=99)
    again = Delivery.objects.get(kind="message_edited")
    assert again.recipient == d.requester


def test_second_mail_says_the_new_words(d: Desk, mailoutbox: list[object]) -> None:
    message = write(d, d.desk())
    for now in (LATER, SOON):
        consume_due(now=now, limit=99)
        deliveries.send_due(now=now, limit=99)
        edit(message, d.desk(), "Try the other cable.", mail_again=True)
    last = mailoutbox[-1]
    assert "Agent 1 changed what they wrote to you." in last.body  # type: ignore[attr-defined]
    assert "Try the other cable." in last.body  # type: ignore[attr-defined]


def test_changed_note_is_mailed_to_nobody(d: Desk) -> None:
    d.take(2)
    conversation.add_note(ticket=d.ticket, body="Secret", by=d.desk(), now=LATER)
    note = Message.objects.order_by("-pk")[0]
    consume_due(now=LATER, limit=99)
    Delivery.objects.update(sent_at=LATER)
    edit(note, d.desk(), "Very secret", mail_again=True)
    consume_due(now=SOON, limit=99)
    assert not Delivery.objects.filter(kind="message_edited").exists()


@pytest.mark.django_db(transaction=True)
def test_second_of_two_windows_is_told_and_nothing_is_lost(d: Desk) -> None:
    message = write(d, d.desk())
    results = together(*(partial(edit, message, d.desk(), body, seen_revision=0) for body in ("One", "Two")))
    [refusal] = [result for result in results if isinstance(result, DomainError)]
    assert refusal.code is Code.STALE
    message.refresh_from_db()
    assert message.body in {"One", "Two"}
    assert [row.body for row in read.revisions_of(message)] == ["Try the other cabel."]


def test_minutes_go_with_words_or_alone_and_are_summed(d: Desk) -> None:
    conversation.reply(ticket=d.ticket, body="Done", by=d.desk(), now=LATER, minutes=15)
    conversation.add_note(ticket=d.ticket, body="Why", by=d.desk(2), now=LATER, minutes=5)
    times.spend_time(ticket=d.ticket, minutes=70, what=" A call ", by=d.desk(), now=LATER)
    assert d.now().minutes_spent == 90
    rows = list(TimeEntry.objects.order_by("pk").values_list("minutes", "what", "message__body", "person__name"))
    assert rows == [(15, "", "Done", "Agent 1"), (5, "", "Why", "Agent 2"), (70, "A call", None, "Agent 1")]
    told = [words.line(entry) for entry in read.timeline(d.desk(), d.ticket)]
    assert told[-1] == "Agent 1 spent 1 h 10 min"


def test_entry_is_taken_back_once_by_a_counter_entry(d: Desk) -> None:
    times.spend_time(ticket=d.ticket, minutes=70, what="", by=d.desk(), now=LATER)
    entry = TimeEntry.objects.get()
    with pytest.raises(DomainError):
        times.correct_time(entry=entry, by=d.desk(2), now=LATER)
    for _click in range(2):
        times.correct_time(entry=entry, by=d.desk(), now=LATER)
    assert d.now().minutes_spent == 0
    assert list(TimeEntry.objects.order_by("pk").values_list("minutes", flat=True)) == [70, -70]
    counter = TimeEntry.objects.exclude(pk=entry.pk).get()
    times.correct_time(entry=counter, by=d.desk(), now=LATER)
    assert TimeEntry.objects.count() == 2, "a counter entry is not taken back"


def test_form_sent_twice_enters_once(d: Desk) -> None:
    once = Submission.of("key", {"minutes": 5})
    for _click in range(2):
        times.spend_time(ticket=d.ticket, minutes=5, what="", by=d.desk(), now=LATER, submission=once)
    assert d.now().minutes_spent == 5


@pytest.mark.parametrize(
    ("minutes", "what", "field"), [(0, "", "minutes"), (1441, "", "minutes"), (5, "x" * 201, "what")]
)
def test_minutes_have_bounds(d: Desk, minutes: int, what: str, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        times.spend_time(ticket=d.ticket, minutes=minutes, what=what, by=d.desk(), now=LATER)
    assert refusal.value.field == field


def test_requesters_enter_no_time(d: Desk) -> None:
    with pytest.raises(DomainError):
        times.spend_time(ticket=d.ticket, minutes=5, what="", by=d.me(), now=LATER)
    with pytest.raises(DomainError):
        conversation.reply(ticket=d.ticket, body="x", by=d.me(), now=LATER, minutes=5)


def test_reply_starts_work_in_one_step(d: Desk) -> None:
    done = status.make_move(ticket=d.ticket, move=MoveName.START, by=d.desk(), now=LATER, text="I am at it.", minutes=5)
    assert done.status == "in_progress"
    assert d.record() == ["ticket_created", "reply_added", "status_changed", "status_changed", "time_spent"]
    assert Message.objects.order_by("-pk")[0].visibility == "public"
