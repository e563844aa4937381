"""Consumers take their events: each effect exactly once, in the transaction that takes the event off the list."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from helpdesk import registry
from helpdesk.domain import backoff
from helpdesk.models import PendingEvent

log = structlog.get_logger(__name__)
_ERROR_LENGTH = 2000


def consume_due(*, now: datetime, limit: int) -> int:
    """Let consumers take up to `limit` waiting events. Returns how many were tried."""
    for count in range(limit):
        if not _consume_next(now):
            return count
    return limit


def _claimable(now: datetime) -> QuerySet[PendingEvent]:
    """What may be taken now, the oldest first.

    A ticket's events reach a consumer in their order; one that failed waits alone and is passed by.
    """
    earlier = PendingEvent.objects.filter(
        consumer=OuterRef("consumer"),
        ticket=OuterRef("ticket"),
        seq__lt=OuterRef("seq"),
        attempts=0,
    )
    return (
        PendingEvent.objects.filter(~Exists(earlier), not_before__lte=now)
        .order_by("not_before", "id")
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("event", "event__ticket")
    )


def _consume_next(now: datetime) -> bool:
    with transaction.atomic(durable=True):
        pending = _claimable(now).first()
        if pending is None:
            return False
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
        else:
            pending.delete()
    return True
