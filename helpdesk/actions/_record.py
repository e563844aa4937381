"""The only writer of events."""

from datetime import datetime
from typing import Any

from helpdesk import registry
from helpdesk.actions._base import CONSUME_TASK, kick
from helpdesk.actors import Actor
from helpdesk.domain.event_data import EventData
from helpdesk.models import AuditEvent, PendingEvent, Ticket, TicketEvent


def _of_actor(by: Actor) -> dict[str, Any]:
    return {
        "actor_kind": by.kind,
        "actor": by.user,
        "channel": by.channel,
        "request_id": by.request_id,
    }


def record(
    ticket: Ticket,
    data: EventData,
    *,
    by: Actor,
    now: datetime,
    cause: TicketEvent | None = None,
    effective_at: datetime | None = None,
) -> TicketEvent:
    """Add an event to a ticket that is locked (or new) and leave it to the consumers of its kind.

    Raises the ticket's `version`; the caller saves that column.
    """
    ticket.version += 1
    event = TicketEvent.objects.create(
        ticket=ticket,
        seq=ticket.version,
        kind=data.kind,
        v=data.v,
        data=data.as_json(),
        cause=cause,
        effective_at=effective_at or now,
        **_of_actor(by),
    )
    pending = [
        PendingEvent(
            consumer=consumer.name,
            event=event,
            ticket=ticket,
            seq=event.seq,
            not_before=now,
        )
        for consumer in registry.consumers
        if data.kind in consumer.kinds
    ]
    if pending:
        PendingEvent.objects.bulk_create(pending)
        kick(CONSUME_TASK)
    return event


def audit(
    kind: str,
    subject: tuple[str, object],
    data: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> AuditEvent:
    """Record what happened to anything but a ticket. `subject` is its type and key; `data` names nobody."""
    subject_type, subject_id = subject
    return AuditEvent.objects.create(
        kind=kind,
        subject_type=subject_type,
        subject_id="" if subject_id is None else str(subject_id),
        data=data,
        effective_at=now,
        **_of_actor(by),
    )
