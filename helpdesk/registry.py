"""What apps bring to the desk: filled once, in `AppConfig.ready()`, read by the actions here and the apps above."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from helpdesk.models import Delivery, TicketEvent


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

    def __iter__(self) -> Iterator[N]:
        return iter(self._entries.values())


@dataclass(frozen=True, slots=True)
class Consumer:
    """Takes events of some kinds and writes an effect into the database: exactly once, in one transaction.

    `handle(event, now)` must not reach beyond the database. What it raises makes this one event wait and be tried
    again, and holds up no other.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[TicketEvent, datetime], None]


@dataclass(frozen=True, slots=True)
class DeliveryKind:
    """A kind of delivery. `still_wanted(delivery)` is asked in the transaction of the claim, right before it leaves."""

    name: str
    still_wanted: Callable[[Delivery], bool]


class PermanentFailure(Exception):
    """The other side refused for good; trying again would change nothing."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Puts a delivery on its wire (`name` is the channel) and returns the provider's id of it.

    Any exception is a failed try; `PermanentFailure` gives the delivery up at once.
    """

    name: str
    send: Callable[[Delivery], str]


@dataclass(frozen=True, slots=True)
class DueProbe:
    """A kind of row that comes due. `/readyz` says so when the oldest has waited longer than `late_after`."""

    name: str
    oldest_due: Callable[[], datetime | None]
    late_after: timedelta


consumers: Final[Registry[Consumer]] = Registry()
delivery_kinds: Final[Registry[DeliveryKind]] = Registry()
senders: Final[Registry[Sender]] = Registry()
due_probes: Final[Registry[DueProbe]] = Registry()
