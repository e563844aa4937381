"""What can happen to the clocks of a ticket. See `events`."""

from dataclasses import dataclass
from typing import ClassVar, Final

from helpdesk.domain.event_data import EventData


@dataclass(frozen=True, slots=True)
class OfClock(EventData):
    """What is told of a step of a clock. `latest` is the last of those that came to light at once: it alone is news.

    `binding` is the promise under which it came due, `policy_version_id` where its consequences stand.
    """

    cycle_id: int
    metric: str
    number: int
    binding: int
    policy_version_id: int
    priority: int
    latest: bool


@dataclass(frozen=True, slots=True)
class ClockWarned(OfClock):
    """So many percent of a target are used up."""

    kind: ClassVar[str] = "clock_warned"
    percent: int


@dataclass(frozen=True, slots=True)
class ClockBreached(OfClock):
    """A target is used up."""

    kind: ClassVar[str] = "clock_breached"


@dataclass(frozen=True, slots=True)
class UpdateOwed(OfClock):
    """The requester has heard nothing for too long."""

    kind: ClassVar[str] = "update_owed"


@dataclass(frozen=True, slots=True)
class RungReached(OfClock):
    """A rung of the ladder was reached: what is to be done then stands in the version of the policy."""

    kind: ClassVar[str] = "rung_reached"
    rung: str


@dataclass(frozen=True, slots=True)
class BreachWithdrawn(EventData):
    """Under a new promise, or by what happened before the breach was told, there was none after all."""

    kind: ClassVar[str] = "breach_withdrawn"
    cycle_id: int
    metric: str
    number: int
    binding: int


@dataclass(frozen=True, slots=True)
class Acknowledged(EventData):
    """Somebody of the desk has seen it."""

    kind: ClassVar[str] = "acknowledged"


@dataclass(frozen=True, slots=True)
class PolicyChosen(EventData):
    """Somebody chose the promise by hand: a policy, none at all (`chosen` without one), or none of their own."""

    kind: ClassVar[str] = "policy_chosen"
    chosen: bool
    policy_id: int | None


@dataclass(frozen=True, slots=True)
class PromiseChanged(EventData):
    """The clocks count by another promise from now on, as the policies of the desk changed."""

    kind: ClassVar[str] = "promise_changed"
    recount_id: int


@dataclass(frozen=True, slots=True)
class OncallCalled(EventData):
    """The ladder calls whoever is on call."""

    kind: ClassVar[str] = "oncall_called"
    cycle_id: int
    rung: str


@dataclass(frozen=True, slots=True)
class LadderClimbed(EventData):
    """The ladder turned to a step of management: its role, and who was told there."""

    kind: ClassVar[str] = "ladder_climbed"
    cycle_id: int
    rung: str
    role_id: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class LadderTold(EventData):
    """Who was told of the event that caused this one, in their inbox and by mail."""

    kind: ClassVar[str] = "ladder_told"
    cycle_id: int
    inbox_ids: list[int]
    mail_ids: list[int]


CLOCK_EVENTS: Final[tuple[type[EventData], ...]] = (
    ClockWarned,
    ClockBreached,
    UpdateOwed,
    RungReached,
    BreachWithdrawn,
    Acknowledged,
    PolicyChosen,
    PromiseChanged,
    OncallCalled,
    LadderClimbed,
    LadderTold,
)
