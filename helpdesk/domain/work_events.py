"""What can happen in the work on a ticket: problems, priorities that follow, changed words, time. See `events`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from helpdesk.domain.event_data import EventData


@dataclass(frozen=True, slots=True)
class ProblemChanged(EventData):
    """It was gathered under a problem, or taken out of one; None is none."""

    kind: ClassVar[str] = "problem_changed"
    from_problem_id: int | None
    to_problem_id: int | None


@dataclass(frozen=True, slots=True)
class PriorityWeighed(EventData):
    """Somebody said how many people it stops and how urgent it is; the desk's matrix made a priority of both."""

    kind: ClassVar[str] = "priority_weighed"
    impact: int
    urgency: int
    priority: int


@dataclass(frozen=True, slots=True)
class PriorityMeasured(EventData):
    """Somebody said what was measured, and a priority followed.

    `rows` are the criteria of which something was told, each with `criterion_id`, `value`, the `bounds` that were in
    force then (the worst first), whether it is a case, and its `priority`: changed bounds change no old ticket.
    """

    kind: ClassVar[str] = "priority_measured"
    rows: Sequence[Mapping[str, Any]]
    priority: int


@dataclass(frozen=True, slots=True)
class MessageEdited(EventData):
    """The author changed a message; the text before is its revision below `revision`."""

    kind: ClassVar[str] = "message_edited"
    edited_id: int
    revision: int
    mails_again: bool


@dataclass(frozen=True, slots=True)
class TimeSpent(EventData):
    """Somebody entered minutes of their own."""

    kind: ClassVar[str] = "time_spent"
    entry_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class TimeCorrected(EventData):
    """Somebody took an entry of theirs back; `minutes` are below nought."""

    kind: ClassVar[str] = "time_corrected"
    entry_id: int
    corrects_id: int
    minutes: int


WORK_EVENTS: Final[tuple[type[EventData], ...]] = (
    ProblemChanged,
    PriorityWeighed,
    PriorityMeasured,
    MessageEdited,
    TimeSpent,
    TimeCorrected,
)
