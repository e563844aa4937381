"""People as pages need them."""

from django.db.models import QuerySet

from helpdesk.choices import Role
from helpdesk.models import TeamMembership, Ticket, User


def assignable_to(ticket: Ticket) -> QuerySet[User]:
    """Who may be given the ticket: the active people in the active teams of its queue, by name."""
    places = TeamMembership.objects.filter(is_active=True, team__is_active=True, team__queues=ticket.queue_id)
    staff = User.objects.filter(is_active=True).exclude(role__in=(Role.REQUESTER, Role.AUDITOR))
    return staff.filter(pk__in=places.values("user")).order_by("name", "pk")


def with_address(address: str) -> User | None:
    """Who has the address, whatever its case; of an account that was merged, the one that it was merged into."""
    found = User.objects.select_related("merged_into").filter(email__iexact=address).first()
    return found.present if found else None
