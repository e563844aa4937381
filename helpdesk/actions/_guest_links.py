"""The step that gives a guest their way to a ticket."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from helpdesk.models import GuestLink, Ticket, User
from helpdesk.selectors.guests import linked, newest_link

LINK_LIFE: Final = timedelta(days=30)


def grant(ticket: Ticket, user: User, now: datetime) -> GuestLink:
    """A link that leads there for another thirty days: the one that still does, or a new one."""
    link = newest_link(ticket, user, now)
    if link is None:
        return GuestLink.objects.create(ticket=ticket, user=user, created_at=now, expires_at=now + LINK_LIFE)
    link.expires_at = now + LINK_LIFE
    link.save(update_fields=["expires_at"])
    return link


def prolong(mailed: Iterable[tuple[Ticket, User]], now: datetime) -> None:
    """Before mails leave: whoever came as a guest finds a link in theirs that leads to the ticket."""
    asked = {ticket.pk: (ticket, person) for ticket, person in mailed if ticket.requester_id == person.pk}
    for pk in sorted(set(linked(sorted(asked)))) if asked else ():
        grant(*asked[pk], now)
