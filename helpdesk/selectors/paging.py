"""Pages of tickets, and of other rows, along an index, in one of the orders that lists offer. Nothing is counted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.keyset import Place, decode
from helpdesk.errors import Text
from helpdesk.models import Ticket

M = TypeVar("M", bound=Model)
PAGE_SIZE: Final = 25
# Reads the tickets of a page, or its other rows, with what is shown of them, by their ids and in any order.
Dress = Callable[[list[int]], Iterable[M]]
_NUMBERS: Final = frozenset({"pk", "priority"})
_COLLECTED: Final = "is_collected"


def beyond(columns: Iterable[str], values: Iterable[object], *, smaller: bool = False) -> Func:
    """Rows above some values, or below them, as a filter: one comparison of rows, which is the index's own."""
    row = Func(*map(F, columns), function="ROW")
    named = Func(*map(Value, values), function="ROW")
    return Func(
        row, named, template="%(expressions)s", arg_joiner=" < " if smaller else " > ", output_field=BooleanField()
    )


def collected(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows, for orders to collect and sort them all, rather than to meet them on the way along an index."""
    found: QuerySet[M] = rows.alias(**{_COLLECTED: Value(True)})
    return found


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

    def sort(self, tickets: QuerySet[M], *, backwards: bool = False) -> QuerySet[M]:
        """The tickets in this order, or in the opposite one."""
        first, *rest = self.keys
        sign, rows = self._sign(backwards=backwards), _said_once(tickets.filter(self.only))
        if _COLLECTED not in rows.query.annotations:
            return rows.order_by(f"{sign}{first}", *(f"{sign}{key}" for key in rest))
        # Of this, which is the same, there is no index that PostgreSQL could go along.
        same = F(first) + Value(0 if first in _NUMBERS else timedelta())
        return rows.order_by(same.desc() if sign else same.asc(), *(f"{sign}{key}" for key in rest))

    def first(
        self,
        tickets: QuerySet[M] | tuple[QuerySet[M], ...],
        size: int,
        dress: "Dress[M] | None" = None,
        *,
        backwards: bool = False,
    ) -> list[M]:
        """The first tickets in this order. Which these are is found along the index, before they are dressed.

        In one query PostgreSQL may dress all that fit, and sort them then; and it would plan longer than it reads.
        """
        parts = tickets if isinstance(tickets, tuple) else (tickets,)
        rows = parts[0].model._default_manager
        if dress is None and len(parts) == 1:
            return list(self.sort(parts[0], backwards=backwards)[:size])
        keys = self.keys_of(parts, size, backwards=backwards)
        return dressed(keys, dress or (lambda ids: rows.filter(pk__in=ids)))

    def keys_of(self, parts: tuple[QuerySet[M], ...], size: int, *, backwards: bool = False) -> QuerySet[M, Any]:
        """What orders the first rows, found in each part along its index, and put together."""
        columns = [*self.columns, "id"]
        found = [self.sort(part, backwards=backwards).values_list(*columns)[:size] for part in parts]
        if len(found) == 1:
            return found[0]
        sign = self._sign(backwards=backwards)
        return found[0].union(*found[1:]).order_by(*(f"{sign}{column}" for column in columns))[:size]

    def _sign(self, *, backwards: bool) -> str:
        return "-" if self.descending is not backwards else ""

    def beyond(self, place: Place, *, backwards: bool = False) -> Func:
        """What comes after the place (or before it), as a filter."""
        return beyond(self.keys, place.values, smaller=self.descending is not backwards)

    def place_of(self, ticket: Model) -> Place:
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
DUE: Final = Order("due", _("Due next"), ("sla_due_at",), descending=False, only=Q(sla_due_at__isnull=False))
SOLVED: Final = Order("solved", _("Latest solved"), ("resolved_at",), only=Q(resolved_at__isnull=False))
ROWS: Final = Order("rows", _("As they were made"), (), descending=False)
WRITTEN: Final = Order("written", _("As they were written"), ("created_at",), descending=False)
IN_TIME: Final = Order("in_time", _("As it happened"), ("moment",), descending=False)
NEWS: Final = Order("news", _("Latest news"), ("public_at",))
DESK_ORDERS: Final = {order.name: order for order in (CHANGED, URGENT, DUE, WAITING, OLDEST, NEWEST, SOLVED)}
PORTAL_ORDERS: Final = {order.name: order for order in (NEWS, NEWEST, OLDEST)}


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows of a list, and the places where the pages beside it begin: `newer` above it, `older` below."""

    tickets: list[M]
    newer: str | None
    older: str | None

    @property
    def rows(self) -> list[M]:
        """The rows, where they are no tickets."""
        return self.tickets


@dataclass(frozen=True, slots=True)
class Latest(Generic[M]):
    """Some rows, the newest first, and the id below which the older rest begins."""

    rows: list[M]
    older: int | None


def latest(*parts: QuerySet[M], size: int, before: int | None = None) -> Latest[M]:
    """The newest rows of these parts together, below an id where one is told. Each part is read along its index."""
    found: list[M] = []
    for part in parts:
        rows = part.order_by("-pk")
        found += (rows if before is None else rows.filter(pk__lt=before))[: size + 1]
    found.sort(key=lambda row: -row.pk)
    return Latest(found[:size], found[size - 1].pk if len(found) > size else None)


def in_order(rows: Iterable[M], ids: Sequence[int]) -> list[M]:
    """The rows in the order of their ids; some may have gone since these were read."""
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]


