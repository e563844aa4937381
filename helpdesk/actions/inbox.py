"""Entries of inboxes are read, and go when their days are over. Who writes them is `telling`."""

from datetime import datetime, timedelta
from typing import Final

from helpdesk.actions._base import action
from helpdesk.actions._claim import delete_first
from helpdesk.actions._work import Work
from helpdesk.actors import Actor
from helpdesk.models import InboxEntry, Ticket

LIFE: Final = timedelta(days=90)


@action
def read_entry(*, entry: InboxEntry, by: Actor, now: datetime) -> None:
    """Say that one has read an entry of one's own."""
    InboxEntry.objects.filter(pk=entry.pk, user=by.person, read_at=None).update(read_at=now)


@action
def read_ticket(*, ticket: Ticket, by: Actor, now: datetime) -> None:
    """Say that one has read all about a ticket."""
    InboxEntry.objects.filter(user=by.person, ticket=ticket, read_at=None).update(read_at=now)


@action
def read_all(*, up_to: int, by: Actor, now: datetime) -> int:
    """Say that one has read all up to the newest entry that one saw. What came since stays. Returns how many."""
    return InboxEntry.objects.filter(user=by.person, pk__lte=up_to, read_at=None).update(read_at=now)


def written(work: Work) -> None:
    """The step after somebody of the desk wrote on a ticket: what they were told about it, they have read."""
    InboxEntry.objects.filter(user=work.by.user, ticket=work.ticket, read_at=None).update(read_at=work.now)


@action
def forget(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` entries whose days are over, read or not. Returns how many."""
    old = InboxEntry.objects.filter(created_at__lt=now - LIFE).order_by("created_at")
    return delete_first(old, limit)
