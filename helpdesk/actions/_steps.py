"""What came due on clocks goes on record: an event each, a step each, of any number of tickets at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from helpdesk.actions._cycles import Fired, take_due
from helpdesk.actions._record import Happened, record_all
from helpdesk.actions._rows import add_rows
from helpdesk.actors import SYSTEM
from helpdesk.choices import StepKind
from helpdesk.domain.clock_events import BreachWithdrawn, ClockBreached, ClockWarned, RungReached, UpdateOwed
from helpdesk.domain.event_data import EventData
from helpdesk.models import SLACycle, SLAStep
from helpdesk.prepared import prepared


def put_on_record(fired: Sequence[Fired], *, now: datetime) -> None:
    """Write the steps with their events. Their tickets are locked; the caller saves `version`."""
    told = [one for one in fired if one.told]
    happened = [Happened(one.cycle.ticket, _event(one), one.effective_at) for one in told]
    events = dict(zip(map(id, told), record_all(happened, by=SYSTEM, now=now), strict=True))
    rows = [
        {
            "cycle_id": one.cycle.pk,
            "binding": one.binding,
            "key": one.step.key,
            "kind": one.step.kind,
            "due_at": one.due_at,
            "effective_at": one.effective_at,
            "event_id": events.get(id(one)),
        }
        for one in fired
    ]
    add_rows(SLAStep, rows)


def tell_due(
    cycles: Iterable[SLACycle],
    *,
    now: datetime,
    before: datetime | None = None,
    known: Mapping[int, set[str]] | None = None,
) -> list[Fired]:
    """Put on record all that came due before now, or before an earlier instant; of the `known` steps of a clock nobody
    is told again.
    """
    fired = list[Fired]()
    for cycle in cycles:
        fired += take_due(cycle, before or now, known=known.get(cycle.pk, ()) if known else ())
    if fired:
        put_on_record(fired, now=now)
    return fired


def tell_bound(cycles: Mapping[int, SLACycle], had: Mapping[int, datetime | None], *, now: datetime) -> None:
    """Put on record what follows where clocks were bound anew: what is due by the new promise, and breaches that are
    none by it. `had` says of each clock since when it was breached before.
    """
    known = defaultdict[int, set[str]](set)
    for pk, key in _told(list(cycles)):
        known[pk].add(key)
    tell_due(cycles.values(), now=now, known=known)
    withdraw_breaches([cycle for pk, cycle in cycles.items() if had[pk] and cycle.breached_at is None], now=now)


@prepared
def _told(cycles: Sequence[int]) -> QuerySet[SLAStep, tuple[int, str]]:
    return SLAStep.objects.filter(cycle__among=cycles).values_list("cycle_id", "key")


def withdraw_breaches(cycles: Sequence[SLACycle], *, now: datetime) -> None:
    """Put on record that there was no breach after all, of clocks that had one."""
    withdrawn = [
        Happened(cycle.ticket, BreachWithdrawn(cycle.pk, cycle.metric, cycle.number, cycle.binding), now)
        for cycle in cycles
    ]
    if withdrawn:
        record_all(withdrawn, by=SYSTEM, now=now)


def _event(fired: Fired) -> EventData:
    cycle, step = fired.cycle, fired.step
    policy_version_id, priority = cycle.policy_version_id or 0, cycle.bindings[fired.binding - 1]["priority"]
    told = (cycle.pk, cycle.metric, cycle.number, fired.binding, policy_version_id, priority, fired.latest)
    match step.kind:
        case StepKind.WARNING:
            return ClockWarned(*told, percent=step.percent or 0)
        case StepKind.BREACH:
            return ClockBreached(*told)
        case StepKind.OWED:
            return UpdateOwed(*told)
        case StepKind.RUNG:
            return RungReached(*told, rung=step.rung.key if step.rung else "")