def dressed(keys: Iterable[Sequence[Any]], dress: "Dress[M]") -> list[M]:
    """The rows of these keys, see `Order.keys_of`, in their order."""
    ids = [row[-1] for row in keys]
    return in_order(dress(ids), ids)


def page(
    tickets: QuerySet[M] | tuple[QuerySet[M], ...],
    order: Order,
    *,
    before: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
    dress: "Dress[M] | None" = None,
) -> Page[M]:
    """The page that starts below the place `before`, or ends above the place `after`; the first where neither is told.

    Reads `size` + 1 rows along the index and counts nothing. `tickets` may be several parts, each with an index of the
    order, where none has one of all together.
    """
    above, below = order.decode(after), order.decode(before)
    if above is not None:
        rows = order.first(_beyond(tickets, order, above, backwards=True), size + 1, dress, backwards=True)
        # Where there are not enough rows above, that is the first page.
        if len(rows) >= size:
            return _upper(rows, order, size)
        below = None
    found = order.first(tickets if below is None else _beyond(tickets, order, below), size + 1, dress)
    return cut(found, order, size, is_on=below is not None)


def cut(found: list[M], order: Order, size: int, *, is_on: bool) -> Page[M]:
    """The page of `size` rows of which one more was read, where there is one; `is_on` where it began at a place."""
    more, found = len(found) > size, found[:size]
    return Page(
        found,
        newer=order.place_of(found[0]).encode() if found and is_on else None,
        older=order.place_of(found[-1]).encode() if more else None,
    )


def _beyond(
    tickets: QuerySet[M] | tuple[QuerySet[M], ...], order: Order, place: Place, *, backwards: bool = False
) -> tuple[QuerySet[M], ...]:
    """What lies beyond the place in each part."""
    parts = tickets if isinstance(tickets, tuple) else (tickets,)
    return tuple(part.filter(order.beyond(place, backwards=backwards)) for part in parts)


def _upper(rows: list[M], order: Order, size: int) -> Page[M]:
    """A page that was read upwards."""
    more, rows = len(rows) > size, rows[:size][::-1]
    return Page(
        rows,
        newer=order.place_of(rows[0]).encode() if more else None,
        older=order.place_of(rows[-1]).encode(),
    )


def neighbours(
    tickets: QuerySet[Ticket], order: Order, ticket: Ticket, *, place: Place | None = None
) -> tuple[Ticket | None, Ticket | None]:
    """The tickets right before and right after this one in a list, whether or not it is still in it itself.

    `place` is where it was when its reader came from the list; since then it may have moved. They bring their
    references and subjects alone.
    """
    place = place or order.place_of(ticket)
    others = tickets.exclude(pk=ticket.pk).only("number", "subject")
    if None in place.values:
        return None, order.sort(others).first()
    before = order.sort(others.filter(order.beyond(place, backwards=True)), backwards=True).first()
    return before, order.sort(others.filter(order.beyond(place))).first()


def _said_once(tickets: QuerySet[M]) -> QuerySet[M]:
    """The same, each condition once: PostgreSQL takes a second saying for a second chance, and expects too few rows."""
    where = tickets.query.where
    where.children = list(dict.fromkeys(where.children))
    return tickets
