"""Tickets as other systems read them: pages along an index, and what changed since they asked last."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Prefetch, Q, QuerySet, Value

from helpdesk.actors import Actor
from helpdesk.domain.keyset import Place
from helpdesk.models import Calendar, CustomField, Organization, PolicyVersion, SLAPolicy, Ticket
from helpdesk.permissions import ANYBODY, Right, Scope, holds, overseen, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import catalogue, paging
from helpdesk.selectors.tickets import concerning, gathered, visible_to, ways_to_ones_own, with_relatives, with_tags
from helpdesk.selectors.transactions import below_horizon

# By the names that the API gives to columns; the second is what comes first for who sees no more than the portal.
ORDERS: Final[Mapping[str, paging.Order]] = {
    "-updated_at": paging.CHANGED,
    "-created_at": paging.NEWEST,
    "created_at": paging.OLDEST,
    "priority": paging.URGENT,
    "sla_due_at": paging.DUE,
    "unanswered_since": paging.WAITING,
}
PUBLIC_ORDERS: Final[Mapping[str, paging.Order]] = {
    "-updated_at": paging.NEWS,
    "-created_at": paging.NEWEST,
    "created_at": paging.OLDEST,
}
# Takes tickets out of a list.
_Narrow = Callable[[QuerySet[Ticket]], QuerySet[Ticket]]
# The columns of one table, along whose index they are found.
_CHANGED: Final = ("change__xid", "change__ticket_id")
_CHANGED_IN_PUBLIC: Final = ("change__public_xid", "change__ticket_id")


def is_at_desk(actor: Actor) -> bool:
    """Whether there are tickets whose notes the actor reads."""
    return not scope(actor, Right.READ_NOTES).is_empty


def listed(actor: Actor, *, by_desk_only: bool) -> QuerySet[Ticket]:
    """The tickets that a list is taken from: all that the actor sees.

    `by_desk_only` where it is narrowed or ordered by what the desk alone knows: then those of which lists tell that,
    see `read_as_desk`, so that nobody asks their way to a priority or a tag that they are not shown.
    """
    if by_desk_only:
        return Ticket.objects.filter(_Sight.of(actor).in_full())
    return visible_to(actor) if is_at_desk(actor) else concerning(actor)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What somebody at the desk sees, in two parts: of some tickets lists tell what the desk knows, see `read_as_desk`;
    of the others what the portal does, and by nothing when the desk did something with them.
    """

    notes: Scope
    seen: Scope
    hidden: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "_Sight":
        """The actor's."""
        return cls(scope(actor, Right.READ_NOTES), scope(actor, Right.VIEW), overseen(actor))

    def by(self, person: int) -> "_Sight":
        """The same for somebody else, see `Scope.of`."""
        return _Sight(self.notes.of(person), self.seen.of(person), self.hidden)

    def in_full(self) -> Q:
        """The tickets of the first part."""
        told = self.notes.as_q()
        return told & ~Q(category__in=sorted(self.hidden)) if self.hidden else told

    def in_public(self, person: int) -> list[Q]:
        """What leads to those of the other one, a condition for each index; nothing where there are none."""
        if self.hidden:
            # Who oversees all wears no other hat.
            return [self.seen.as_q() & Q(category__in=sorted(self.hidden))]
        if self.notes.everything:
            return []
        return [way & ~self.notes.as_q() for way in ways_to_ones_own(person, self.seen)]


def page(
    actor: Actor, order: paging.Order, size: int, place: Place | None, narrow: _Narrow | None = None
) -> paging.Page[Ticket]:
    """A page of all tickets that somebody at the desk sees, or of those that `narrow` leaves, from a place on."""
    rows = None if narrow is None else narrow(Ticket.objects.all())
    found = list(keys(actor, order, size + 1, place, rows))
    if order is paging.CHANGED:
        # Of the other part only what is on this page, however many of these somebody asked for.
        until = found[-1][0] if len(found) > size else None
        others = keys_in_public(actor, size + 1, place, until, rows)
        # One that meanwhile went from one part into the other is told once.
        found = sorted({row[-1]: row for row in (*others, *found)}.values(), reverse=True)[: size + 1]
    # The places as they were looked up: the tickets that are read then may have gone on.
    older = Place(found[size - 1]).encode() if len(found) > size else None
    return paging.Page(paging.dressed(found[:size], dressed), newer=None, older=older)


