"""The step by which mails that wait for the end of quiet hours follow what these are now."""

from datetime import datetime

from helpdesk.actions._base import SEND_TASK, kick
from helpdesk.domain.quiet import quiet_until
from helpdesk.models import Delivery, User
from helpdesk.models.deliveries import OPEN
from helpdesk.selectors.telling import quiet_hours_of


def put_off_anew(person: User, now: datetime) -> None:
    """Let what waits leave when the person's quiet ends by their hours and zone as they are now; at once where none is.

    What would leave meanwhile, and has to wait longer, is asked when it leaves.
    """
    end = quiet_until(quiet_hours_of(person).hours, person.time_zone, now) or now
    waiting = Delivery.objects.filter(OPEN, recipient=person, attempts=0, lease_until=None, not_before__gt=now)
    if waiting.exclude(occasion="").exclude(not_before=end).update(not_before=end):
        kick(SEND_TASK)
