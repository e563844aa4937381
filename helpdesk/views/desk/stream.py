"""What was said and what happened on a ticket as one stream, the oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.domain import events
from helpdesk.models import Message, Ticket, TicketEvent
from helpdesk.selectors import conversation, desk
from helpdesk.selectors.conversation import Entry
from helpdesk.templatetags.desk import exactly
from helpdesk.views.desk.words import event_kind, line

# Their message says all there is to say.
_SPOKEN: Final = frozenset({events.TicketCreated.kind, events.ReplyAdded.kind, events.NoteAdded.kind})


# As many messages at the beginning and at the end as somebody reads who comes new to a ticket.
KEPT: Final = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A message, an event as one line, or how many messages are left out here."""

    message: Message | None = None
    is_from_desk: bool = False
    event: TicketEvent | None = None
    line: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    follow_up: str = ""
    hidden: int = 0


def leaves_out(count: int) -> bool:
    """Whether the page of a talk of so many messages leaves some of them out."""
    return count > 2 * KEPT


def _middle(ids: Sequence[int]) -> frozenset[int]:
    """The messages between the first and the last ones of a long talk."""
    return frozenset(ids[KEPT:-KEPT]) if leaves_out(len(ids)) else frozenset()


def stream(actor: Actor, ticket: Ticket, *, whole: bool = True) -> Iterator[Item]:
    """Everything that was said and that happened, for who reads the ticket's notes, and for nobody else.

    Of a long talk the middle is left out unless it is wanted `whole`; it is not even read from the database.
    """
    entries = conversation.timeline(actor, ticket)
    ids = list(dict.fromkeys(entry.message_id for entry in entries if entry.message_id is not None))
    left_out = frozenset() if whole else _middle(ids)
    waiting = conversation.messages_by_id([pk for pk in ids if pk not in left_out])
    late = [entry.data.by_ticket_id for entry in entries if isinstance(entry.data, events.FollowedUp)]
    follow_ups = desk.refs(actor, late) if late else {}
    between, told = False, False
    for entry in entries:
        # From the first message that is left out to the last one, what happened is left out too.
        if entry.message_id is not None:
            between = entry.message_id in left_out
        if between:
            if not told:
                yield Item(hidden=len(left_out))
            told = True
            continue
        if entry.event.kind not in _SPOKEN:
            yield _happened(entry, follow_ups)
        message = waiting.pop(entry.message_id, None) if entry.message_id else None
        if message is not None:
            yield _said(message, ticket)


def _happened(entry: Entry, follow_ups: dict[int, str]) -> Item:
    follow_up = follow_ups.get(entry.data.by_ticket_id, "") if isinstance(entry.data, events.FollowedUp) else ""
    words = line(entry)
    if entry.origin:
        words = _("%(ref)s: %(words)s") % {"ref": entry.origin, "words": words}
    return Item(event=entry.event, line=words, facts=_facts(entry.event), follow_up=follow_up)


def _facts(event: TicketEvent) -> tuple[tuple[str, str], ...]:
    """What the line tells when it is unfolded."""
    return (
        (_("What"), event_kind(event.kind)),
        (_("Who"), str(event.actor or "Watchdesk")),
        (_("By way of"), str(Channel(event.channel).label)),
        (_("When"), exactly(event.effective_at)),
        (_("Number on record"), str(event.seq)),
    )


def _said(message: Message, ticket: Ticket) -> Item:
    """A message on its side: who asked on the left, who works on it on the right."""
    return Item(message=message, is_from_desk=conversation.is_from_desk(message, ticket))
