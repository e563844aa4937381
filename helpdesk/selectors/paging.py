"""Pages of tickets along an index, in one of the orders that lists offer. Nothing is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.keyset import Place, decode
from helpdesk.errors import Text
from helpdesk.models import Ticket

PAGE_SIZE: Final = 25
_NUMBERS: Final = frozenset({"pk", "priority"})


@dataclass(frozen=True, slots=True)
class Order:
    """An order of lists: the columns before the id, all of them descending or none. `only` has none of them null."""

    name: str
    label: Text
    columns: tuple[str, ...]
    descending: bool = True
    only: Q = Q()  # noqa: RUF009 - a Q is never changed

    @property
    def keys(self) -> tuple[str, ...]:
        """All that orders a row."""
        return (*self.columns, "pk")

    def sort(self, tickets: QuerySet[Ticket], *, backwards: bool = False) -> QuerySet[Ticket]:
        """The tickets in this order, or in the opposite one."""
        sign = "-" if self.descending is not backwards else ""
        return tickets.filter(self.only).order_by(*(f"{sign}{key}" for key in self.keys))

    def beyond(self, place: Place, *, backwards: bool = False) -> Q:
        """What comes after the place (or before it), as a filter whose first condition is the index's."""
        smaller = self.descending is not backwards
        near = Q((f"{self.keys[0]}__{'lte' if smaller else 'gte'}", place.values[0]))
        return near & _strictly(self.keys, place.values, "lt" if smaller else "gt")

    def place_of(self, ticket: Ticket) -> Place:
        """Where the ticket is in this order."""
        return Place(tuple(getattr(ticket, key) for key in self.keys))

    def decode(self, text: str) -> Place | None:
        """The place that an address names, where it is one of this order."""
        place = decode(text)
        wanted = tuple(int if key in _NUMBERS else datetime for key in self.keys)
        return place if place is not None and place.shape == wanted else None


CHANGED: Final = Order("changed", _("Latest change"), ("updated_at",))
NEWEST: Final = Order("newest", _("Newest"), ("created_at",))
OLDEST: Final = Order("oldest", _("Oldest"), ("created_at",), descending=False)
URGENT: Final = Order("urgent", _("Most urgent"), ("priority", "created_at"), descending=False)
WAITING: Final = Order(
    "waiting",
    _("Waiting longest for us"),
    ("unanswered_since",),
    descending=False,
    only=Q(unanswered_since__isnull=False),
)
SOLVED: Final = Order("solved", _("Latest solved"), ("resolved_at",), only=Q(resolved_at__isnull=False))
NEWS: Final = Order("news", _("Latest news"), ("public_at",))
DESK_ORDERS: Final = {order.name: order for order in (CHANGED, URGENT, WAITING, OLDEST, NEWEST, SOLVED)}
PORTAL_ORDERS: Final = {order.name: order for order in (NEWS, NEWEST, OLDEST)}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the places where the pages beside it begin: `newer` above it, `older` below."""

    tickets: list[Ticket]
    newer: str | None
    older: str | None


def page(
    tickets: QuerySet[Ticket],
    order: Order,
    *,
    before: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page:
    """The page that starts below the place `before`, or ends above the place `after`; the first where neither is told.

    Reads `size` + 1 rows along the index and counts nothing.
    """
    above, below = order.decode(after), order.decode(before)
    if above is not None:
        return _upwards(tickets, order, above, size)
    rows = tickets if below is None else tickets.filter(order.beyond(below))
    found = list(order.sort(rows)[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(
        found,
        newer=order.place_of(found[0]).encode() if found and below is not None else None,
        older=order.place_of(found[-1]).encode() if more else None,
    )


def _upwards(tickets: QuerySet[Ticket], order: Order, place: Place, size: int) -> Page:
    above = order.sort(tickets.filter(order.beyond(place, backwards=True)), backwards=True)
    rows = list(above[: size + 1])
    more, rows = len(rows) > size, rows[:size][::-1]
    if len(rows) < size:
        # There are not enough rows above: that is the first page.
        return page(tickets, order, size=size)
    return Page(
        rows,
        newer=order.place_of(rows[0]).encode() if more else None,
        older=order.place_of(rows[-1]).encode(),
    )


def neighbours(
    tickets: QuerySet[Ticket], order: Order, ticket: Ticket, *, place: Place | None = None
) -> tuple[Ticket | None, Ticket | None]:
    """The tickets right before and right after this one in a list, whether or not it is still in it itself.

    `place` is where it was when its reader came from the list; since then it may have moved.
    """
    place = place or order.place_of(ticket)
    others = tickets.exclude(pk=ticket.pk)
    if None in place.values:
        return None, order.sort(others).first()
    before = order.sort(others.filter(order.beyond(place, backwards=True)), backwards=True).first()
    return before, order.sort(others.filter(order.beyond(place))).first()


def _strictly(keys: Sequence[str], values: Sequence[Any], comparison: str) -> Q:
    """The rows whose keys, compared one after the other, are beyond the values."""
    nearer = Q((f"{keys[0]}__{comparison}", values[0]))
    if len(keys) == 1:
        return nearer
    return nearer | (Q((keys[0], values[0])) & _strictly(keys[1:], values[1:], comparison))
