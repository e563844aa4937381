"""What those who see everything looked at."""

from datetime import datetime

from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.models import Ticket


@action
def note_opening(*, ticket: Ticket, by: Actor, now: datetime) -> None:
    """Put on record that somebody opened a private ticket of whose circle they are not."""
    audit("private_ticket_opened", ("ticket", ticket.pk), {}, by=by, now=now)
