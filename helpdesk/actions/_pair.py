"""Two tickets under their locks."""

from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._work import Work
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket
from helpdesk.selectors.settings import desk_settings

# Of this desk's own choice; it only has to differ from those of other advisory locks.
_RELATIONS: Final = 0x57440001


def lock_relations() -> None:
    """Let nobody else change how tickets stand to each other until the end of this transaction.

    A circle of four can be closed by two who share no ticket, so the locks of the tickets alone do not prevent it.
    Taken before any ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RELATIONS])


def begin_both(one: Ticket, other: Ticket, *, by: Actor, now: datetime) -> tuple[Work, Work]:
    """Both tickets locked, the lower id first, whoever comes from which side. The caller checks the rights."""
    if one.pk == other.pk:
        raise DomainError(_("This is the same ticket. Choose another one."), Code.WRONG, field="other")
    rows = Ticket.objects.select_for_update().filter(pk__in=(one.pk, other.pk)).order_by("pk")
    locked = {ticket.pk: ticket for ticket in rows}
    first, second = (Work(locked[pk], by, now, desk_settings()) for pk in (one.pk, other.pk))
    return first, second
