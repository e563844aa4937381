"""The moves of a ticket through its life."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _answers, _once
from helpdesk.actions._base import action
from helpdesk.actions._files import NewFile
from helpdesk.actions._once import Submission
from helpdesk.actions._privacy import withdraw
from helpdesk.actions._work import Work, begin
from helpdesk.actions.conversation import refuse_unseen, say_publicly, speak
from helpdesk.actions.partners import Wait, begin_wait
from helpdesk.actions.sub_tasks import refuse_unfinished
from helpdesk.actions.times import spend
from helpdesk.actions.watching import copy_to
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import MoveName, ResolutionKind
from helpdesk.domain.answers import Typed
from helpdesk.domain.event_data import EventData
from helpdesk.domain.events import Closed, Confirmed, Rejected, Reopened, ReplyAdded, Resolved, StatusChanged
from helpdesk.domain.lifecycle import MOVES, SOLVED
from helpdesk.domain.words import clean_text
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, Ticket, TicketEvent
from helpdesk.permissions import MOVE_RIGHTS, Right
from helpdesk.selectors.settings import desk_settings

_WORDS_OF_REQUESTERS: Final = frozenset({MoveName.REJECT, MoveName.REOPEN})


@action
def make_move(
    *,
    ticket: Ticket,
    move: MoveName,
    by: Actor,
    now: datetime,
    text: str = "",
    resolution_kind: str = "",
    files: Sequence[NewFile] = (),
    answers: Mapping[str, Typed] | None = None,
    minutes: int | None = None,
    seen_version: int | None = None,
    cc: Sequence[str] = (),
    wait: Wait | None = None,
    seen_message: int | None = None,
    expected_version: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """Make one of the moves that people make themselves: start, ask, hold, resolve, confirm, reject, reopen.

    The table in `domain.lifecycle` says what each demands. A move whose words go to everybody is refused when somebody
    else wrote since `seen_version` or `seen_message`. `answers` are those to the questions that have to be answered by
    then; a hold can be a `wait` on a partner.
    """
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    if not MOVES[move].by_button:
        raise DomainError(_("This follows by itself; nobody does it."), Code.ILLEGAL_MOVE)
    follow = Right.REPLY if move in _WORDS_OF_REQUESTERS else None
    work = begin(ticket, by=by, now=now, right=MOVE_RIGHTS[move], expected_version=expected_version, follow=follow)
    text = clean_text(text)
    if work.ticket != ticket and text:
        # It was merged meanwhile: what they wrote is no word on a solution there, but it is not lost.
        return _once.settle(key, say_publicly(work, text, files))
    work.check_move(move, text=text, resolution_kind=resolution_kind)
    if move is MoveName.RESOLVE:
        check_resolvable(work, resolution_kind, answers or {})
    message = None
    if MOVES[move].words is not None or (text and move is MoveName.START):
        refuse_unseen(work, seen_version, seen_message)
        copy_to(work, cc)
        message = _say(work, move, text, files)
    event = carry_out(work, move, message if MOVES[move].words else None, resolution_kind)
    if minutes:
        spend(work, minutes, message=message)
    if wait is not None and move is MoveName.HOLD:
        begin_wait(work, wait, event)
    return _once.settle(key, work.save())


def _say(work: Work, move: MoveName, text: str, files: Sequence[NewFile]) -> Message:
    """The words of a move; beside one that demands none they are a reply."""
    if (words := MOVES[move].words) is not None:
        return work.say(text, words.visibility, words.purpose, files)
    work.require(Right.REPLY)
    return speak(work, text, files)


def check_resolvable(work: Work, resolution_kind: str, answers: Mapping[str, Typed]) -> None:
    """The step that refuses to resolve what is not done or not told yet; the answers that came with it are kept."""
    if resolution_kind not in dict(ResolutionKind.offered()):
        raise DomainError(_("Choose how it was solved from the list."), Code.WRONG, field="resolution_kind")
    refuse_unfinished(work)
    _answers.take(work, answers)
    _answers.refuse_unanswered(work)


def carry_out(
    work: Work, name: MoveName, message: Message | None, resolution_kind: str, *, notice_id: int | None = None
) -> TicketEvent:
    """The step that makes a move that was checked, inside an action, and records it."""
    before = work.ticket.status
    work.move(name)
    if MOVES[name].needs_resolution_kind:
        work.change(resolution_kind=resolution_kind)
    cause = work.record(ReplyAdded(message.pk)) if name is MoveName.ASK and message else None
    event = work.record(_event(work, name, before, message, notice_id), cause=cause)
    if before in SOLVED and not work.ticket.is_solved:
        # Who solved it may have left the queue or the desk since then.
        withdraw(work, event)
    return event


def _event(work: Work, name: MoveName, before: str, message: Message | None, notice_id: int | None) -> EventData:
    ticket = work.ticket
    if message is not None:
        with_words: dict[MoveName, EventData] = {
            MoveName.RESOLVE: Resolved(before, ticket.resolution_kind, message.pk, notice_id),
            MoveName.REJECT: Rejected(message.pk),
            MoveName.REOPEN: Reopened(before, message.pk),
        }
        if name in with_words:
            return with_words[name]
    if name is MoveName.CONFIRM:
        return Confirmed()
    # The question of an `ask` is recorded as the reply that it is.
    words_id = message.pk if message is not None and name is not MoveName.ASK else None
    return StatusChanged(before, ticket.status, name, words_id)


def close_quiet(*, now: datetime, limit: int) -> int:
    """Close what was resolved and stayed quiet until its day, at most `limit` tickets. Returns how many it closed.

    Each closes as of when it was due, however late this runs; a ticket that somebody holds is left for the next time.
    """
    due = Ticket.objects.filter(close_due_at__lte=now).order_by("close_due_at", "pk")
    return sum(_close_one(ticket_id=pk, now=now) for pk in due.values_list("pk", flat=True)[:limit])


@action
def _close_one(*, ticket_id: int, now: datetime) -> bool:
    ticket = Ticket.objects.select_for_update(skip_locked=True).filter(pk=ticket_id, close_due_at__lte=now).first()
    if ticket is None or ticket.close_due_at is None:
        return False
    due, resolved_at = ticket.close_due_at, ticket.resolved_at or ticket.close_due_at
    work = Work(ticket, SYSTEM, now, desk_settings())
    work.check_move(MoveName.CLOSE)
    work.move(MoveName.CLOSE, at=due)
    work.record(Closed(quiet_days=(due - resolved_at).days), effective_at=due)
    work.save()
    return True
