"""What can happen to a ticket: a typed payload for each kind of event.

Payloads hold ids, codes and values that name nobody; what people wrote stays in messages. A kind is never renamed and
a field never changes its meaning: a new meaning is a new version `v`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final


@dataclass(frozen=True, slots=True)
class EventData:
    """The base of all payloads."""

    kind: ClassVar[str]
    v: ClassVar[int] = 1

    def as_json(self) -> dict[str, Any]:
        """The payload as it is stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TicketCreated(EventData):
    """Somebody asked for help. `message_id` is the report in their words."""

    kind: ClassVar[str] = "ticket_created"
    message_id: int
    requester_id: int
    queue_id: int
    category_id: int | None
    tier: int
    priority: int
    follows_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReplyAdded(EventData):
    """A public message was written."""

    kind: ClassVar[str] = "reply_added"
    message_id: int


@dataclass(frozen=True, slots=True)
class NoteAdded(EventData):
    """An internal note was written."""

    kind: ClassVar[str] = "note_added"
    message_id: int


@dataclass(frozen=True, slots=True)
class Assigned(EventData):
    """The assignee changed; None is nobody."""

    kind: ClassVar[str] = "assigned"
    from_id: int | None
    to_id: int | None


@dataclass(frozen=True, slots=True)
class StatusChanged(EventData):
    """The ticket moved. `message_id` holds the words that the move asked for, where it did."""

    kind: ClassVar[str] = "status_changed"
    from_status: str
    to_status: str
    move: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Escalated(EventData):
    """The ticket went one tier up; the reason is an internal note."""

    kind: ClassVar[str] = "escalated"
    from_tier: int
    to_tier: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Deescalated(EventData):
    """The ticket went one tier down; the reason is an internal note."""

    kind: ClassVar[str] = "deescalated"
    from_tier: int
    to_tier: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Resolved(EventData):
    """The desk holds it for solved and says how."""

    kind: ClassVar[str] = "resolved"
    from_status: str
    resolution_kind: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Confirmed(EventData):
    """The requester agreed that it is solved."""

    kind: ClassVar[str] = "confirmed"


@dataclass(frozen=True, slots=True)
class Rejected(EventData):
    """The requester said that it is not solved."""

    kind: ClassVar[str] = "rejected"
    message_id: int


@dataclass(frozen=True, slots=True)
class Reopened(EventData):
    """A solved ticket was opened again."""

    kind: ClassVar[str] = "reopened"
    from_status: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Closed(EventData):
    """Nobody objected for the quiet days."""

    kind: ClassVar[str] = "closed"
    quiet_days: int


@dataclass(frozen=True, slots=True)
class FollowedUp(EventData):
    """An answer to a ticket closed too long ago started a new, linked one."""

    kind: ClassVar[str] = "followed_up"
    by_ticket_id: int


@dataclass(frozen=True, slots=True)
class PriorityChanged(EventData):
    """It matters more, or less."""

    kind: ClassVar[str] = "priority_changed"
    from_priority: int
    to_priority: int


@dataclass(frozen=True, slots=True)
class QueueChanged(EventData):
    """It went to another line of work."""

    kind: ClassVar[str] = "queue_changed"
    from_queue_id: int
    to_queue_id: int


@dataclass(frozen=True, slots=True)
class CategoryChanged(EventData):
    """It is about something else; None is nothing that the desk has a category for."""

    kind: ClassVar[str] = "category_changed"
    from_category_id: int | None
    to_category_id: int | None


@dataclass(frozen=True, slots=True)
class KindChanged(EventData):
    """It is another sort of report; None is none that the desk knows."""

    kind: ClassVar[str] = "kind_changed"
    from_kind_id: int | None
    to_kind_id: int | None


@dataclass(frozen=True, slots=True)
class TagsChanged(EventData):
    """Tags were put on it or taken off."""

    kind: ClassVar[str] = "tags_changed"
    added_ids: Sequence[int]
    removed_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class FieldChanged(EventData):
    """A question was answered anew. Of what somebody wrote it says only whether there was something.

    Values are those of `domain.answers`, people stand in the ids; None is no answer.
    """

    kind: ClassVar[str] = "field_changed"
    field_id: int
    from_value: Any = None
    to_value: Any = None
    from_id: int | None = None
    to_id: int | None = None


