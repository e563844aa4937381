"""Private categories: which teams alone see what is filed under one."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Value

from helpdesk.actors import Actor
from helpdesk.models import Team, Ticket
from helpdesk.permissions import Right, scope
from helpdesk.selectors.tickets import visible_to


def teams_of(ticket: Ticket) -> QuerySet[Team]:
    """The teams that the ticket's category is restricted to, whether or not they work any more; none for most."""
    return Team.objects.filter(private_categories=ticket.category_id)


def hidden_from(actor: Actor, tickets: Iterable[Ticket]) -> frozenset[int]:
    """The ids of those of the tickets that are private to others: one query, and none where there are no such ones."""
    private = [ticket.pk for ticket in tickets if ticket.category_id in actor.standing.private_category_ids]
    if not private:
        return frozenset()
    return frozenset(private) - frozenset(visible_to(actor).filter(pk__in=private).values_list("pk", flat=True))


def hides(actor: Actor) -> Exists | Value:
    """Whether the ticket that an outer row is about is private to others, as a column of that row."""
    seen = scope(actor, Right.VIEW)
    if not seen.barred_ids:
        return Value(False)
    private = Ticket.objects.filter(pk=OuterRef("ticket"), category__in=sorted(seen.barred_ids))
    return Exists(private.exclude(seen.as_q()))


def is_private(ticket: Ticket) -> bool:
    """Whether only some teams may see the ticket beside who asked."""
    return ticket.category_id is not None and teams_of(ticket).exists()
