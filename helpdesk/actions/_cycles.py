"""Steps on the rows of clocks, in memory: to add to a ledger, to bind, to stop, and to find what has come due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from helpdesk.choices import ClockMark, CycleState, Metric, Status, StepKind
from helpdesk.domain import clocks
from helpdesk.domain.clocks import Course, Entry, Promise, What
from helpdesk.domain.sla_rules import WARNED, Step
from helpdesk.models import SLACycle, Ticket
from helpdesk.models.policies import rules_of
from helpdesk.selectors.promises import Terms

# What of a ticket follows from its clocks.
MARKS: Final = ("sla_due_at", "sla_mark")
# What of a clock `mark` reads.
MARKED_BY: Final = ("metric", "state", "stopped_at", "target_seconds", "due_at", "breached_at")
# What of a clock changes where it is bound anew.
BOUND: Final = (
    "state", "bindings", "binding", "policy_version", "calendar_version", "target_seconds", "bound_at", "due_at",
    "left_seconds", "next_due_at", "steps_done", "breached_at",
)  # fmt: skip


@dataclass(slots=True)
class Fired:
    """A step that has come due. It is `told` unless it is old news or the ladder had stopped; `latest`, see events."""

    cycle: SLACycle
    binding: int
    step: Step
    due_at: datetime
    effective_at: datetime
    told: bool = True
    latest: bool = True


def steps_of(cycle: SLACycle) -> tuple[Step, ...]:
    """What comes due on the clock under its binding, in order."""
    if cycle.target_seconds is None:
        return ()
    return _steps(cycle.policy_version_id, cycle.metric, cycle.bindings[-1]["priority"], cycle.target_seconds)


@lru_cache(maxsize=10_000)
def _steps(version_id: int, metric: str, priority: int, target: int) -> tuple[Step, ...]:
    return rules_of(version_id).steps(Metric(metric), priority, timedelta(seconds=target))


def begin(ticket: Ticket, metric: Metric, number: int, *, at: datetime, terms: Terms, now: datetime) -> SLACycle:
    """A new clock that runs from an instant on, by the latest event of the ticket, and is bound now."""
    cycle = SLACycle(ticket=ticket, metric=metric, number=number, started_at=at)
    cycle.ledger = [Entry(at, What.START, Status(ticket.status), ticket.version).as_json()]
    bind(cycle, terms, ticket.priority, max(at, now), ticket.version)
    return cycle


def add(cycle: SLACycle, what: What, status: str, at: datetime, seq: int) -> None:
    """Put a line on the ledger; who had to wait for another's change comes after it, whatever their clock said."""
    last = datetime.fromisoformat(cycle.ledger[-1][0])
    cycle.ledger.append(Entry(max(at, last), what, Status(status), seq).as_json())


def bind(cycle: SLACycle, terms: Terms, priority: int, at: datetime, seq: int) -> bool:
    """Bind the clock to a promise and count its whole ledger anew. Returns whether that is another one than before."""
    now = (terms.policy_version_id, terms.calendar_version_id, terms.target_seconds, priority)
    if cycle.bindings and now == _bound(cycle.bindings[-1]):
        return False
    row: dict[str, Any] = dict(zip(("policy", "calendar", "target", "priority"), now, strict=True))
    cycle.bindings.append({**row, "rule": terms.rule_id, "at": at.isoformat(), "seq": seq})
    cycle.binding = len(cycle.bindings)
    cycle.policy_version_id, cycle.calendar_version_id = terms.policy_version_id, terms.calendar_version_id
    cycle.target_seconds, cycle.bound_at = terms.target_seconds, at
    cycle.steps_done, cycle.breached_at = 0, None
    project(cycle)
    return True


