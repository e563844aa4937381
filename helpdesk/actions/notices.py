"""Telling all who asked about a problem: written once, then one ticket after the other, each exactly once."""

from datetime import datetime
from typing import Final

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _once
from helpdesk.actions._base import TELL_TASK, action, kick
from helpdesk.actions._once import Submission
from helpdesk.actions._record import audit
from helpdesk.actions._work import Work, begin
from helpdesk.actions.conversation import speak
from helpdesk.actions.problems import locked
from helpdesk.actions.status import carry_out, check_resolvable
from helpdesk.actors import Actor
from helpdesk.choices import Channel, MoveName, NoticeRefusal, NoticeState, Purpose, ResolutionKind, Visibility
from helpdesk.domain import backoff
from helpdesk.domain.words import MAX_TEXT, clean_text
from helpdesk.errors import Code, DomainError
from helpdesk.models import NoticeRow, Problem, ProblemNotice, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import notices

log = structlog.get_logger(__name__)

# More than any cause ever had; whoever has more announces it.
MOST: Final = 20_000
# After so many tries a row is shown as failed.
MOST_TRIES: Final = 8
_AT_ONCE: Final = 1000


@action
def tell_all(
    *,
    problem: Problem,
    body: str,
    by: Actor,
    now: datetime,
    resolution_kind: str = "",
    with_solved: bool = False,
    seen_count: int | None = None,
    submission: Submission | None = None,
) -> ProblemNotice:
    """Write to the requesters of all the problem's tickets that the actor works; with a kind of resolution, solve them.

    Those that are solved already are left out, unless they shall be told too. `seen_count` is the number of tickets
    that the actor agreed to. The writing itself is a worker's, see `tell_due`.
    """
    row = locked(problem, by, Right.WORK_PROBLEMS)
    key, earlier = _once.claim_of(ProblemNotice, by, submission)
    if earlier is not None:
        return earlier
    body = _clean(body, resolution_kind)
    chosen = notices.audience(by, row, with_solved=with_solved and not resolution_kind).tickets
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    _check_count(len(ids), seen_count)
    notice = ProblemNotice.objects.create(
        problem=row,
        author=by.person,
        body=body,
        resolution_kind=resolution_kind,
        with_solved=with_solved,
        created_at=now,
    )
    rows = (NoticeRow(notice=notice, ticket_id=pk, not_before=now) for pk in ids)
    NoticeRow.objects.bulk_create(rows, batch_size=_AT_ONCE)
    data = {"notice_id": notice.pk, "tickets": len(ids), "resolves": bool(resolution_kind)}
    audit("problem_told", ("problem", row.pk), data, by=by, now=now)
    kick(TELL_TASK)
    return _once.settle(key, notice)


def _clean(body: str, resolution_kind: str) -> str:
    words = clean_text(body)
    if not words:
        raise DomainError(_("Write what those who asked shall read."), Code.MISSING, field="text")
    if len(words) > MAX_TEXT:
        raise DomainError(
            _("This has %(count)d characters; there is room for %(limit)d.") % {"count": len(words), "limit": MAX_TEXT},
            Code.WRONG,
            field="text",
        )
    if resolution_kind and resolution_kind not in dict(ResolutionKind.offered()):
        raise DomainError(_("Choose how it was solved from the list."), Code.WRONG, field="resolution_kind")
    return words


def _check_count(count: int, seen_count: int | None) -> None:
    if not count:
        raise DomainError(_("There is nobody to tell: no ticket of this problem that you work is left."), Code.WRONG)
    if count > MOST:
        raise DomainError(
            _("These are more than %(limit)d tickets. Announce it on the portal's first page instead.")
            % {"limit": MOST},
            Code.WRONG,
        )
    if seen_count is not None and seen_count != count:
        raise DomainError(
            _("Meanwhile it is another number of tickets: %(count)d. Look again, then send it.") % {"count": count},
            Code.STALE,
        )


def tell_due(*, now: datetime, limit: int) -> int:
    """Write to at most `limit` tickets that wait for it. Returns how many were taken."""
    for count in range(limit):
        if not _tell_next(now):
            return count
    return limit


def _tell_next(now: datetime) -> bool:
    """One ticket, in one transaction: whatever dies before its commit, it was not written to; after it, it was."""
    with transaction.atomic(durable=True):
        due = NoticeRow.objects.filter(state=NoticeState.WAITING, not_before__lte=now).order_by("not_before", "pk")
        row = due.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        try:
            refusal = _told(row, now)
        except Exception as error:
            row.attempts += 1
            row.not_before = now + backoff.delay(row.attempts)
            if row.attempts >= MOST_TRIES:
                row.state, row.done_at = NoticeState.FAILED, now
            log.exception("notice_failed", notice_row=row.pk, tries=row.attempts, error=str(error))
        else:
            row.refusal, row.done_at = refusal, now
            row.state = NoticeState.REFUSED if refusal else NoticeState.DONE
        row.save(update_fields=["state", "refusal", "attempts", "not_before", "done_at"])
    return True


def _told(row: NoticeRow, now: datetime) -> str:
    """Write to the ticket, all of it or nothing. Returns why nothing, or nothing."""
    try:
        with transaction.atomic():
            return _tell(row, now)
    except DomainError as refusal:
        return NoticeRefusal.FORBIDDEN if refusal.code is Code.FORBIDDEN else NoticeRefusal.OTHER


def _tell(row: NoticeRow, now: datetime) -> str:
    """Write to the ticket as who wrote the notice, with the rights that they have now. Returns why not, or nothing."""
    notice = ProblemNotice.objects.select_related("author").get(pk=row.notice_id)
    by = Actor(notice.author, Channel.DESK)
    work = begin(Ticket(pk=row.ticket_id), by=by, now=now, right=Right.WORK)
    if work.ticket.problem_id != notice.problem_id:
        return NoticeRefusal.MOVED
    if work.ticket.is_solved and (notice.resolution_kind or not notice.with_solved):
        return NoticeRefusal.SOLVED
    _write(work, notice)
    return ""


def _write(work: Work, notice: ProblemNotice) -> None:
    if notice.resolution_kind:
        work.check_move(MoveName.RESOLVE, text=notice.body, resolution_kind=notice.resolution_kind)
        check_resolvable(work, notice.resolution_kind, {})
        message = work.say(notice.body, Visibility.PUBLIC, Purpose.RESOLUTION)
        carry_out(work, MoveName.RESOLVE, message, notice.resolution_kind, notice_id=notice.pk)
    else:
        work.require(Right.REPLY)
        speak(work, notice.body, notice_id=notice.pk)
    work.save()
