"""The only writer of events."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a ticket that is locked (or new), and when it counts."""

    ticket: Ticket
    data: EventData
    effective_at: datetime
    cause: TicketEvent | None = None


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
    (event,) = record_all([Happened(ticket, data, effective_at or now, cause)], by=by, now=now)
    return event


def record_all(happened: Sequence[Happened], *, by: Actor, now: datetime) -> list[TicketEvent]:
    """Add events to any number of tickets, as `record` adds one; several of one ticket in their order."""
    of_actor, events = _of_actor(by), list[TicketEvent]()
    for one in happened:
        one.ticket.version += 1
        event = TicketEvent(
            ticket=one.ticket,
            seq=one.ticket.version,
            kind=one.data.kind,
            v=one.data.v,
            data=one.data.as_json(),
            cause=one.cause,
            effective_at=one.effective_at,
            **of_actor,
        )
        events.append(event)
    TicketEvent.objects.bulk_create(events)
    takers = {event.kind: [one.name for one in registry.consumers if event.kind in one.kinds] for event in events}
    pending = [
        PendingEvent(consumer=name, event=event, ticket=event.ticket, seq=event.seq, not_before=now)
        for event in events
        for name in takers[event.kind]
    ]
    if pending:
        PendingEvent.objects.bulk_create(pending)
        kick(CONSUME_TASK)
    return events


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
