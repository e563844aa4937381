"""What was said and what happened on a ticket as one stream, the oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.domain import events
from helpdesk.models import Message, Ticket, TicketEvent
from helpdesk.permissions import Right, may
from helpdesk.selectors import conversation, desk
from helpdesk.selectors.conversation import Entry
from helpdesk.templatetags.desk import exactly
from helpdesk.views.desk.words import event_kind, line

# Their message says all there is to say.
_SPOKEN: Final = frozenset({events.TicketCreated.kind, events.ReplyAdded.kind, events.NoteAdded.kind})


@dataclass(frozen=True, slots=True)
class Item:
    """A message, or an event as one line."""

    message: Message | None = None
    is_from_desk: bool = False
    event: TicketEvent | None = None
    line: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    follow_up: str = ""


def stream(actor: Actor, ticket: Ticket) -> list[Item]:
    """Everything that the reader may know. Events are for those who read notes, and for nobody else."""
    messages = list(conversation.messages(actor, ticket))
    if not may(actor, Right.READ_NOTES, ticket):
        return [_said(message, ticket) for message in messages]
    return list(_with_events(ticket, messages))


def _with_events(ticket: Ticket, messages: Sequence[Message]) -> Iterator[Item]:
    waiting = {message.pk: message for message in messages}
    entries = conversation.timeline(ticket)
    late = [entry.data.by_ticket_id for entry in entries if isinstance(entry.data, events.FollowedUp)]
    follow_ups = desk.refs(late) if late else {}
    for entry in entries:
        if entry.event.kind not in _SPOKEN:
            yield _happened(entry, follow_ups)
        message = waiting.pop(entry.message.pk, None) if entry.message else None
        if message is not None:
            yield _said(message, ticket)


def _happened(entry: Entry, follow_ups: dict[int, str]) -> Item:
    follow_up = follow_ups.get(entry.data.by_ticket_id, "") if isinstance(entry.data, events.FollowedUp) else ""
    return Item(event=entry.event, line=line(entry), facts=_facts(entry.event), follow_up=follow_up)


def _facts(event: TicketEvent) -> tuple[tuple[str, str], ...]:
    """What the line tells when it is unfolded."""
    return (
        (_("What"), event_kind(event.kind)),
        (_("Who"), str(event.actor or "Watchdesk")),
        (_("By way of"), event.get_channel_display()),
        (_("When"), exactly(event.effective_at)),
        (_("Number on record"), str(event.seq)),
    )


def _said(message: Message, ticket: Ticket) -> Item:
    """A message on its side: who asked on the left, who works on it on the right."""
    return Item(message=message, is_from_desk=conversation.is_from_desk(message, ticket))
