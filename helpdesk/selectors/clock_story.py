"""What became of a clock: the promises it was bound to, what came due under them, and who has seen its ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.domain.clock_events import Acknowledged, BreachWithdrawn
from helpdesk.models import CalendarVersion, PolicyVersion, SLACycle, SLAStep, Ticket, TicketEvent, User


@dataclass(frozen=True, slots=True)
class Binding:
    """A promise that a clock was bound to from an instant on; without a target nothing was promised."""

    number: int
    at: datetime
    policy: PolicyVersion | None
    calendar: CalendarVersion | None
    target: timedelta | None


def bindings_of(cycle: SLACycle) -> list[Binding]:
    """All promises that the clock was bound to, the first one first."""
    policies = PolicyVersion.objects.select_related("policy").in_bulk({row["policy"] or 0 for row in cycle.bindings})
    calendars = CalendarVersion.objects.select_related("calendar").in_bulk(
        {row["calendar"] or 0 for row in cycle.bindings}
    )
    return [
        Binding(
            number,
            datetime.fromisoformat(row["at"]),
            policies.get(row["policy"]),
            calendars.get(row["calendar"]),
            None if row["target"] is None else timedelta(seconds=row["target"]),
        )
        for number, row in enumerate(cycle.bindings, 1)
    ]


def steps_of(cycle: SLACycle) -> Sequence[SLAStep]:
    """What came due on the clock, in order."""
    return list(SLAStep.objects.filter(cycle=cycle).order_by("binding", "due_at", "pk"))


def withdrawn_of(cycle: SLACycle) -> list[datetime]:
    """When breaches of the clock were taken back."""
    rows = TicketEvent.objects.filter(ticket=cycle.ticket_id, kind=BreachWithdrawn.kind, data__cycle_id=cycle.pk)
    return list(rows.order_by("seq").values_list("effective_at", flat=True))


def seen_by(ticket: Ticket) -> User | None:
    """Who acknowledged the ticket, since it was opened last."""
    if ticket.acknowledged_at is None:
        return None
    rows = TicketEvent.objects.select_related("actor__merged_into").filter(ticket=ticket, kind=Acknowledged.kind)
    event = rows.order_by("-seq").first()
    return event.actor.present if event is not None and event.actor is not None else None
