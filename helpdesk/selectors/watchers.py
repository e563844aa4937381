"""Who follows a ticket."""

from collections.abc import Sequence

from django.db.models import Exists, Q, QuerySet

from helpdesk.choices import Role
from helpdesk.models import Category, TeamMembership, Ticket, User, Watcher
from helpdesk.prepared import prepared


def watchers_of(ticket: Ticket) -> QuerySet[User]:
    """Who watches the ticket, by name. Whose account was closed watches nothing, and neither does an auditor.

    A private ticket is watched by its teams, and by those who were admitted.
    """
    return _watching(ticket.pk, ticket.category_id)


@prepared
def _watching(ticket: int, category: int | None) -> QuerySet[User]:
    restricted = Category.restricted_to.through.objects.filter(category=category)
    inside = TeamMembership.objects.filter(is_active=True, team__is_active=True, team__private_categories=category)
    let_in = Q(admitted=True) | ~Exists(restricted) | Q(user__in=inside.values("user"))
    rows = Watcher.objects.filter(let_in, ticket=ticket)
    watching = User.objects.filter(is_active=True, pk__in=rows.values("user"))
    return watching.exclude(role=Role.AUDITOR).order_by("name", "pk")


@prepared
def watched(tickets: Sequence[int]) -> QuerySet[Watcher, int]:
    """Which of these tickets anybody ever began to watch."""
    return Watcher.objects.filter(ticket__among=tickets).values_list("ticket_id", flat=True)


def watcher_named(ticket: Ticket, key: str) -> User | None:
    """Who watches the ticket and has this id, as a form sends it."""
    return next((user for user in watchers_of(ticket) if str(user.pk) == key), None)
