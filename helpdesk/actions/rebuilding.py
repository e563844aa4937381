"""What follows from the ledgers of clocks is written anew: for who doubts it, and after a mended mistake."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from helpdesk.actions._base import action
from helpdesk.actions._cycles import MARKS, project, put_mark
from helpdesk.actions._record import audit
from helpdesk.actions._rows import write_back
from helpdesk.actors import Actor
from helpdesk.choices import CycleState, StepKind
from helpdesk.models import SLACycle, SLAStep, Ticket

BATCH: Final = 500
# All that follows from a ledger, its bindings and the steps on record.
_FOLLOWS: Final = ("state", "due_at", "left_seconds", "next_due_at", "steps_done", "breached_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that did not say what follows from the ledger."""

    ref: str
    what: str
    column: str
    stored: Any
    right: Any


def rebuild(*, by: Actor, now: datetime, write: bool) -> Iterator[Difference]:
    """Count every clock anew and yield what differs; with `write` it is mended. Tickets are taken in batches."""
    through = 0
    while ids := list(
        SLACycle.objects.filter(ticket__gt=through)
        .order_by("ticket")
        .values_list("ticket", flat=True)
        .distinct()[:BATCH]
    ):
        through = ids[-1]
        yield from _rebuild(ticket_ids=ids, by=by, now=now, write=write)


@action
def _rebuild(*, ticket_ids: list[int], by: Actor, now: datetime, write: bool) -> list[Difference]:
    held = Ticket.objects.select_for_update().filter(pk__in=ticket_ids).order_by("pk")
    tickets = {ticket.pk: ticket for ticket in held}
    cycles = list(SLACycle.objects.filter(ticket__in=tickets).order_by("ticket", "pk"))
    steps = list(SLAStep.objects.filter(cycle__ticket__in=tickets).order_by("cycle", "pk"))
    by_cycle = {pk: list(rows) for pk, rows in groupby(steps, key=lambda step: step.cycle_id)}
    found, changed = list[Difference](), list[SLACycle]()
    for cycle in cycles:
        stored = {name: getattr(cycle, name) for name in _FOLLOWS}
        _count_anew(cycle, by_cycle.get(cycle.pk, []))
        ref = tickets[cycle.ticket_id].ref
        wrong = _differences(ref, f"{cycle.metric} {cycle.number}", stored, cycle)
        found += wrong
        changed += [cycle] if wrong else []
    marked = list[Ticket]()
    for pk, rows in groupby(cycles, key=lambda cycle: cycle.ticket_id):
        ticket = tickets[pk]
        stored = {name: getattr(ticket, name) for name in MARKS}
        put_mark(ticket, rows)
        wrong = _differences(ticket.ref, "ticket", stored, ticket)
        found += wrong
        marked += [ticket] if wrong else []
    if write and found:
        write_back(changed, _FOLLOWS)
        write_back(marked, MARKS)
        audit("clocks_rebuilt", ("slacycle", None), {"count": len(found)}, by=by, now=now)
    return found


def _count_anew(cycle: SLACycle, steps: list[SLAStep]) -> None:
    own = [step for step in steps if step.binding == cycle.binding]
    cycle.steps_done = len(own)
    ends = [step.effective_at for step in own if step.kind in {StepKind.BREACH, StepKind.OWED}]
    project(cycle)
    # A clock that was met had no breach, also where one was told while who stopped it waited.
    cycle.breached_at = ends[0] if ends and cycle.state != CycleState.MET else None


def _differences(ref: str, what: str, stored: dict[str, Any], row: SLACycle | Ticket) -> list[Difference]:
    return [
        Difference(ref, what, name, value, getattr(row, name))
        for name, value in stored.items()
        if value != getattr(row, name)
    ]
