"""Private categories: which teams alone see what is filed under one."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Value

from helpdesk.actors import Actor
from helpdesk.choices import ActorKind
from helpdesk.models import Team, Ticket
from helpdesk.permissions import Right, scope
from helpdesk.selectors.tickets import visible_to


def teams_of(ticket: Ticket) -> QuerySet[Team]:
    """The teams that the ticket's category is restricted to, whether or not they work any more; none for most."""
    if ticket.category_id is None:
        # Nothing would ask for the teams to which no category is restricted.
        return Team.objects.none()
    return Team.objects.filter(private_categories=ticket.category_id)


def circle_of(actor: Actor, ticket: Ticket) -> list[Team] | None:
    """The teams that see a private ticket, those that work; None for any other. No query for most of them."""
    known = actor.standing.private_category_ids
    # A guest's standing knows nothing but their ticket.
    if ticket.category_id not in known and actor.kind is not ActorKind.GUEST:
        return None
    teams = list(teams_of(ticket))
    return [team for team in teams if team.is_active] if teams else None


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
    return teams_of(ticket).exists()