def keys(
    actor: Actor, order: paging.Order, size: int, place: Place | None, rows: QuerySet[Ticket] | None = None
) -> QuerySet[Ticket, Any]:
    """What orders the tickets of a page, in the order of latest changes of those that are told in full; the last of
    each row is the id.
    """
    sight = _Sight.of(actor)
    if rows is not None:
        return _first(rows, sight, order, size, place)
    values = place.values if place is not None else ()
    how: dict[str, Any] = {"order": order.name, "size": size, "is_on": place is not None}
    return _keys(actor.person_id, *values, sight=sight.by(ANYBODY), **how)


@prepared
def _keys(person: int, *place: Any, sight: _Sight, order: str, size: int, is_on: bool) -> QuerySet[Ticket, Any]:
    way = paging.DESK_ORDERS[order]
    return _first(Ticket.objects.all(), sight.by(person), way, size, Place(place) if is_on else None)


def _first(
    rows: QuerySet[Ticket], sight: _Sight, order: paging.Order, size: int, place: Place | None
) -> QuerySet[Ticket, Any]:
    rows = rows.filter(sight.in_full() if order is paging.CHANGED else sight.seen.as_q())
    return order.keys_of((rows if place is None else rows.filter(order.beyond(place)),), size)


def keys_in_public(
    actor: Actor,
    size: int,
    place: Place | None,
    until: datetime | None = None,
    rows: QuerySet[Ticket] | None = None,
) -> QuerySet[Ticket, Any]:
    """The same of those that are told as the portal does, by what is news there, and no further back than `until`."""
    sight = _Sight.of(actor)
    if rows is not None:
        return _first_in_public(rows, actor.person_id, sight, size, place=place, until=until)
    values = (*(place.values if place is not None else ()), *([until] if until is not None else []))
    how: dict[str, Any] = {"size": size, "is_on": place is not None, "ends": until is not None}
    return _keys_in_public(actor.person_id, *values, sight=sight.by(ANYBODY), **how)


@prepared
def _keys_in_public(
    person: int, *values: Any, sight: _Sight, size: int, is_on: bool, ends: bool
) -> QuerySet[Ticket, Any]:
    place, until = (values[:-1], values[-1]) if ends else (values, None)
    sight = sight.by(person)
    begin = Place(place) if is_on else None
    return _first_in_public(Ticket.objects.all(), person, sight, size, place=begin, until=until)


def _first_in_public(
    rows: QuerySet[Ticket], person: int, sight: _Sight, size: int, *, place: Place | None, until: Any
) -> QuerySet[Ticket, Any]:
    if place is not None:
        rows = rows.filter(paging.NEWS.beyond(place))
    if until is not None:
        rows = rows.filter(public_at__gte=until)
    parts = tuple(rows.filter(way) for way in sight.in_public(person))
    return paging.NEWS.keys_of(parts or (rows.none(),), size)


def dressed(ids: Sequence[int]) -> list[Ticket]:
    """These tickets with all that an answer shows of them, in any order: two queries."""
    return list(catalogue.all_placed(with_tags(_shown(ids)))) if ids else []


@prepared
def _shown(ids: Sequence[int]) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(pk__among=ids).select_related("requester", "organization", "assignee", "problem")
    return with_relatives(rows)


