"""Tickets as other systems read them: pages along an index, and what changed since they asked last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.domain.keyset import Place
from helpdesk.models import Calendar, CustomField, Organization, PolicyVersion, SLAPolicy, Ticket
from helpdesk.permissions import ANYBODY, Right, Scope, holds, overseen, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import catalogue, paging
from helpdesk.selectors.tickets import concerning, visible_to, with_relatives, with_tags
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
        rows, hidden = visible_to(actor, Right.READ_NOTES), overseen(actor)
        return rows.exclude(category__in=sorted(hidden)) if hidden else rows
    return visible_to(actor) if is_at_desk(actor) else concerning(actor)


def page(actor: Actor, order: paging.Order, size: int, place: Place | None) -> paging.Page[Ticket]:
    """A page of all tickets that somebody at the desk sees, from a place on, by queries that are built once."""
    found = paging.dressed(keys(actor, order, size + 1, place), dressed)
    return paging.cut(found, order, size, is_on=place is not None)


def keys(actor: Actor, order: paging.Order, size: int, place: Place | None) -> QuerySet[Ticket, Any]:
    """What orders the tickets of a page; the last of each row is the id."""
    held, values = scope(actor, Right.VIEW).of(ANYBODY), place.values if place is not None else ()
    return _keys(actor.person_id, *values, held=held, order=order.name, size=size, is_on=place is not None)


@prepared
def _keys(person: int, *place: Any, held: Scope, order: str, size: int, is_on: bool) -> QuerySet[Ticket, Any]:
    way, rows = paging.DESK_ORDERS[order], Ticket.objects.filter(held.of(person).as_q())
    if is_on:
        rows = rows.filter(way.beyond(Place(place)))
    return way.keys_of((rows,), size)


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
    Who is not at the desk is told of what they see alone, and never that something was written which they do not.
    """
    at_desk = is_at_desk(actor)
    rows, columns = (visible_to(actor), _CHANGED) if at_desk else (concerning(actor), _CHANGED_IN_PUBLIC)
    end: Any = below_horizon() if below is None else below
    found = rows.filter(paging.beyond(columns, (xid, pk)), **{f"{columns[0]}__lt": end})
    xids = {pk: xid for xid, pk in found.order_by(*columns).values_list(*columns)[:size]}
    return [Change(xids[one.pk], one) for one in paging.in_order(dressed(list(xids)), list(xids))]


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
