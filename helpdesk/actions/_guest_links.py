"""The step that gives a guest their way to a ticket."""

from datetime import datetime, timedelta
from typing import Final

from helpdesk.models import GuestLink, Ticket, User
from helpdesk.selectors.guests import newest_link

LINK_LIFE: Final = timedelta(days=30)


def grant(ticket: Ticket, user: User, now: datetime) -> GuestLink:
    """A link that leads there for another thirty days: the one that still does, or a new one."""
    link = newest_link(ticket, user, now)
    if link is None:
        return GuestLink.objects.create(ticket=ticket, user=user, created_at=now, expires_at=now + LINK_LIFE)
    link.expires_at = now + LINK_LIFE
    link.save(update_fields=["expires_at"])
    return link


def prolong(ticket: Ticket, user: User, now: datetime) -> None:
    """Before a mail leaves: whoever came as a guest finds a link in it that leads there."""
    if ticket.requester_id == user.pk and GuestLink.objects.filter(ticket=ticket, user=user).exists():
        grant(ticket, user, now)