def read_as_desk(actor: Actor, tickets: Iterable[Ticket]) -> frozenset[int]:
    """The ids of those of the tickets that are told with what the desk alone knows.

    Of what an auditor sees only because they see all, lists tell what the portal does; opening it goes on record.
    """
    held, hidden = scope(actor, Right.READ_NOTES), overseen(actor)
    return frozenset(one.pk for one in tickets if one.category_id not in hidden and held.covers(one))


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket as it is now, and the transaction by which it was found.

    Meanwhile it may have changed once more: the transaction that its row names then is one that others, which began
    before it, may still be followed by.
    """

    xid: int
    ticket: Ticket


def changed_since(actor: Actor, xid: int, pk: int, size: int, below: int | None = None) -> list[Change]:
    """The tickets that were written after this place, in the order of the transactions that wrote them.

    Only what every transaction under way leaves behind it: whatever is committed later is written by a higher one, so
    that nothing is ever found before the place where a reader stands. `below` is a horizon that was looked up before.
    Nobody is told that something was written which they do not see: of what somebody sees as the portal does, what
    changed there counts alone.
    """
    xids = {key: written for written, key in written_after(actor, (xid, pk), size, below)}
    return [Change(xids[one.pk], one) for one in paging.in_order(dressed(list(xids)), list(xids))]


def written_after(
    actor: Actor, place: tuple[int, int], size: int, below: int | None = None
) -> QuerySet[Ticket, tuple[int, int]]:
    """The places of these, each with the ticket's id."""
    values = (*place, *([below] if below is not None else []))
    return _written_after(actor.person_id, *values, sight=_Sight.of(actor).by(ANYBODY), size=size)


@prepared
def _written_after(
    person: int, xid: int, key: int, *below: int, sight: _Sight, size: int
) -> QuerySet[Ticket, tuple[int, int]]:
    sight, end = sight.by(person), below[0] if below else below_horizon()
    parts = [(gathered(person, sight.seen), _CHANGED_IN_PUBLIC)]
    if not sight.notes.is_empty:
        ways = [(Ticket.objects.filter(way), _CHANGED_IN_PUBLIC) for way in sight.in_public(person)]
        parts = [(Ticket.objects.filter(sight.in_full()), _CHANGED), *ways]
    # In one question, that all have one horizon: the place where one part ends leaves nothing of the other behind it.
    # What concerns one person is little; private matters, which auditors see so, may be many.
    few = {_CHANGED: False, _CHANGED_IN_PUBLIC: not sight.hidden}
    found, *more = [_written(rows, columns, (xid, key), end, size, few=few[columns]) for rows, columns in parts]
    if not more:
        return found
    # Not all: several ways lead to the same ticket.
    together: Any = found.union(*more)
    ordered: QuerySet[Ticket, tuple[int, int]] = together.order_by("written", "key")[:size]
    return ordered


def _written(
    rows: QuerySet[Ticket], columns: tuple[str, str], place: tuple[int, int], end: Any, size: int, *, few: bool
) -> QuerySet[Ticket, tuple[int, int]]:
    written, key = columns
    # A few among many are collected. Along the order PostgreSQL would go through all that there are to find them, since
    # what it expects behind a place, where one transaction wrote most rows, is next to nothing.
    rows = rows.alias(order=F(written) + Value(0) if few else F(written))
    rows = rows.filter(paging.beyond(("order", key), place), order__lt=end).order_by("order", key)
    return rows.annotate(written=F(written), key=F(key)).values_list("written", "key")[:size]


def organizations(ids: Iterable[int | None]) -> list[Organization]:
    """These organisations with their regions and service tiers: one query, none for none."""
    wanted = {pk for pk in ids if pk is not None}
    rows = Organization.objects.filter(pk__in=wanted).select_related("region", "service_tier")
    return list(rows) if wanted else []


def organizations_seen(actor: Actor) -> QuerySet[Organization]:
    """All organisations for who looks after people, and otherwise those that the actor belongs to."""
    rows = Organization.objects.select_related("region", "service_tier")
    if holds(actor, Right.SEE_PEOPLE):
        return rows
    return rows.filter(is_active=True, memberships__user=actor.person_id, memberships__is_active=True)


def public_fields(categories: Iterable[int]) -> list[CustomField]:
    """The questions that whoever files under these categories is asked."""
    here = Q(category__in=list(categories)) | Q(queue__categories__in=list(categories))
    rows = CustomField.objects.filter(here, is_active=True, is_internal=False).distinct()
    return list(rows.select_related("category", "queue").order_by("pk"))


def policies() -> QuerySet[SLAPolicy]:
    """All policies with their versions: two queries, however many there are."""
    return SLAPolicy.objects.prefetch_related(Prefetch("versions", PolicyVersion.objects.select_related("calendar")))


def calendars() -> QuerySet[Calendar]:
    """All calendars with their versions and the holidays of these: three queries."""
    return Calendar.objects.prefetch_related("versions__holidays")
