"""Consumers take their events: each effect exactly once, in the transaction that takes the event off the list."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from helpdesk import registry
from helpdesk.actions._base import action
from helpdesk.actions._claim import claim_first
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain import backoff
from helpdesk.errors import Code, DomainError
from helpdesk.models import PendingEvent
from helpdesk.permissions import Right, holds

log = structlog.get_logger(__name__)
_ERROR_LENGTH = 2000


def consume_due(*, now: datetime, limit: int) -> int:
    """Let consumers take up to `limit` waiting events. Returns how many were tried."""
    for count in range(limit):
        if not _consume_next(now):
            return count
    return limit


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


def _next(now: datetime) -> PendingEvent | None:
    """The oldest that may be taken now.

    A ticket's events reach a consumer in their order; one that failed waits alone and is passed by.
    """
    due = PendingEvent.objects.filter(not_before__lte=now).order_by("not_before", "id")
    line = PendingEvent.objects.filter(consumer=OuterRef("consumer"), ticket=OuterRef("ticket"), attempts=0)
    return claim_first(
        due.select_related("event", "event__ticket"),
        head=Subquery(line.order_by("seq").values("pk")[:1]),
        alone=Q(attempts__gt=0),
    )


def _consume_next(now: datetime) -> bool:
    with transaction.atomic(durable=True):
        pending = _next(now)
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
