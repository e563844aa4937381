"""What a version of a policy says: targets, pauses, warnings, the rungs of its ladder; and which policy applies.

Plain values. They are stored as JSON (`Rules.as_json`), spans as whole seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from helpdesk.choices import Deed, Metric, Reached, Status, StepKind, WorkState

# What is measured from the first word on, and every clock but that of updates, can be warned of.
WARNED: Final = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION})
# On these the ladder stops as soon as somebody has acknowledged the ticket.
ANSWERING: Final = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})
_HIGHEST_PERCENT: Final = 1_000
_ORDER: Final = {StepKind.WARNING: 0, StepKind.BREACH: 1, StepKind.OWED: 1, StepKind.RUNG: 2}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a rung does. `reached` is for notices; `ids` names people, or the steps of management to climb."""

    deed: Deed
    reached: Reached | None = None
    ids: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"deed": self.deed.value, "reached": self.reached and self.reached.value, "ids": list(self.ids)}

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Act":
        """Read what `as_json` wrote."""
        reached = data.get("reached")
        return cls(Deed(data["deed"]), Reached(reached) if reached else None, tuple(data.get("ids", ())))


@dataclass(frozen=True, slots=True)
class Rung:
    """A threshold of a clock, by a share of its target (`percent`) or a span of working time (`after`), and what to do.

    The ladder stops for who acknowledged, unless the rung stands `despite_acknowledged`.
    """

    key: str
    metric: Metric
    priorities: frozenset[int]
    acts: tuple[Act, ...]
    percent: int | None = None
    after: timedelta | None = None
    despite_acknowledged: bool = False

    def offset(self, target: timedelta) -> timedelta:
        """When it is reached, in working time from the start."""
        return self.after if self.after is not None else target * (self.percent or 0) / 100

    def problems(self) -> Iterable[str]:
        """What is wrong with it, as codes."""
        if (self.percent is None) == (self.after is None):
            yield "no_threshold"
        elif self.percent is not None and not 0 < self.percent <= _HIGHEST_PERCENT:
            yield "not_a_threshold"
        elif self.after is not None and self.after <= timedelta(0):
            yield "not_positive"
        if not self.priorities:
            yield "no_priorities"
        if not self.acts:
            yield "no_acts"

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "key": self.key,
            "metric": self.metric.value,
            "priorities": sorted(self.priorities),
            "percent": self.percent,
            "after": _seconds(self.after),
            "despite_acknowledged": self.despite_acknowledged,
            "acts": [act.as_json() for act in self.acts],
        }

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Rung":
        """Read what `as_json` wrote."""
        return cls(
            key=data["key"],
            metric=Metric(data["metric"]),
            priorities=frozenset(data["priorities"]),
            acts=tuple(Act.parse(act) for act in data["acts"]),
            percent=data.get("percent"),
            after=_span(data.get("after")),
            despite_acknowledged=data.get("despite_acknowledged", False),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Something that comes due on a clock, at a working time after its start."""

    offset: timedelta
    kind: StepKind
    key: str
    rung: Rung | None = None
    percent: int | None = None


Targets = Mapping[Metric, Mapping[int, timedelta]]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a version of a policy says, but for its calendar.

    `updates` are the targets of updates by the state of the work; a state that it does not name is as `active`.
    """

    targets: Targets = field(default_factory=dict)
    updates: Mapping[WorkState, Mapping[int, timedelta]] = field(default_factory=dict)
    pauses: Mapping[Metric, frozenset[Status]] = field(default_factory=dict)
    warn_at: tuple[int, ...] = ()
    warned: tuple[Act, ...] = ()
    breached: tuple[Act, ...] = ()
    owed: tuple[Act, ...] = ()
    rungs: tuple[Rung, ...] = ()

    def target(self, metric: Metric, priority: int, state: WorkState = WorkState.ACTIVE) -> timedelta | None:
        """What is promised, in working time; None where nothing is."""
        if metric is Metric.UPDATE:
            by_priority = self.updates.get(state, self.updates.get(WorkState.ACTIVE, {}))
            return by_priority.get(priority)
        return self.targets.get(metric, {}).get(priority)

    def paused(self, metric: Metric) -> frozenset[Status]:
        """The statuses in which the clock stands."""
        return self.pauses.get(metric, frozenset())

    def steps(self, metric: Metric, priority: int, target: timedelta) -> tuple[Step, ...]:
        """All that comes due on such a clock, in its order."""
        end = StepKind.BREACH if metric in WARNED else StepKind.OWED
        found = [Step(target, end, end.value)]
        if metric in WARNED:
            found += [Step(target * at / 100, StepKind.WARNING, f"warning:{at}", percent=at) for at in self.warn_at]
        found += [
            Step(rung.offset(target), StepKind.RUNG, f"rung:{rung.key}", rung)
            for rung in self.rungs
            if rung.metric is metric and priority in rung.priorities
        ]
        return tuple(sorted(found, key=lambda step: (step.offset, _ORDER[step.kind], step.key)))

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "targets": _table(self.targets),
            "updates": _table(self.updates),
            "pauses": {metric.value: sorted(statuses) for metric, statuses in self.pauses.items()},
            "warn_at": list(self.warn_at),
            "warned": [act.as_json() for act in self.warned],
            "breached": [act.as_json() for act in self.breached],
            "owed": [act.as_json() for act in self.owed],
            "rungs": [rung.as_json() for rung in self.rungs],
        }

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Rules":
        """Read what `as_json` wrote."""
        return cls(
            targets={Metric(metric): _row(row) for metric, row in data.get("targets", {}).items()},
            updates={WorkState(state): _row(row) for state, row in data.get("updates", {}).items()},
            pauses={Metric(metric): frozenset(map(Status, rest)) for metric, rest in data.get("pauses", {}).items()},
            warn_at=tuple(sorted(data.get("warn_at", ()))),
            warned=tuple(Act.parse(act) for act in data.get("warned", ())),
            breached=tuple(Act.parse(act) for act in data.get("breached", ())),
            owed=tuple(Act.parse(act) for act in data.get("owed", ())),
            rungs=tuple(Rung.parse(rung) for rung in data.get("rungs", ())),
        )

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with it: the place (`targets:resolution:1`, `warn_at`, `rungs:key`) and a code each.

        Codes, see `errors.RULE_PROBLEMS`: `no_targets`, `not_positive`, `not_a_share` (a warning below 1 or above
        99 %), `not_a_threshold`, `no_threshold` (a rung with none or two), `no_priorities`, `no_acts`, `never_counts`
        (a clock that stands in every status).
        """
        found = list[tuple[str, str]]()
        spans = [(f"targets:{metric}:{priority}", span) for metric, priority, span in _spans(self.targets)]
        updates = [(f"updates:{state}:{priority}", span) for state, priority, span in _spans(self.updates)]
        if not spans:
            found.append(("targets", "no_targets"))
        found += [(place, "not_positive") for place, span in spans + updates if span <= timedelta(0)]
        found += [("warn_at", "not_a_share") for at in self.warn_at if not 0 < at < 100]
        unsolved = {status for status in Status if status not in {Status.RESOLVED, Status.CLOSED}}
        found += [(f"pauses:{metric}", "never_counts") for metric, rest in self.pauses.items() if unsolved <= rest]
        for rung in self.rungs:
            found += [(f"rungs:{rung.key}", code) for code in rung.problems()]
        return found


def _spans(table: Mapping[Any, Mapping[int, timedelta]]) -> list[tuple[str, int, timedelta]]:
    return [(str(key.value), priority, span) for key, row in table.items() for priority, span in row.items()]


def _table(table: Mapping[Any, Mapping[int, timedelta]]) -> dict[str, dict[str, int]]:
    return {
        key.value: {str(priority): int(span.total_seconds()) for priority, span in row.items()}
        for key, row in table.items()
    }


def _row(row: Mapping[str, int]) -> dict[int, timedelta]:
    return {int(priority): timedelta(seconds=seconds) for priority, seconds in row.items()}


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Window:
    """A phase: when, of what kind, and of whom; None is everybody."""

    kind: WorkState
    starts_at: datetime
    ends_at: datetime
    queue_id: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a ticket decides on the promise."""

    filed_at: datetime
    queue_id: int
    priority: int
    category_id: int | None = None
    organization_id: int | None = None
    service_tier_id: int | None = None
    # The policy that somebody chose by hand, where somebody chose: None is none at all.
    is_chosen: bool = False
    chosen_id: int | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the list that decides which policy applies; what is None fits everything."""

    rule_id: int
    policy_id: int | None
    organization_id: int | None = None
    service_tier_id: int | None = None
    queue_id: int | None = None
    category_id: int | None = None
    phase: WorkState | None = None

    def covers(self, other: "Criterion") -> bool:
        """Whether every ticket that fits the other one fits this one, too."""
        pairs = (
            (self.organization_id, other.organization_id),
            (self.service_tier_id, other.service_tier_id),
            (self.queue_id, other.queue_id),
            (self.category_id, other.category_id),
            (self.phase, other.phase),
        )
        return all(wanted is None or wanted == there for wanted, there in pairs)

    def fits(self, asked: Asked, windows: Sequence[Window]) -> bool:
        """Whether every criterion that is filled in fits the ticket."""
        pairs = (
            (self.organization_id, asked.organization_id),
            (self.service_tier_id, asked.service_tier_id),
            (self.queue_id, asked.queue_id),
            (self.category_id, asked.category_id),
        )
        if any(wanted is not None and wanted != there for wanted, there in pairs):
            return False
        return self.phase is None or any(
            window.kind is self.phase and lasts(window, asked, asked.filed_at) for window in windows
        )


def lasts(window: Window, asked: Asked, at: datetime) -> bool:
    """Whether the phase is one of the ticket's at that instant; its end does not belong to it."""
    return (
        window.starts_at <= at < window.ends_at
        and window.queue_id in {None, asked.queue_id}
        and window.organization_id in {None, asked.organization_id}
    )


# Of several phases at once the one with the most news to give decides.
_LIVELIEST: Final = (WorkState.DEPLOYMENT, WorkState.EMERGENCY, WorkState.GO_LIVE)


def state_of_work(asked: Asked, windows: Sequence[Window], at: datetime) -> WorkState:
    """The state of the work on the ticket at that instant."""
    kinds = {window.kind for window in windows if lasts(window, asked, at)}
    return next((kind for kind in _LIVELIEST if kind in kinds), WorkState.ACTIVE)


def choose(asked: Asked, criteria: Sequence[Criterion], windows: Sequence[Window]) -> tuple[int | None, int | None]:
    """The policy that applies, or None, and the row of the list that said so; the first that fits decides."""
    if asked.is_chosen:
        return asked.chosen_id, None
    for criterion in criteria:
        if criterion.fits(asked, windows):
            return criterion.policy_id, criterion.rule_id
    return None, None
