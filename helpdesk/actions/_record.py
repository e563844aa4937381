"""The only writer of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk import registry
from helpdesk.actions._base import CONSUME_TASK, kick
from helpdesk.actions._rows import add_rows
from helpdesk.actors import Actor
from helpdesk.domain.event_data import EventData
from helpdesk.models import AuditEvent, PendingEvent, Ticket, TicketEvent


def _of_actor(by: Actor) -> dict[str, Any]:
    return {
        "actor_kind": by.kind,
        "actor_id": None if by.user is None else by.user.pk,
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
    happened = Happened(ticket, data, effective_at or now, cause)
    (pk,) = record_all([happened], by=by, now=now)
    return TicketEvent(pk=pk, ticket=ticket, **_row(happened, _of_actor(by)))


def record_all(happened: Sequence[Happened], *, by: Actor, now: datetime) -> list[int]:
    """Add events to any number of tickets, as `record` adds one; several of one ticket in their order.

    Returns the ids of the events.
    """
    of_actor, rows = _of_actor(by), list[dict[str, Any]]()
    for one in happened:
        one.ticket.version += 1
        rows.append(_row(one, of_actor))
    keys = add_rows(TicketEvent, rows)
    kinds = {one.data.kind for one in happened}
    takers = {kind: [one.name for one in registry.consumers if kind in one.kinds] for kind in kinds}
    pending = [
        {
            "consumer": name,
            "event_id": key,
            "ticket_id": row["ticket_id"],
            "seq": row["seq"],
            "attempts": 0,
            "not_before": now,
            "last_error": "",
        }
        for key, row in zip(keys, rows, strict=True)
        for name in takers[row["kind"]]
    ]
    if pending:
        add_rows(PendingEvent, pending)
        kick(CONSUME_TASK)
    return keys


def _row(one: Happened, of_actor: dict[str, Any]) -> dict[str, Any]:
    """The columns of an event that was counted in the ticket's version already."""
    return {
        "ticket_id": one.ticket.pk,
        "seq": one.ticket.version,
        "kind": one.data.kind,
        "v": one.data.v,
        "data": one.data.as_json(),
        "cause_id": None if one.cause is None else one.cause.pk,
        "effective_at": one.effective_at,
        **of_actor,
    }


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
