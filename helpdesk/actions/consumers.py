"""Consumers take their events: each effect exactly once, in the transaction that takes the event off the list.

Several go in one transaction, which costs little more than one: events of one consumer alone, in the order of their
tickets, so that whoever locks tickets in that order too never waits in a circle.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk import registry
from helpdesk.actions._base import action
from helpdesk.actions._claim import claim
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain import backoff
from helpdesk.errors import Code, DomainError
from helpdesk.models import PendingEvent
from helpdesk.permissions import Right, holds
from helpdesk.prepared import prepared

log = structlog.get_logger(__name__)
_ERROR_LENGTH: Final = 2000
# At most so many go in one transaction, and no more once it lasted so many seconds: others wait for its tickets.
_AT_ONCE: Final = 50
_PATIENCE: Final = 0.25


def consume_due(*, now: datetime, limit: int) -> int:
    """Let consumers take up to `limit` waiting events. Returns how many were tried."""
    count = 0
    while count < limit and (taken := _consume_some(now, min(limit - count, _AT_ONCE))):
        count += taken
    return count


@action
def pass_over(*, before: datetime, by: Actor, now: datetime) -> int:
    """Let nothing come any more of the events before a moment: a history that was brought in is no news to anybody.

    Returns how many effects were dropped.
    """
    if not holds(by, Right.CHANGE_OPERATION):
        raise DomainError(_("You may not drop what waits."), Code.FORBIDDEN)
    count, _rows = PendingEvent.objects.filter(not_before__lt=before).delete()
    if count:
        audit("effects_passed_over", ("pendingevent", None), {"count": count}, by=by, now=now)
    return count


class _Waiting(NamedTuple):
    """What of a waiting event decides on whose turn it is."""

    pk: int
    consumer: str
    ticket_id: int
    seq: int
    attempts: int


def _claimed(now: datetime, limit: int) -> Sequence[PendingEvent]:
    """The oldest that may be taken now, all of one consumer, by their tickets.

    A ticket's events reach a consumer in their order; one that failed waits alone and is passed by.
    """

    def due(look: int) -> Sequence[_Waiting]:
        return [_Waiting(*row) for row in _due(now, look=look)]

    return claim(due, partial(_lock, now=now, limit=limit))


def _lock(waiting: Sequence[_Waiting], *, now: datetime, limit: int) -> Sequence[PendingEvent]:
    for name in dict.fromkeys(one.consumer for one in waiting):
        some = [one for one in waiting if one.consumer == name][:limit]
        held = list(_free(now, [one.pk for one in some]))
        if rows := _in_order(some, held):
            return rows
    return ()


def _in_order(waiting: Iterable[_Waiting], held: Sequence[PendingEvent]) -> Sequence[PendingEvent]:
    """Those of the held ones before which nothing of their ticket is in another worker's hands, or was a moment ago."""
    ours, until = {row.pk for row in held}, dict[int, int]()
    for one in waiting:
        if one.pk not in ours and not one.attempts:
            until[one.ticket_id] = min(one.seq, until.get(one.ticket_id, one.seq))
    return [row for row in held if row.attempts or row.seq < until.get(row.ticket_id, row.seq + 1)]


@prepared
def _due(now: datetime, *, look: int) -> QuerySet[PendingEvent, tuple[int, str, int, int, int]]:
    rows = PendingEvent.objects.filter(not_before__lte=now).order_by("not_before", "id")
    return rows.values_list("pk", "consumer", "ticket_id", "seq", "attempts")[:look]


@prepared
def _free(now: datetime, keys: Sequence[int]) -> QuerySet[PendingEvent]:
    """Of these rows those that nobody holds, and before which nothing waits but others of these."""
    line = PendingEvent.objects.filter(consumer=OuterRef("consumer"), ticket=OuterRef("ticket"), attempts=0)
    earlier = line.filter(seq__lt=OuterRef("seq")).exclude(pk__among=keys)
    rows = PendingEvent.objects.filter(Q(attempts__gt=0) | ~Exists(earlier), pk__among=keys, not_before__lte=now)
    people = rows.select_related("event__ticket__requester", "event__ticket__assignee")
    return people.order_by("ticket_id", "seq").select_for_update(skip_locked=True, of=("self",))


def _consume_some(now: datetime, limit: int) -> int:
    ends = time.monotonic() + _PATIENCE
    with transaction.atomic(durable=True):
        rows = _claimed(now, limit)
        done, failed = _together([row for row in rows if not row.attempts], now), list[PendingEvent]()
        rest = [row for row in rows if row.attempts] if done else rows
        for row in rest:
            if time.monotonic() > ends and (done or failed):
                break
            (done if _alone(row, now) else failed).append(row)
        PendingEvent.objects.filter(pk__in=[row.pk for row in done]).delete()
        return len(done) + len(failed)


def _together(rows: Sequence[PendingEvent], now: datetime) -> list[PendingEvent]:
    """Let their consumer take all of them at once, where it can. Returns those that it took: all or none.

    Where one of them is not digestible, each is tried alone.
    """
    consumer = registry.consumers.get(rows[0].consumer) if len(rows) > 1 else None
    if consumer is None or consumer.handle_all is None:
        return []
    try:
        with transaction.atomic():
            consumer.handle_all([row.event for row in rows], now)
    except Exception as error:  # noqa: BLE001 - it will be told of the one that failed
        log.info("events_taken_apart", consumer=consumer.name, error=str(error))
        return []
    return list(rows)


def _alone(pending: PendingEvent, now: datetime) -> bool:
    """Let its consumer take one event; where that fails, it waits. Returns whether it was taken."""
    try:
        with transaction.atomic():
            registry.consumers[pending.consumer].handle(pending.event, now)
    except Exception as error:
        pending.attempts += 1
        pending.not_before = now + backoff.delay(pending.attempts)
        pending.last_error = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH]
        pending.save(update_fields=["attempts", "not_before", "last_error"])
        log.exception(
            "event_failed",
            consumer=pending.consumer,
            ticket_event=pending.event_id,
            tries=pending.attempts,
        )
        return False
    return True
