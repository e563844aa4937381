"""Exports: asked for by a person, made by a worker with that person's rights of the moment, and gone after some days.

No transaction is open while one is made. Its worker holds a lease, which each batch prolongs; where the worker dies the
next one begins anew.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, Final

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk import registry
from helpdesk.actions import files
from helpdesk.actions._base import EXPORT_TASK, action, kick
from helpdesk.actions._claim import DatabaseClock
from helpdesk.actions._record import audit
from helpdesk.actions.deliveries import enqueue
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, DeliveryChannel, ExportProblem, ExportState
from helpdesk.errors import Code, DomainError
from helpdesk.models import Blob, Export, User
from helpdesk.models.exports import OPEN_STATES
from helpdesk.registry import ExportMaker

log = structlog.get_logger(__name__)

EXPORT_MAIL: Final = "export_ready"
LIFE: Final = timedelta(days=7)
# Longer than any one batch takes; each prolongs it.
LEASE: Final = timedelta(minutes=2)
_TRIES: Final = 3
_RETRY_AFTER: Final = timedelta(minutes=1)
_OPEN_AT_ONCE: Final = 3
_A_DAY: Final = 30


class Stopped(Exception):
    """The export was cancelled meanwhile, or is another worker's now."""


@action
def request_export(*, kind: str, name: str, query: Mapping[str, Any], by: Actor, now: datetime) -> Export:
    """Ask for a file of this kind, to be made by a worker.

    Raises DomainError for who may not have one, and for who has several on their way or had many today.
    """
    export = Export(kind=kind, name=name, query=dict(query), owner=by.person, channel=by.channel)
    _check_right(registry.export_makers[kind], by)
    User.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    mine = Export.objects.filter(owner=by.person)
    _check_count(mine, now, at_once=_OPEN_AT_ONCE, a_day=_A_DAY)
    maker = registry.export_makers[kind]
    _check_count(mine.filter(kind=kind), now, at_once=maker.at_once, a_day=maker.a_day)
    export.created_at = export.not_before = now
    export.save(force_insert=True)
    told = registry.export_makers[kind].told(export)
    audit("export_requested", ("export", export.pk), {"kind": kind, **told}, by=by, now=now)
    kick(EXPORT_TASK)
    return export


def _check_count(mine: QuerySet[Export], now: datetime, *, at_once: int, a_day: int) -> None:
    if mine.filter(state__in=OPEN_STATES).count() >= at_once:
        words = ngettext(
            "%(count)d of your files is still being made. Wait for it, or cancel it.",
            "%(count)d of your files are still being made. Wait for one of them, or cancel one.",
            at_once,
        )
        raise DomainError(words % {"count": at_once}, Code.WRONG)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= a_day:
        raise DomainError(_("You have asked for many files today. Try again tomorrow."), Code.WRONG)


@action
def record_given(*, kind: str, query: Mapping[str, Any], rows: int, by: Actor, now: datetime) -> None:
    """Record that a file of this kind was handed out at once. Raises DomainError for who may not have it."""
    maker = registry.export_makers[kind]
    _check_right(maker, by)
    export = Export(kind=kind, query=dict(query), owner=by.person, channel=by.channel)
    audit("export_made", ("export", None), {"kind": kind, "rows": rows, **maker.told(export)}, by=by, now=now)


def _check_right(maker: ExportMaker, by: Actor) -> None:
    if not maker.may(by):
        raise DomainError(_("You may not export this."), Code.FORBIDDEN)


@action
def cancel_export(*, export: Export, by: Actor, now: datetime) -> bool:
    """Stop making a file, or take one away that is ready. False where there is nothing to stop."""
    row = Export.objects.select_for_update().filter(pk=export.pk, owner=by.person).first()
    if row is None or not (row.is_open or row.is_ready):
        return False
    _end(row, ExportState.CANCELLED, now=now)
    audit("export_cancelled", ("export", row.pk), {"kind": row.kind}, by=by, now=now)
    return True


def _end(export: Export, state: ExportState, *, now: datetime, error: str = "") -> None:
    """The row without a file and without a worker; the sweep of files takes the bytes."""
    export.state, export.finished_at, export.error = state, now, error
    export.blob = export.lease_until = export.lease_token = None
    export.save(update_fields=["state", "finished_at", "error", "blob", "lease_until", "lease_token"])


def expire(*, now: datetime, limit: int) -> int:
    """Take the files away whose days are over. Returns how many."""
    with transaction.atomic(durable=True):
        over = Export.objects.filter(state=ExportState.READY, expires_at__lte=now).order_by("expires_at")
        rows = list(over.select_for_update(skip_locked=True)[:limit])
        for export in rows:
            _end(export, ExportState.EXPIRED, now=now)
    return len(rows)