@dataclass(frozen=True, slots=True)
class WatcherAdded(EventData):
    """Somebody may follow the ticket from now on."""

    kind: ClassVar[str] = "watcher_added"
    user_id: int


@dataclass(frozen=True, slots=True)
class WatcherRemoved(EventData):
    """Somebody follows the ticket no longer."""

    kind: ClassVar[str] = "watcher_removed"
    user_id: int


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
class Linked(EventData):
    """It stands to another ticket now as `relation` says, seen from here."""

    kind: ClassVar[str] = "linked"
    relation: str
    other_id: int


@dataclass(frozen=True, slots=True)
class Unlinked(EventData):
    """It does not stand to another ticket any more as `relation` says, seen from here."""

    kind: ClassVar[str] = "unlinked"
    relation: str
    other_id: int


@dataclass(frozen=True, slots=True)
class SubTaskAdded(EventData):
    """There is something more to do; for whom, where somebody was named. None is nobody."""

    kind: ClassVar[str] = "sub_task_added"
    sub_task_id: int
    to_id: int | None


@dataclass(frozen=True, slots=True)
class SubTaskChanged(EventData):
    """A sub-task has another title, day, weight or assignee."""

    kind: ClassVar[str] = "sub_task_changed"
    sub_task_id: int
    from_id: int | None
    to_id: int | None


@dataclass(frozen=True, slots=True)
class SubTaskDone(EventData):
    """A sub-task was done."""

    kind: ClassVar[str] = "sub_task_done"
    sub_task_id: int


@dataclass(frozen=True, slots=True)
class SubTaskDropped(EventData):
    """A sub-task is not wanted any more."""

    kind: ClassVar[str] = "sub_task_dropped"
    sub_task_id: int


@dataclass(frozen=True, slots=True)
class SubTaskReopened(EventData):
    """A sub-task that was done or dropped is to be done again."""

    kind: ClassVar[str] = "sub_task_reopened"
    sub_task_id: int


@dataclass(frozen=True, slots=True)
class PersonMerged(EventData):
    """Two accounts that concern this ticket are one person from now on."""

    kind: ClassVar[str] = "person_merged"
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class PersonUnmerged(EventData):
    """They were two after all; `to_id` is who had been merged."""

    kind: ClassVar[str] = "person_unmerged"
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class Merged(EventData):
    """It goes on in another ticket, into which it was merged."""

    kind: ClassVar[str] = "merged"
    other_id: int


@dataclass(frozen=True, slots=True)
class TookIn(EventData):
    """Another ticket was merged into it."""

    kind: ClassVar[str] = "took_in"
    other_id: int


@dataclass(frozen=True, slots=True)
class Unmerged(EventData):
    """It stands by itself again, apart from another one; told on both."""

    kind: ClassVar[str] = "unmerged"
    other_id: int


_TYPES: Final[tuple[type[EventData], ...]] = (
    TicketCreated,
    ReplyAdded,
    NoteAdded,
    Assigned,
    StatusChanged,
    Escalated,
    Deescalated,
    Resolved,
    Confirmed,
    Rejected,
    Reopened,
    Closed,
    FollowedUp,
    PriorityChanged,
    QueueChanged,
    CategoryChanged,
    KindChanged,
    TagsChanged,
    FieldChanged,
    WatcherAdded,
    WatcherRemoved,
    ProblemChanged,
    PriorityWeighed,
    PriorityMeasured,
    Linked,
    Unlinked,
    SubTaskAdded,
    SubTaskChanged,
    SubTaskDone,
    SubTaskDropped,
    SubTaskReopened,
    PersonMerged,
    PersonUnmerged,
    Merged,
    TookIn,
    Unmerged,
)
EVENT_TYPES: Final[dict[str, type[EventData]]] = {data.kind: data for data in _TYPES}


def parse(kind: str, data: dict[str, Any]) -> EventData:
    """The typed payload of a stored event. Raises KeyError or TypeError for one that was never valid."""
    return EVENT_TYPES[kind](**data)