def _bound(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["policy"], row["calendar"], row["target"], row["priority"]


def project(cycle: SLACycle) -> None:
    """Write into the columns what follows from ledger and binding."""
    promise = cycle.promise
    cycle.due_at = cycle.left_seconds = cycle.next_due_at = None
    if promise is None:
        cycle.state = CycleState.VOID if cycle.is_stopped else CycleState.RUNNING
        return
    ledger = cycle.entries
    there = clocks.course(ledger, promise.paused)
    stand = clocks.stand(there, promise)
    cycle.due_at = stand.due_at
    if cycle.is_stopped:
        if ledger[-1].what is What.STOP:
            cycle.state = CycleState.MET if clocks.was_met(there, promise) else CycleState.BREACHED
        else:
            cycle.state = CycleState.VOID
        return
    cycle.state = CycleState.PAUSED if stand.is_paused else CycleState.RUNNING
    cycle.left_seconds = None if stand.left is None else int(stand.left.total_seconds())
    cycle.next_due_at = _next(cycle, there, promise)


def _next(cycle: SLACycle, there: Course, promise: Promise) -> datetime | None:
    """When the next step comes due that is not done yet; None where the clock stands before that."""
    steps = steps_of(cycle)
    if cycle.steps_done >= len(steps):
        return None
    step = steps[cycle.steps_done]
    return cycle.due_at if step.offset == promise.target else clocks.instant(there, promise, step.offset)


def take_due(cycle: SLACycle, before: datetime, *, known: Iterable[str] = ()) -> list[Fired]:
    """Take the steps off the clock that came due before an instant; of the `known` ones nobody is told again.

    A step counts from when it was due, or from when the clock was bound to this promise, if that was later.
    """
    found = list[Fired]()
    if cycle.next_due_at is None or cycle.next_due_at >= before or (promise := cycle.promise) is None:
        return found
    there, steps, seen = clocks.course(cycle.entries, promise.paused), steps_of(cycle), frozenset(known)
    is_acknowledged = cycle.ticket.acknowledged_at is not None
    while cycle.next_due_at is not None and cycle.next_due_at < before:
        step, due = steps[cycle.steps_done], cycle.next_due_at
        effective = max(due, cycle.bound_at or due)
        told = step.key not in seen and not (is_acknowledged and _stops_when_acknowledged(step))
        found.append(Fired(cycle, cycle.binding, step, due, effective, told))
        if step.kind in {StepKind.BREACH, StepKind.OWED}:
            cycle.breached_at = effective
        cycle.steps_done += 1
        cycle.next_due_at = _next(cycle, there, promise)
    news = [fired for fired in found if fired.told]
    for fired in news:
        fired.latest = fired is news[-1]
    return found


def _stops_when_acknowledged(step: Step) -> bool:
    return step.rung is not None and not step.rung.despite_acknowledged


def stop(cycle: SLACycle, at: datetime, status: str, seq: int, what: What = What.STOP) -> None:
    """Stop the clock and judge it; `AWAY` takes it off without a verdict, and it may come back."""
    add(cycle, what, status, at, seq)
    cycle.stopped_at = cycle.entries[-1].at
    project(cycle)


def bring_back(cycle: SLACycle, at: datetime, status: str, seq: int) -> None:
    """Let a clock go on that was taken off; the time between does not count."""
    add(cycle, What.BACK, status, at, seq)
    cycle.stopped_at = None
    project(cycle)


def put_mark(ticket: Ticket, cycles: Iterable[SLACycle]) -> None:
    """Set the columns of a locked ticket that follow from its clocks; the caller saves them (`MARKS`)."""
    for name, value in mark(cycles).items():
        setattr(ticket, name, value)


def mark(cycles: Iterable[SLACycle]) -> dict[str, Any]:
    """How the clocks that are not stopped stand together, as columns of the ticket."""
    bound = [cycle for cycle in cycles if cycle.target_seconds is not None and not cycle.is_stopped]
    dues = [cycle.due_at for cycle in bound if cycle.due_at is not None]
    if any(cycle.breached_at is not None and cycle.metric in WARNED for cycle in bound):
        how = ClockMark.BREACHED
    elif all(cycle.state == CycleState.PAUSED for cycle in bound):
        how = ClockMark.PAUSED if bound else ClockMark.NONE
    else:
        how = ClockMark.RUNNING
    return {"sla_due_at": min(dues, default=None), "sla_mark": how}
