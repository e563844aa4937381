"""Who follows a ticket."""

from django.db.models import QuerySet

from helpdesk.choices import Role
from helpdesk.models import Ticket, User, Watcher


def watchers_of(ticket: Ticket) -> QuerySet[User]:
    """Who watches the ticket, by name. Whose account was closed watches nothing, and neither does an auditor."""
    watching = User.objects.filter(is_active=True, pk__in=Watcher.objects.filter(ticket=ticket).values("user"))
    return watching.exclude(role=Role.AUDITOR).order_by("name", "pk")


def watcher_named(ticket: Ticket, key: str) -> User | None:
    """Who watches the ticket and has this id, as a form sends it."""
    return next((user for user in watchers_of(ticket) if str(user.pk) == key), None)
