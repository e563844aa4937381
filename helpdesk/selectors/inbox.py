"""Inboxes: what their persons may still see of it."""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.domain.occasions import INTERNAL
from helpdesk.models import InboxEntry
from helpdesk.permissions import Right, scope
from helpdesk.selectors.paging import Order
from helpdesk.selectors.tickets import visible_to

# More than this nobody counts.
MANY: Final = 100
NEWEST: Final = Order("inbox", "", ())


def entries(actor: Actor) -> QuerySet[InboxEntry]:
    """The actor's entries, of tickets that they may see; what is the desk's own, of those whose notes they may read.

    Asked ticket by ticket, as few as a page shows: who sees many tickets has no list of all of them made for it.
    """
    mine = InboxEntry.objects.filter(user=actor.person)
    if scope(actor, Right.READ_NOTES).everything:
        return mine
    seen, readable = (
        Exists(visible_to(actor, right).filter(pk=OuterRef("ticket"))) for right in (Right.VIEW, Right.READ_NOTES)
    )
    return mine.filter((Q(seen) & ~Q(occasion__in=INTERNAL)) | (Q(readable) & Q(occasion__in=INTERNAL)))


def unread(actor: Actor) -> QuerySet[InboxEntry]:
    """Those that the actor has not read yet."""
    return entries(actor).filter(read_at=None)


def unread_tickets(actor: Actor) -> list[int]:
    """The ids of the tickets of unread entries, one for each entry, up to a hundred: one query for every page."""
    return list(unread(actor).values_list("ticket", flat=True)[:MANY])


def entry_of(actor: Actor, pk: int) -> InboxEntry | None:
    """The entry of this id, if it is the actor's and they may see it."""
    return entries(actor).select_related("ticket").filter(pk=pk).first()
