"""Inboxes: what their persons may still see of it."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from helpdesk.actors import Actor
from helpdesk.choices import Visibility
from helpdesk.domain.occasions import INTERNAL
from helpdesk.models import InboxEntry, Message
from helpdesk.permissions import Right, scope
from helpdesk.selectors.paging import Order
from helpdesk.selectors.tickets import FIRST_WORDS

# More than this nobody counts.
MANY: Final = 100
NEWEST: Final = Order("inbox", "", ())


def entries(actor: Actor) -> QuerySet[InboxEntry]:
    """The actor's entries, of tickets that they may see; what is the desk's own, of those whose notes they may read.

    Asked ticket by ticket, as few as a page shows: who sees many tickets has no list of all of them made for it.
    """
    mine = InboxEntry.objects.filter(user=actor.person)
    seen, readable = (scope(actor, right) for right in (Right.VIEW, Right.READ_NOTES))
    if readable.everything:
        return mine
    of_desk = Q(occasion__in=INTERNAL)
    return mine.filter((seen.as_q("ticket__") & ~of_desk) | (readable.as_q("ticket__") & of_desk))


def unread(actor: Actor) -> QuerySet[InboxEntry]:
    """Those that the actor has not read yet."""
    return entries(actor).filter(read_at=None)


def unread_tickets(actor: Actor) -> list[int]:
    """The ids of the tickets of unread entries, one for each entry, up to a hundred: one query for every page."""
    return list(unread(actor).values_list("ticket", flat=True)[:MANY])


def dressed(rows: QuerySet[InboxEntry]) -> QuerySet[InboxEntry]:
    """The same with what a row of the page shows."""
    return rows.select_related("ticket", "event__actor__merged_into")


def first_words(rows: Sequence[InboxEntry]) -> dict[int, str]:
    """How the words begin of which the entries tell, by their ids.

    Of words for the desk alone only where the entry is for who reads notes: a reason to wait may be among them.
    """
    ids = [pk for row in rows if (pk := row.event.data.get("message_id"))]
    starts = Message.objects.filter(pk__in=ids).values_list("pk", "visibility", Left("body", FIRST_WORDS))
    said = {pk: (visibility, start) for pk, visibility, start in starts}
    found = {}
    for row in rows:
        visibility, start = said.get(row.event.data.get("message_id"), ("", ""))
        if visibility == Visibility.PUBLIC or row.occasion in INTERNAL:
            found[row.pk] = start
    return found


def entry_of(actor: Actor, pk: int) -> InboxEntry | None:
    """The entry of this id, if it is the actor's and they may see it."""
    return entries(actor).select_related("ticket").filter(pk=pk).first()
