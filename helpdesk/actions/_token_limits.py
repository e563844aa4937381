"""What a token's own limits forbid, whatever its person may do."""

from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import Queue
from helpdesk.permissions import leads_into


def led_into(by: Actor, queue: Queue) -> Queue:
    """The queue, where the actor may put a ticket into it. Raises DomainError where their token ends before it."""
    if not leads_into(by, queue):
        raise DomainError(_("This token does not lead into that queue."), Code.FORBIDDEN, field="queue")
    return queue
