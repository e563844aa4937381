"""What is written on a ticket, and what follows from it."""

from datetime import timedelta

import pytest

from helpdesk.actions import conversation, tiers
from helpdesk.choices import MoveName, Status
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, Queue
from tests.factories import (
    QueueFactory,
    make_ticket,
)
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def test_question_waits_for_the_requester_and_the_answer_opens_it(d: Desk) -> None:
    d.take()
    assert d.move(MoveName.ASK, d.desk(), "Which one?").status == Status.PENDING
    assert conversation.reply(ticket=d.ticket, body="Red.", by=d.me(), now=LATER).status == Status.OPEN


def test_desks_reply_opens_a_new_ticket_and_leaves_others_as_they_are(d: Desk) -> None:
    assert conversation.reply(ticket=d.ticket, body="Hello.", by=d.desk(), now=LATER).status == Status.OPEN
    d.move(MoveName.START, d.desk())
    assert conversation.reply(ticket=d.ticket, body="Still at it.", by=d.desk(), now=LATER).status == "in_progress"


def test_reply_of_the_requester_reopens_what_was_resolved(d: Desk) -> None:
    d.resolve()
    ticket = conversation.reply(ticket=d.ticket, body="No, it is not.", by=d.me(), now=LATER)
    assert (ticket.status, ticket.resolution_kind, ticket.close_due_at) == (
        Status.OPEN,
        "",
        None,
    )
    assert d.record()[-2:] == ["reply_added", "reopened"]


def test_late_reply_starts_a_linked_ticket(d: Desk) -> None:
    d.resolve()
    d.move(MoveName.CONFIRM, d.me())
    late = LATER + timedelta(days=15)
    new = conversation.reply(ticket=d.ticket, body="It burns again.", by=d.me(), now=late)
    assert new != d.ticket
    assert (new.follows, new.status, new.requester) == (
        d.ticket,
        Status.NEW,
        d.requester,
    )
    assert Message.objects.get(ticket=new).body == "It burns again."
    assert d.now().status == Status.CLOSED
    assert d.record()[-1] == "followed_up"


def test_reply_past_words_that_were_not_seen_is_refused(d: Desk) -> None:
    seen = d.now().version
    conversation.reply(ticket=d.ticket, body="Wait, it stopped.", by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="Your text is kept") as refusal:
        conversation.reply(
            ticket=d.ticket,
            body="Throw water.",
            by=d.desk(),
            now=LATER,
            seen_version=seen,
        )
    assert refusal.value.code is Code.STALE
    conversation.reply(
        ticket=d.ticket,
        body="Good.",
        by=d.desk(),
        now=LATER,
        seen_version=d.now().version,
    )


def test_own_words_and_silent_events_do_not_hold_up_a_reply(d: Desk) -> None:
    seen = d.now().version
    conversation.reply(ticket=d.ticket, body="One.", by=d.desk(), now=LATER)
    conversation.add_note(ticket=d.ticket, body="A note.", by=d.desk(2), now=LATER)
    conversation.reply(ticket=d.ticket, body="Two.", by=d.desk(), now=LATER, seen_version=seen)


def test_requester_cannot_write_notes_or_work(d: Desk) -> None:
    with pytest.raises(DomainError) as note:
        conversation.add_note(ticket=d.ticket, body="x", by=d.me(), now=LATER)
    with pytest.raises(DomainError) as move:
        d.move(MoveName.START, d.me())
    assert (note.value.code, move.value.code) == (Code.FORBIDDEN, Code.FORBIDDEN)


@pytest.mark.parametrize("text", ["\0\0", " \x07 ", "\u202e"])
def test_text_of_nothing_but_what_cannot_be_seen_is_no_text(d: Desk, text: str) -> None:
    for attempt in (
        lambda: make_ticket(d.requester, d.queue, body=text),
        lambda: make_ticket(d.requester, d.queue, subject=text),
        lambda: conversation.reply(ticket=d.ticket, body=text, by=d.me(), now=LATER),
        lambda: d.move(MoveName.HOLD, d.desk(), text),
        lambda: tiers.escalate(ticket=d.ticket, reason=text, by=d.desk(), now=LATER),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code is Code.MISSING


def test_text_too_long_for_a_message_is_told_so(d: Desk) -> None:
    conversation.reply(ticket=d.ticket, body="x" * 100_000, by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="Attach the rest as a file"):
        conversation.reply(ticket=d.ticket, body="x" * 100_001, by=d.me(), now=LATER)


def test_follow_up_of_a_queue_that_is_gone_goes_to_the_default_one(d: Desk) -> None:
    default = QueueFactory.create(is_default=True)
    d.resolve()
    d.move(MoveName.CONFIRM, d.me())
    Queue.objects.filter(pk=d.queue.pk).update(is_active=False)
    new = conversation.reply(ticket=d.ticket, body="Again.", by=d.me(), now=LATER + timedelta(days=99))
    assert new.queue == default
