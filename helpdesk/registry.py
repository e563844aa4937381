"""What apps bring to the desk: filled once, in `AppConfig.ready()`, read by the actions here and the apps above."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final, Generic, Protocol, TypeVar

from helpdesk.actors import Actor
from helpdesk.errors import Text
from helpdesk.models import Delivery, Export, TicketEvent, User


class Named(Protocol):
    """Anything that is registered under its name."""

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


class Registry(Generic[N]):
    """Named things in the order of their registration. A name is taken once."""

    def __init__(self) -> None:
        self._entries: dict[str, N] = {}

    def register(self, entry: N) -> None:
        """Add an entry. Raises ValueError when its name is taken by another."""
        if self._entries.setdefault(entry.name, entry) is not entry:
            raise ValueError(f"“{entry.name}” is registered twice.")

    def unregister(self, name: str) -> None:
        """Take an entry out; tests use it to put things back."""
        self._entries.pop(name, None)

    def __getitem__(self, name: str) -> N:
        return self._entries[name]

    def get(self, name: str) -> N | None:
        """The entry of this name, if there is one."""
        return self._entries.get(name)

    def __iter__(self) -> Iterator[N]:
        return iter(self._entries.values())


@dataclass(frozen=True, slots=True)
class Consumer:
    """Takes events of some kinds and writes an effect into the database: exactly once, in one transaction.

    `handle(event, now)` must not reach beyond the database. What it raises makes this one event wait and be tried
    again, and holds up no other. `handle_all` does the same for several at once, where that is cheaper; what it raises
    undoes its effects, and each event is then handled alone.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[TicketEvent, datetime], None]
    handle_all: Callable[[Sequence[TicketEvent], datetime], None] | None = None


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """A kind of delivery. `still_wanted(delivery)` is asked in the transaction of the claim, right before it leaves.

    So is `put_off(delivery, now)`, which says until when it waits, or None where it leaves.
    """

    name: str
    still_wanted: Callable[[Delivery], bool]
    put_off: Callable[[Delivery, datetime], datetime | None] = lambda _delivery, _now: None


class PermanentFailure(Exception):
    """The other side refused for good; trying again would change nothing."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Puts a delivery on its wire (`name` is the channel) and returns the provider's id of it.

    Any exception is a failed try; `PermanentFailure` gives the delivery up at once. `session()` is entered before
    several leave one after another, so that what leads to the other side may stay open between them.
    """

    name: str
    send: Callable[[Delivery], str]
    session: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True, slots=True)
class DueProbe:
    """A kind of row that comes due. `/readyz` says so when the oldest has waited longer than `late_after`."""

    name: str
    oldest_due: Callable[[], datetime | None]
    late_after: timedelta


@dataclass(frozen=True, slots=True)
class ExportMaker:
    """Makes the files of one kind of export (`name`) for their owners.

    `may(actor)` is asked when one is requested, when it is made and when it is loaded.

    `write(export, actor, out, step)` writes the bytes and returns the number of rows. It sets `export.total` before its
    first row and calls `step(rows)` after each batch, outside of any transaction: that keeps the claim and tells the
    owner how far it is, and raises where the export was cancelled. It reads what the actor may see at that moment. The
    owner's language and zone are in force meanwhile. A `DomainError` ends the export for good; after anything else it
    is tried again.

    `told(export)` is what the record may say of the query: names of filters and codes, nobody's words.
    """

    name: str
    media_type: Callable[[Export], str]
    may: Callable[[Actor], bool]
    write: Callable[[Export, Actor, IO[bytes], Callable[[int], None]], int]
    told: Callable[[Export], Mapping[str, object]]
    # How many of the kind one person may have on their way at once, and ask for within a day.
    at_once: int = 3
    a_day: int = 30


@dataclass(frozen=True, slots=True)
class DataPart:
    """Something that is kept about people, for the file of all that is kept about one: `collect(person)` gives its rows
    as plain values, and nothing of anybody else's.
    """

    name: str
    title: Text
    collect: Callable[[User], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Merging:
    """Two accounts of one person, both locked, while `source` is merged into `target`, or that is taken back."""

    source: User
    target: User
    by: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class MergePart:
    """Something that goes along when a person is merged into another one.

    `count(source, target)` says how much of it there is, `words(count)` says that to people. `move(merging)` moves it
    and returns the ids of what it moved; `put_back(merging, moved)` puts back what is still as the merge left it and
    returns how much that was, and how much stays because it changed since.
    """

    name: str
    count: Callable[[User, User], int]
    words: Callable[[int], str]
    move: Callable[[Merging], Any]
    put_back: Callable[[Merging, Any], tuple[int, int]]


consumers: Final[Registry[Consumer]] = Registry()
delivery_kinds: Final[Registry[DeliveryKind]] = Registry()
senders: Final[Registry[Sender]] = Registry()
due_probes: Final[Registry[DueProbe]] = Registry()
data_parts: Final[Registry[DataPart]] = Registry()
merge_parts: Final[Registry[MergePart]] = Registry()
export_makers: Final[Registry[ExportMaker]] = Registry()
