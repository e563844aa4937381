"""Clocks as people read them: what is left, and why a clock is due when it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from helpdesk.choices import ClockMark, CycleState, Metric, Status
from helpdesk.domain.clocks import Entry, Promise, course, instant
from helpdesk.domain.sla import Line, account
from helpdesk.domain.sla_rules import ANSWERING
from helpdesk.models import CalendarVersion, PolicyRule, PolicyVersion, SLACycle, Ticket, TicketEvent
from helpdesk.prepared import prepared

_NOTHING = timedelta()
# What is left of a target, as a share, from which on a clock shows that it runs out.
_SOON = 0.25


@dataclass(frozen=True, slots=True)
class Badge:
    """One clock as a page shows it: `left` is working time; below nought it is what has passed since it was due.

    `is_steady` where all the time until then is working time, so that it is as long on the wall as it is in the clock.
    """

    cycle_id: int
    metric: Metric
    due_at: datetime | None
    left: timedelta
    is_paused: bool
    is_soon: bool
    is_steady: bool

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        return self.left <= _NOTHING


def running(tickets: Iterable[Ticket]) -> Mapping[int, list[SLACycle]]:
    """The clocks of each ticket that are not stopped and promise something, the next due first. At most one query."""
    found = defaultdict[int, list[SLACycle]](list)
    if not (ids := [ticket.pk for ticket in tickets if ticket.sla_mark != ClockMark.NONE]):
        return found
    for cycle in _running(ids):
        found[cycle.ticket_id].append(cycle)
    return found


@prepared
def _running(tickets: Sequence[int]) -> QuerySet[SLACycle]:
    rows = SLACycle.objects.filter(ticket__among=tickets, stopped_at__isnull=True, target_seconds__isnull=False)
    return rows.defer("ledger", "bindings").order_by("due_at", "pk")


def next_badges(tickets: Iterable[Ticket], now: datetime) -> Mapping[int, Badge]:
    """Of each ticket the clock that is due next. At most one query."""
    return {pk: badge(cycles[0], now) for pk, cycles in running(tickets).items()}


def answers_due(tickets: Iterable[Ticket]) -> Mapping[int, datetime]:
    """When each ticket's requester is promised our next answer, where somebody waits for one. At most one query."""
    if not (ids := [ticket.pk for ticket in tickets if ticket.sla_mark != ClockMark.NONE]):
        return {}
    return {pk: due for pk, due in _answers_due(ids) if due is not None}


@prepared
def _answers_due(tickets: Sequence[int]) -> QuerySet[SLACycle, tuple[int, datetime | None]]:
    rows = SLACycle.objects.filter(stopped_at__isnull=True, target_seconds__isnull=False, metric__in=sorted(ANSWERING))
    return rows.filter(ticket__among=tickets).values_list("ticket", "due_at")


def of_ticket(ticket: Ticket) -> list[SLACycle]:
    """All clocks of a ticket that ever promised something, the running ones first, then the latest."""
    return sorted(
        (cycle for cycle in _cycles_of(ticket.pk) if any(row["target"] is not None for row in cycle.bindings)),
        key=lambda cycle: (cycle.is_stopped, cycle.due_at is None, cycle.due_at or cycle.started_at, cycle.pk),
    )


@prepared
def _cycles_of(ticket: int) -> QuerySet[SLACycle]:
    return SLACycle.objects.filter(ticket=ticket).select_related("policy_version__policy")


def badge(cycle: SLACycle, now: datetime) -> Badge:
    """How the clock stands now."""
    promise = _promise(cycle)
    left = timedelta(seconds=cycle.left_seconds or 0)
    if cycle.due_at is not None:
        clock = promise.working_time
        ahead = now < cycle.due_at
        left = clock.between(now, cycle.due_at) if ahead else -clock.between(cycle.due_at, now)
    return Badge(
        cycle_id=cycle.pk,
        metric=Metric(cycle.metric),
        due_at=cycle.due_at,
        left=left,
        is_paused=cycle.state == CycleState.PAUSED and cycle.due_at is None,
        is_soon=_NOTHING < left < promise.target * _SOON,
        is_steady=cycle.due_at is not None and abs(cycle.due_at - now) == abs(left),
    )


def _promise(cycle: SLACycle) -> Promise:
    """What the clock is bound to. Raises ValueError for one that promises nothing."""
    promise = cycle.promise
    if promise is None:
        raise ValueError(f"The clock {cycle.pk} promises nothing.")
    return promise


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happened to a clock: a line of its ledger with the event that said so."""

    at: datetime
    what: str
    status: Status
    is_counting: bool
    event: TicketEvent | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a clock is due when it is. The counted times of `lines` add up to `used`, and at the deadline to the target.

    `until` is where the lines end: at the deadline, or where the clock stands or was stopped.
    """

    cycle: SLACycle
    policy: PolicyVersion
    calendar: CalendarVersion
    rule: PolicyRule | None
    is_chosen: bool
    lines: Sequence[Line]
    turns: Sequence[Turn]
    until: datetime
    used: timedelta
    holidays: Mapping[object, str]


def explain(cycle: SLACycle, now: datetime) -> Explained:
    """Everything that decides on when the clock is due. Raises ValueError for one that promises nothing."""
    promise, ledger = _promise(cycle), cycle.entries
    there = course(ledger, promise.paused)
    due = instant(there, promise, promise.target)
    until = due or there.since or there.stop or now
    pauses = [*there.pauses]
    if there.since is not None and there.since < until:
        pauses.append((there.since, until))
    lines = account(promise.working_time, there.start, until, pauses)
    calendar = CalendarVersion.objects.select_related("calendar").get(pk=cycle.calendar_version_id or 0)
    days = {line.holiday for line in lines if line.holiday is not None}
    bound = cycle.bindings[-1]
    rules = PolicyRule.objects.select_related("policy", "organization", "service_tier", "queue", "category")
    return Explained(
        cycle=cycle,
        policy=PolicyVersion.objects.select_related("policy").get(pk=cycle.policy_version_id or 0),
        calendar=calendar,
        rule=rules.filter(pk=bound.get("rule")).first() if bound.get("rule") else None,
        is_chosen=bound.get("rule") is None,
        lines=lines,
        turns=_turns(cycle, ledger, promise),
        until=until,
        used=sum((line.counted for line in lines), _NOTHING),
        holidays={holiday.day: holiday.name for holiday in calendar.holidays.filter(day__in=days)} if days else {},
    )


def _turns(cycle: SLACycle, ledger: Sequence[Entry], promise: Promise) -> list[Turn]:
    seqs = {entry.seq for entry in ledger}
    rows = TicketEvent.objects.select_related("actor__merged_into").filter(ticket=cycle.ticket_id, seq__in=seqs)
    events = {event.seq: event for event in rows}
    return [
        Turn(entry.at, entry.what.value, entry.status, entry.status not in promise.paused, events.get(entry.seq))
        for entry in ledger
    ]
