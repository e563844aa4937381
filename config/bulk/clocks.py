"""The clocks of a past, as actions and sweeps would have kept them: `helpdesk.actions._clocks` tells their rules.

What is promised is what is in force when the desk is filled, as if it always had been.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Final, NamedTuple, Protocol

from config.bulk.tables import NULL, Table, moment
from helpdesk.choices import ClockMark, CycleState, Metric, Status, StepKind
from helpdesk.domain import clock_events
from helpdesk.domain.clocks import Entry, Promise, What, course, instant, stand, was_met
from helpdesk.domain.event_data import EventData
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.domain.sla_rules import WARNED, Asked, Step
from helpdesk.models import SLACycle, SLAStep
from helpdesk.models.clocks import promise
from helpdesk.models.policies import rules_of
from helpdesk.selectors.promises import Setup, Terms

CYCLES: Final = Table(
    SLACycle, "id", "ticket_id", "metric", "number", "state", "started_at", "stopped_at", "ledger", "bindings",
    "binding", "policy_version_id", "calendar_version_id", "target_seconds", "bound_at", "due_at", "left_seconds",
    "next_due_at", "steps_done", "breached_at",
)  # fmt: skip
STEPS: Final = Table(SLAStep, "id", "cycle_id", "binding", "key", "kind", "due_at", "effective_at", "event_id")

_WHILE_UNSOLVED: Final = (Metric.UPDATE, Metric.RESOLUTION)
_ANSWERS: Final = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})
_ENDS: Final = frozenset({StepKind.BREACH, StepKind.OWED})


class _Bound(NamedTuple):
    """What a clock goes by, if by anything, and what comes due on it."""

    promise: Promise | None
    steps: tuple[Step, ...]


@lru_cache(maxsize=10_000)
def _bound(terms: Terms, metric: Metric, priority: int) -> _Bound:
    if terms.target is None or terms.policy_version_id is None or terms.calendar_version_id is None:
        return _Bound(None, ())
    versions = terms.policy_version_id, terms.calendar_version_id
    steps = rules_of(versions[0]).steps(metric, priority, terms.target)
    return _Bound(promise(versions, metric, terms.target), steps)


class _Binding(NamedTuple):
    terms: Terms
    priority: int
    at: datetime
    seq: int

    def told(self) -> str:
        """As it is stored."""
        return f'{_told(self.terms, self.priority)}"at": "{moment(self.at)}", "seq": {self.seq}}}'


@lru_cache(maxsize=10_000)
def _told(terms: Terms, priority: int) -> str:
    names = {
        "policy": terms.policy_version_id,
        "calendar": terms.calendar_version_id,
        "target": terms.target_seconds,
        "priority": priority,
        "rule": terms.rule_id,
    }
    return json.dumps(names)[:-1] + ", "


class _Line(NamedTuple):
    """A line of a ledger, and as it is stored. All clocks of a ticket share it."""

    at: datetime
    what: What
    status: Status
    seq: int
    text: str


def _line(at: datetime, what: What, status: Status, seq: int) -> _Line:
    return _Line(at, what, status, seq, f'["{moment(at)}", "{what._value_}", "{status._value_}", {seq}]')


@dataclass(slots=True)
class _Cycle:
    """One clock, while it runs."""

    pk: int
    metric: Metric
    number: int
    lines: list[_Line]
    bindings: list[_Binding]
    bound: _Bound
    done: int = 0
    next_due: datetime | None = None
    breached_at: datetime | None = None
    known: set[str] = field(default_factory=set)
    # Whether it ever stood: one that did not is counted without a look at its ledger.
    stood: bool = False

    @property
    def entries(self) -> list[Entry]:
        """What happened to it."""
        return [Entry(at, what, status, seq) for at, what, status, seq, _text in self.lines]

    @property
    def started_at(self) -> datetime:
        """Since when it runs."""
        return self.lines[0].at

    def count(self) -> None:
        """Find when the next step comes due."""
        by, steps = self.bound
        if by is None or self.done >= len(steps):
            self.next_due = None
        elif self.stood:
            self.next_due = instant(course(self.entries, by.paused), by, steps[self.done].offset)
        else:
            self.next_due = by.working_time.add(self.started_at, steps[self.done].offset)

    def add(self, line: _Line) -> None:
        """Put a line on the ledger, and see whether the clock stands from now on, or goes on."""
        before = self.lines[-1].status
        self.lines.append(line)
        by = self.bound.promise
        if by is not None and (before in by.paused) != (line.status in by.paused):
            self.stood = True
            self.count()

    def row(self, ticket: int, stopped_at: datetime | None) -> tuple[str, datetime | None, CycleState]:
        """The row, with when the clock is due and how it stands."""
        by, last = self.bound.promise, self.bindings[-1]
        state, due, left = CycleState.VOID if stopped_at else CycleState.RUNNING, None, None
        ended = self.lines[-1].what
        if by is not None and not self.stood and ended is not What.AWAY:
            due = by.working_time.add(self.started_at, by.target)
            if stopped_at:
                state = CycleState.BREACHED if self.breached_at else CycleState.MET
        elif by is not None:
            there = course(self.entries, by.paused)
            stands = stand(there, by)
            due, left = stands.due_at, None if stopped_at else stands.left
            if not stopped_at:
                state = CycleState.PAUSED if stands.is_paused else CycleState.RUNNING
            elif ended is What.STOP:
                state = CycleState.BREACHED if self.breached_at else CycleState.MET
        ledger = ", ".join([line.text for line in self.lines])
        row = CYCLES.line(
            self.pk, ticket, self.metric, self.number, state, moment(self.started_at), moment(stopped_at),
            f"[{ledger}]", "[" + ", ".join([one.told() for one in self.bindings]) + "]", len(self.bindings),
            _or_null(last.terms.policy_version_id), _or_null(last.terms.calendar_version_id),
            _or_null(last.terms.target_seconds), moment(last.at), moment(due),
            NULL if left is None else int(left.total_seconds()),
            NULL if stopped_at else moment(self.next_due), self.done, moment(self.breached_at),
        )  # fmt: skip
        return row, due, state


def _or_null(number: int | None) -> object:
    return NULL if number is None else number


class Book(Protocol):
    """Where rows are written."""

    lines: dict[Table, list[str]]

    def next(self, table: Table) -> int: ...

    def add(self, table: Table, *values: object) -> int: ...


class Clocks:
    """The clocks of one ticket. Every instant is the ticket's own, and they come in their order."""

    def __init__(self, ticket: int, setup: Setup, book: Book, tell: Callable[[EventData, datetime], int]) -> None:
        self.ticket, self.setup, self.book, self.tell = ticket, setup, book, tell
        self.cycles: list[_Cycle] = []
        self.last: dict[Metric, int] = {}
        self._promised: tuple[Asked | None, Callable[[Metric], Terms]] = None, lambda _metric: Terms()

    def begin(self, asked: Asked, at: datetime, seq: int) -> None:
        """Those of a new ticket."""
        terms = self._promise(asked, at)
        for metric in (Metric.FIRST_RESPONSE, *_WHILE_UNSOLVED):
            self._start(metric, Status.NEW, _Binding(terms(metric), asked.priority, at, seq))

    def catch_up(self, before: datetime) -> None:
        """What sweeps told by then: each step soon after it came due."""
        while due := [(one.next_due, one.pk, one) for one in self.cycles if one.next_due and one.next_due < before]:
            self._fire(min(due)[2], latest=True)

    def rebind(self, asked: Asked, at: datetime, seq: int) -> None:
        """The running ones are bound to what is promised now."""
        terms, changed = self._promise(asked, at), list[tuple[_Cycle, datetime | None]]()
        for cycle in self.cycles:
            now, last = terms(cycle.metric), cycle.bindings[-1]
            if (replace(now, rule_id=None), asked.priority) == (replace(last.terms, rule_id=None), last.priority):
                continue
            changed.append((cycle, cycle.breached_at))
            cycle.bindings.append(_Binding(now, asked.priority, at, seq))
            cycle.bound = _bound(now, cycle.metric, asked.priority)
            cycle.done, cycle.breached_at = 0, None
            cycle.stood = len(cycle.lines) > 1
            cycle.count()
        for cycle, _had in changed:
            self._fire_at_once(cycle, at)
        for cycle, had in changed:
            if had and cycle.breached_at is None:
                self._withdraw(cycle, at)

    def follow(self, asked: Asked, move: tuple[Status, Status], words: list[bool], at: datetime, seq: int) -> None:
        """What was done: a move from a status to another, and public words, by the desk or by who asked."""
        before, after = move
        if before in SOLVED and after in SOLVED:
            return
        if after in SOLVED:
            self._spoken(asked, words, after, at, seq)
            self._stop(at, after, seq, Metric.RESOLUTION)
            self._stop(at, after, seq, what=What.AWAY)
            return
        if before in SOLVED:
            terms = self._promise(asked, at)
            for metric in _WHILE_UNSOLVED:
                self._start(metric, after, _Binding(terms(metric), asked.priority, at, seq))
        elif before is not after:
            line = _line(at, What.STATUS, after, seq)
            for cycle in self.cycles:
                cycle.add(line)
        self._spoken(asked, words, after, at, seq)

    def end(self) -> tuple[datetime | None, ClockMark]:
        """Write those that run, and say how they stand together."""
        dues, states, is_breached = list[datetime](), list[CycleState](), False
        for cycle in self.cycles:
            row, due, state = cycle.row(self.ticket, None)
            self.book.lines[CYCLES].append(row)
            if cycle.bound.promise is None:
                continue
            dues += [due] if due else []
            states.append(state)
            is_breached = is_breached or (cycle.breached_at is not None and cycle.metric in WARNED)
        if is_breached:
            return min(dues, default=None), ClockMark.BREACHED
        if all(state is CycleState.PAUSED for state in states):
            return min(dues, default=None), ClockMark.PAUSED if states else ClockMark.NONE
        return min(dues, default=None), ClockMark.RUNNING

    def _promise(self, asked: Asked, at: datetime) -> Callable[[Metric], Terms]:
        if self.setup.windows:
            return replace(self.setup, at=at).promise(asked)
        if self._promised[0] is not asked:
            self._promised = asked, cache(self.setup.promise(asked))
        return self._promised[1]

    def _start(self, metric: Metric, status: Status, binding: _Binding) -> None:
        number = self.last[metric] = self.last.get(metric, 0) + 1
        terms, priority, at, seq = binding
        lines = [_line(at, What.START, status, seq)]
        bound = _bound(terms, metric, priority)
        cycle = _Cycle(self.book.next(CYCLES), metric, number, lines, [binding], bound)
        cycle.stood = bound.promise is not None and status in bound.promise.paused
        cycle.count()
        self.cycles.append(cycle)

    def _stop(self, at: datetime, status: Status, seq: int, *metrics: Metric, what: What = What.STOP) -> None:
        line = _line(at, what, status, seq)
        for cycle in [one for one in self.cycles if not metrics or one.metric in metrics]:
            cycle.lines.append(line)
            by = cycle.bound.promise
            if by and cycle.breached_at and what is What.STOP and was_met(course(cycle.entries, by.paused), by):
                # It was due when the hours ended, and stopped before they began again.
                cycle.breached_at = None
                self._withdraw(cycle, at)
            self.cycles.remove(cycle)
            self.book.lines[CYCLES].append(cycle.row(self.ticket, at)[0])

    def _spoken(self, asked: Asked, words: list[bool], status: Status, at: datetime, seq: int) -> None:
        for by_desk in words:
            if by_desk:
                self._stop(at, status, seq, *_ANSWERS)
                self._rearm(asked, status, at, seq)
            elif status not in SOLVED and not any(one.metric in _ANSWERS for one in self.cycles):
                terms = self._promise(asked, at)(Metric.NEXT_RESPONSE)
                self._start(Metric.NEXT_RESPONSE, status, _Binding(terms, asked.priority, at, seq))

    def _rearm(self, asked: Asked, status: Status, at: datetime, seq: int) -> None:
        """The next update is owed later; a clock that never promised one starts over, and no row tells of it."""
        for cycle in [one for one in self.cycles if one.metric is Metric.UPDATE]:
            if all(one.terms.target_seconds is None for one in cycle.bindings):
                cycle.lines = [_line(at, What.START, status, seq)]
                continue
            self._stop(at, status, seq, Metric.UPDATE)
            if status not in SOLVED:
                terms = self._promise(asked, at)(Metric.UPDATE)
                self._start(Metric.UPDATE, status, _Binding(terms, asked.priority, at, seq))

    def _fire(self, cycle: _Cycle, *, latest: bool) -> None:
        step, due = cycle.bound.steps[cycle.done], cycle.next_due
        if due is None:
            return
        effective, event = max(due, cycle.bindings[-1].at), None
        if step.key not in cycle.known:
            event = self.tell(_event(cycle, step, latest=latest), effective)
            cycle.known.add(step.key)
        self.book.add(
            STEPS, cycle.pk, len(cycle.bindings), step.key, step.kind, moment(due), moment(effective), _or_null(event)
        )
        if step.kind in _ENDS:
            cycle.breached_at = effective
        cycle.done += 1
        cycle.count()

    def _fire_at_once(self, cycle: _Cycle, before: datetime) -> None:
        """What a new promise brings to light: of the steps that nobody was told of the last one alone is news."""
        news = [step.key for step in _due(cycle, before) if step.key not in cycle.known]
        while cycle.next_due is not None and cycle.next_due < before:
            self._fire(cycle, latest=cycle.bound.steps[cycle.done].key == news[-1] if news else True)

    def _withdraw(self, cycle: _Cycle, at: datetime) -> None:
        told = clock_events.BreachWithdrawn(cycle.pk, cycle.metric, cycle.number, len(cycle.bindings))
        self.tell(told, at)


def _due(cycle: _Cycle, before: datetime) -> Iterator[Step]:
    by, steps = cycle.bound
    there = course(cycle.entries, by.paused) if by else None
    for step in steps[cycle.done :]:
        at = instant(there, by, step.offset) if there and by else None
        if at is None or at >= before:
            return
        yield step


def _event(cycle: _Cycle, step: Step, *, latest: bool) -> EventData:
    terms, priority = cycle.bindings[-1].terms, cycle.bindings[-1].priority
    told = (
        cycle.pk, cycle.metric.value, cycle.number, len(cycle.bindings), terms.policy_version_id or 0, priority, latest,
    )  # fmt: skip
    match step.kind:
        case StepKind.WARNING:
            return clock_events.ClockWarned(*told, percent=step.percent or 0)
        case StepKind.BREACH:
            return clock_events.ClockBreached(*told)
        case StepKind.OWED:
            return clock_events.UpdateOwed(*told)
        case StepKind.RUNG:
            return clock_events.RungReached(*told, rung=step.rung.key if step.rung else "")
