"""Inboxes: what their persons may still see of it."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from helpdesk.actors import Actor
from helpdesk.choices import Visibility
from helpdesk.domain.occasions import INTERNAL
from helpdesk.models import InboxEntry, Message
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import prepared
from helpdesk.selectors.paging import Order
from helpdesk.selectors.tickets import FIRST_WORDS

# More than this nobody counts.
MANY: Final = 100
NEWEST: Final = Order("inbox", "", ())


def entries(actor: Actor) -> QuerySet[InboxEntry]:
    """The actor's entries, of tickets that they may see; what is the desk's own, of those whose notes they may read.

    Asked ticket by ticket, as few as a page shows: who sees many tickets has no list of all of them made for it.
    """
    seen, readable = (scope(actor, right) for right in (Right.VIEW, Right.READ_NOTES))
    return _entries(actor.person_id, seen=seen, readable=readable)


def _entries(person: int, *, seen: Scope, readable: Scope) -> QuerySet[InboxEntry]:
    mine = InboxEntry.objects.filter(user=person)
    if readable.everything:
        return mine
    of_desk = Q(occasion__in=INTERNAL)
    visible, noted = (held.of(person).as_q("ticket__") for held in (seen, readable))
    return mine.filter((visible & ~of_desk) | (noted & of_desk))


def unread(actor: Actor) -> QuerySet[InboxEntry]:
    """Those that the actor has not read yet."""
    return entries(actor).filter(read_at=None)


def unread_tickets(actor: Actor) -> list[int]:
    """The ids of the tickets of unread entries, one for each entry, up to a hundred: one query for every page."""
    seen, readable = (scope(actor, right).of(ANYBODY) for right in (Right.VIEW, Right.READ_NOTES))
    return list(_unread_tickets(actor.person_id, seen=seen, readable=readable))


@prepared
def _unread_tickets(person: int, *, seen: Scope, readable: Scope) -> QuerySet[InboxEntry, int]:
    rows = _entries(person, seen=seen, readable=readable).filter(read_at=None)
    return rows.values_list("ticket", flat=True)[:MANY]


def dressed(ids: Sequence[int]) -> QuerySet[InboxEntry]:
    """These entries with what a row of the page shows."""
    return InboxEntry.objects.filter(pk__in=ids).select_related("ticket", "event__actor__merged_into")


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
