"""Tickets as an actor may see them, and pages of them."""

from dataclasses import dataclass
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from helpdesk.actors import Actor
from helpdesk.choices import Status, Visibility
from helpdesk.domain.keyset import Place, decode
from helpdesk.models import Message, Ticket
from helpdesk.permissions import Right, scope

PAGE_SIZE: Final = 25
_FIRST_WORDS: Final = 400


def visible_to(actor: Actor, right: Right = Right.VIEW) -> QuerySet[Ticket]:
    """The tickets on which the actor holds the right, in no order. Every list and every object comes from here."""
    return Ticket.objects.filter(scope(actor, right).as_q())


def requested_by(actor: Actor) -> QuerySet[Ticket]:
    """What the portal lists: the tickets that the actor asked for, or an organisation that they manage."""
    # Who may say that a ticket is solved is on the side that asked for it.
    return visible_to(actor, Right.CONFIRM)


def unclosed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of the tickets that somebody still waits for, or has to confirm."""
    return tickets.exclude(status=Status.CLOSED)


def follow_ups(actor: Actor, ticket: Ticket) -> QuerySet[Ticket]:
    """The tickets that late answers to this one started, as far as the actor may see them."""
    return visible_to(actor).filter(follows=ticket).order_by("pk")


def with_people(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The same with what a row of a list shows, in one query."""
    return tickets.select_related("requester", "organization", "queue", "tier", "assignee")


def with_last_words(tickets: QuerySet[Ticket], *, with_notes: bool) -> QuerySet[Ticket]:
    """The same with `last_words`, how the newest message begins that the reader may see."""
    return tickets.annotate(last_words=newest_words(with_notes=with_notes))


def newest_words(*, with_notes: bool) -> Subquery:
    """How a ticket's newest message begins; the rest of it stays in the database."""
    messages = Message.objects.filter(ticket=OuterRef("pk"))
    if not with_notes:
        messages = messages.filter(visibility=Visibility.PUBLIC)
    newest = messages.order_by("-created_at", "-pk")
    return Subquery(newest.values(start=Left("body", _FIRST_WORDS))[:1])


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, newest change first, and the places where the pages beside it begin."""

    tickets: list[Ticket]
    newer: str | None
    older: str | None


def page(
    tickets: QuerySet[Ticket],
    *,
    before: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> Page:
    """The page that starts below the place `before`, or ends above the place `after`; the first where neither is told.

    Reads `size` + 1 rows along the index and counts nothing.
    """
    above, below = decode(after), decode(before)
    if above is not None:
        return _upwards(tickets, above, size)
    rows = list(_below(tickets, below).order_by("-updated_at", "-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Page(
        rows,
        newer=_place(rows[0]) if rows and below is not None else None,
        older=_place(rows[-1]) if more else None,
    )


def _upwards(tickets: QuerySet[Ticket], place: Place, size: int) -> Page:
    newer = tickets.filter(Q(updated_at__gt=place.at) | Q(updated_at=place.at, pk__gt=place.pk))
    rows = list(newer.order_by("updated_at", "pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size][::-1]
    if len(rows) < size:
        # There are not enough rows above: that is the first page.
        return page(tickets, size=size)
    return Page(rows, newer=_place(rows[0]) if more else None, older=_place(rows[-1]))


def _below(tickets: QuerySet[Ticket], place: Place | None) -> QuerySet[Ticket]:
    if place is None:
        return tickets
    # The first condition is the index's, the second takes away what shares the time of the place.
    return tickets.filter(updated_at__lte=place.at).exclude(updated_at=place.at, pk__gte=place.pk)


def _place(ticket: Ticket) -> str:
    return Place(ticket.updated_at, ticket.pk).encode()
