"""What can happen to a ticket: a typed payload for each kind of event.

Payloads hold ids, codes and values that name nobody; what people wrote stays in messages. A kind is never renamed and
a field never changes its meaning: a new meaning is a new version `v`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from helpdesk.domain.clock_events import CLOCK_EVENTS
from helpdesk.domain.event_data import EventData as EventData  # noqa: PLC0414 - it is a part of this module
from helpdesk.domain.relation_events import RELATION_TYPES, PartnerAwaited
from helpdesk.domain.work_events import WORK_EVENTS


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
    """A public message was written; with `notice_id` as one of many that were told the same of a problem."""

    kind: ClassVar[str] = "reply_added"
    message_id: int
    notice_id: int | None = None


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
    notice_id: int | None = None


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
    """Somebody may follow the ticket from now on; `with_words` that came to them by the mail of these words."""

    kind: ClassVar[str] = "watcher_added"
    user_id: int
    with_words: bool = False


@dataclass(frozen=True, slots=True)
class WatcherRemoved(EventData):
    """Somebody follows the ticket no longer."""

    kind: ClassVar[str] = "watcher_removed"
    user_id: int


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
    PersonMerged,
    PersonUnmerged,
    *RELATION_TYPES,
    *WORK_EVENTS,
    *CLOCK_EVENTS,
)
EVENT_TYPES: Final[dict[str, type[EventData]]] = {data.kind: data for data in _TYPES}
# Before the first release one kind had another name. Events are never rewritten: those of a demo of these days are read
# under the name that it has now.
_FORMERLY: Final = {"waits_on_partner": PartnerAwaited.kind}


def parse(kind: str, data: dict[str, Any]) -> EventData:
    """The typed payload of a stored event. Raises KeyError or TypeError for one that was never valid."""
    return EVENT_TYPES[_FORMERLY.get(kind, kind)](**data)