def make_due(*, now: datetime, limit: int) -> int:
    """Make up to `limit` files that somebody waits for. Returns how many were claimed."""
    for count in range(limit):
        export = _claim(now=now)
        if export is None:
            return count
        if export.lease_token is not None:
            _make(export)
    return limit


@action
def _claim(*, now: datetime) -> Export | None:
    """Lease the next one, or end it where its workers died too often; then it comes back without a lease."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=DatabaseClock())
    due = Export.objects.filter(free, state__in=OPEN_STATES, not_before__lte=now).order_by("not_before", "created_at")
    export = due.annotate(clock=DatabaseClock()).select_for_update(skip_locked=True, of=("self",)).first()
    if export is None:
        return None
    if export.attempts >= _TRIES:
        _end(export, ExportState.FAILED, now=now, error=ExportProblem.BROKEN)
        return export
    export.attempts += 1
    export.state, export.progress, export.total = ExportState.RUNNING, 0, None
    export.lease_token, export.lease_until = uuid.uuid4(), export.clock + LEASE
    export.save(update_fields=["attempts", "state", "progress", "total", "lease_token", "lease_until"])
    return export


def _held(export: Export) -> QuerySet[Export]:
    """The row, as long as this worker's lease on it is in force."""
    return Export.objects.filter(pk=export.pk, state=ExportState.RUNNING, lease_token=export.lease_token)


def _make(export: Export) -> None:
    owner = export.owner
    by = Actor(owner, Channel(export.channel))
    try:
        with TemporaryFile() as out, translation.override(owner.spoken_language), timezone.override(owner.time_zone):
            rows = _write(export, by, out)
            maker = registry.export_makers[export.kind]
            blob = files.store_made(content=out, media_type=maker.media_type(export))
        _finish(export=export, blob=blob, rows=rows, by=by, now=timezone.now())
    except Stopped:
        log.info("export_stopped", export=str(export.pk))
    except DomainError as refusal:
        problem = ExportProblem.FORBIDDEN if refusal.code is Code.FORBIDDEN else ExportProblem.TOO_LARGE
        _fail(export=export, problem=problem, now=timezone.now())
    except Exception:
        log.exception("export_failed", export=str(export.pk), tries=export.attempts)
        _fail(export=export, problem=ExportProblem.BROKEN, now=timezone.now())


def _write(export: Export, by: Actor, out: IO[bytes]) -> int:
    maker = registry.export_makers[export.kind]
    _check_right(maker, by)

    def step(rows: int) -> None:
        until = DatabaseClock() + LEASE
        if not _held(export).update(progress=rows, total=export.total, lease_until=until):
            raise Stopped

    step(0)
    rows = maker.write(export, by, out, step)
    step(rows)
    return rows


@action
def _finish(*, export: Export, blob: Blob, rows: int, by: Actor, now: datetime) -> None:
    """Hand the file over, and tell its owner; one that was cancelled meanwhile stays so."""
    row = _held(export).select_for_update().first()
    if row is None:
        raise Stopped
    row.state, row.blob, row.progress, row.total = ExportState.READY, blob, rows, rows
    row.finished_at, row.expires_at = now, now + LIFE
    row.lease_until = row.lease_token = None
    row.save()
    told = registry.export_makers[row.kind].told(row)
    audit("export_made", ("export", row.pk), {"kind": row.kind, "rows": rows, **told}, by=by, now=now)
    enqueue(
        channel=DeliveryChannel.EMAIL,
        kind=EXPORT_MAIL,
        recipient=row.owner,
        payload={"export": str(row.pk)},
        dedupe_key=f"{EXPORT_MAIL}:{row.pk}",
        expires_at=row.expires_at,
        now=now,
    )


@action
def _fail(*, export: Export, problem: ExportProblem, now: datetime) -> None:
    """End it, or put it off where another try may help."""
    row = _held(export).select_for_update().first()
    if row is None:
        return
    if problem is ExportProblem.BROKEN and row.attempts < _TRIES:
        row.state, row.not_before = ExportState.WAITING, now + _RETRY_AFTER * row.attempts
        row.lease_until = row.lease_token = None
        row.save(update_fields=["state", "not_before", "lease_until", "lease_token"])
        return
    _end(row, ExportState.FAILED, now=now, error=problem)
    audit("export_failed", ("export", row.pk), {"kind": row.kind, "problem": problem}, by=SYSTEM, now=now)


@action
def record_loaded(*, export: Export, by: Actor, now: datetime) -> None:
    """Record that the owner loaded the file. Raises DomainError where they may not see such things any more."""
    _check_right(registry.export_makers[export.kind], by)
    audit("export_loaded", ("export", export.pk), {"kind": export.kind}, by=by, now=now)
