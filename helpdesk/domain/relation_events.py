"""What can happen between tickets, to what is to be done for them, and to whom they wait on: a part of `events`."""

from dataclasses import dataclass
from typing import ClassVar, Final

from helpdesk.domain.event_data import EventData


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


@dataclass(frozen=True, slots=True)
class PartnerAwaited(EventData):
    """It waits on somebody outside. The wait's row holds the reference that it has there."""

    kind: ClassVar[str] = "partner_awaited"
    partner_id: int
    wait_id: int


@dataclass(frozen=True, slots=True)
class OrganizationChanged(EventData):
    """It is for another organisation of who asked; None is none."""

    kind: ClassVar[str] = "organization_changed"
    from_organization_id: int | None
    to_organization_id: int | None


RELATION_TYPES: Final[tuple[type[EventData], ...]] = (
    Linked,
    Unlinked,
    SubTaskAdded,
    SubTaskChanged,
    SubTaskDone,
    SubTaskDropped,
    SubTaskReopened,
    Merged,
    TookIn,
    Unmerged,
    PartnerAwaited,
    OrganizationChanged,
)
