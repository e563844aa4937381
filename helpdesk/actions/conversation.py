"""Words on a ticket: public replies and internal notes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _guest_links, _once
from helpdesk.actions._base import action
from helpdesk.actions._files import NewFile
from helpdesk.actions._once import Submission
from helpdesk.actions._privacy import withdraw
from helpdesk.actions._work import Work, begin
from helpdesk.actions.inbox import written
from helpdesk.actions.mentions import answered, mention
from helpdesk.actions.tickets import queue_for, start_ticket
from helpdesk.actions.times import spend
from helpdesk.actions.watching import copy_to
from helpdesk.actors import Actor
from helpdesk.choices import ActorKind, MoveName, Purpose, Status, Visibility
from helpdesk.domain.events import FollowedUp, NoteAdded, Reopened, ReplyAdded, StatusChanged
from helpdesk.domain.lifecycle import MOVES, is_open_to
from helpdesk.domain.words import clean_text
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, Ticket, TicketEvent
from helpdesk.permissions import Right

# The kinds of event that carry words for everybody on the ticket.
_SPOKEN: Final = ("reply_added", "resolved", "rejected", "reopened")


@action
def reply(
    *,
    ticket: Ticket,
    body: str,
    by: Actor,
    now: datetime,
    files: Sequence[NewFile] = (),
    minutes: int | None = None,
    seen_version: int | None = None,
    cc: Sequence[str] = (),
    seen_message: int | None = None,
    expected_version: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """Write to everybody on the ticket, and to whoever has the addresses `cc`, who follows it from then on.

    Returns the ticket on which the message stands.

    The requester's side answers a question (pending → open) or reopens what was solved; an answer that comes after
    the reopening window starts a new, linked ticket. The desk's first answer opens a new ticket. With `seen_version`
    or `seen_message` the reply is refused when somebody else wrote since then. Words on a ticket that was merged stand
    where it goes on.
    `minutes` are those that an agent spent on it.
    """
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    work = begin(ticket, by=by, now=now, right=Right.REPLY, expected_version=expected_version, follow=Right.REPLY)
    body = _words(body)
    # What was seen of a ticket that was merged tells nothing of the one where it goes on.
    if work.ticket == ticket:
        refuse_unseen(work, seen_version, seen_message)
    copy_to(work, cc)
    return _once.settle(key, say_publicly(work, body, files, minutes=minutes))


def speak(work: Work, body: str, files: Sequence[NewFile] = (), *, notice_id: int | None = None) -> Message:
    """The step that writes to everybody on the ticket inside an action, with what that does to the status."""
    message = work.say(body, Visibility.PUBLIC, Purpose.CONVERSATION, files)
    if not work.is_requesters_side:
        _has_read(work)
    event = work.record(ReplyAdded(message.pk, notice_id))
    _move_on(work, message, event)
    return message


@action
def add_note(
    *,
    ticket: Ticket,
    body: str,
    by: Actor,
    now: datetime,
    files: Sequence[NewFile] = (),
    minutes: int | None = None,
    expected_version: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """Write to the desk alone. Changes nothing else about the ticket."""
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    right = Right.WRITE_NOTES
    work = begin(ticket, by=by, now=now, right=right, expected_version=expected_version, follow=right)
    message = work.say(_words(body), Visibility.INTERNAL, Purpose.CONVERSATION, files)
    mention(work, message)
    _has_read(work)
    work.record(NoteAdded(message.pk))
    if minutes:
        spend(work, minutes, message=message)
    return _once.settle(key, work.save())


def _has_read(work: Work) -> None:
    """Who writes from the desk has read what they were mentioned for there, and told about."""
    answered(work)
    written(work)


def say_publicly(work: Work, body: str, files: Sequence[NewFile], *, minutes: int | None = None) -> Ticket:
    """The step that writes clean words to everybody inside an action. Returns the ticket on which they stand."""
    if _comes_too_late(work):
        return _follow_up(work, body, files)
    message = speak(work, body, files)
    if minutes:
        spend(work, minutes, message=message)
    return work.save()


def refuse_unseen(work: Work, seen_version: int | None, seen_message: int | None = None) -> None:
    """Refuse to write past words of somebody else that the writer has not seen.

    The desk tells the version of the ticket that it showed; the portal, where nobody shall count what the desk does,
    the newest of the public messages.
    """
    me, ticket, is_missed = work.by.user, work.ticket, False
    if seen_version is not None:
        spoken = TicketEvent.objects.filter(ticket=ticket, kind__in=_SPOKEN, seq__gt=seen_version)
        is_missed = spoken.exclude(actor=me).exists()
    if seen_message is not None and not is_missed:
        said = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC, pk__gt=seen_message)
        is_missed = said.exclude(author=me).exists()
    if is_missed:
        raise DomainError(
            _("Somebody wrote while you were writing. Read it first. Your text is kept; send it again if it fits."),
            Code.STALE,
        )


def _words(body: str) -> str:
    words = clean_text(body)
    if not words:
        raise DomainError(_("Write something first."), Code.MISSING, field="text")
    return words


def _comes_too_late(work: Work) -> bool:
    if not work.is_requesters_side or work.ticket.status != Status.CLOSED:
        return False
    return not is_open_to(MOVES[MoveName.REOPEN], work.ticket.stand, work.now, work.settings.windows)


def _follow_up(work: Work, body: str, files: Sequence[NewFile]) -> Ticket:
    old = work.ticket
    new = start_ticket(
        subject=old.subject,
        body=body,
        by=work.by,
        now=work.now,
        queue=old.queue if old.queue.is_active else queue_for(None, None),
        category=old.category,
        requester=old.requester,
        files=files,
        follows=old,
    )
    if work.by.kind is ActorKind.GUEST:
        _guest_links.grant(new, new.requester, work.now)
    work.record(FollowedUp(by_ticket_id=new.pk))
    work.save()
    return new


def _move_on(work: Work, message: Message, event: TicketEvent) -> None:
    """What a reply does to the status."""
    before = work.ticket.status
    if not work.is_requesters_side:
        name = MoveName.TRIAGE if before == Status.NEW else None
    elif work.ticket.is_solved:
        work.move(MoveName.REOPEN)
        withdraw(work, work.record(Reopened(from_status=before, message_id=message.pk), cause=event))
        return
    else:
        name = MoveName.ANSWER if before == Status.PENDING else None
    if name is not None:
        work.move(name)
        work.record(
            StatusChanged(from_status=before, to_status=work.ticket.status, move=name),
            cause=event,
        )
