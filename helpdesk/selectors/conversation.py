"""What was said and what happened on a ticket, as an actor may read it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Role, Visibility
from helpdesk.domain import events
from helpdesk.models import Attachment, Message, Ticket, TicketEvent, Tier, User
from helpdesk.permissions import Right, may, scope


def messages(actor: Actor, ticket: Ticket) -> QuerySet[Message]:
    """The ticket's messages that the actor may read, the oldest first, with authors and files."""
    if not may(actor, Right.READ_NOTES, ticket):
        return public_messages(ticket)
    return _with_authors_and_files(Message.objects.filter(ticket=ticket))


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """What was said to everybody on the ticket: all that the portal ever shows, whoever looks."""
    return _with_authors_and_files(Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC))


def _with_authors_and_files(rows: QuerySet[Message]) -> QuerySet[Message]:
    files = Prefetch("attachments", Attachment.objects.select_related("blob"))
    return rows.select_related("author").prefetch_related(files).order_by("created_at", "pk")


def attachments_visible_to(actor: Actor) -> QuerySet[Attachment]:
    """The files on messages that the actor may read, of all tickets."""
    public = Attachment.objects.filter(
        message__visibility=Visibility.PUBLIC,
        message__ticket__in=Ticket.objects.filter(scope(actor, Right.VIEW).as_q()),
    )
    internal = Attachment.objects.filter(
        message__visibility=Visibility.INTERNAL,
        message__ticket__in=Ticket.objects.filter(scope(actor, Right.READ_NOTES).as_q()),
    )
    return public | internal


def is_from_desk(message: Message, ticket: Ticket) -> bool:
    """Whether the desk wrote it, and not somebody on the side that asked. Who leaves the desk takes no side by it."""
    author = message.author
    return author is None or (author.role != Role.REQUESTER and author.pk != ticket.requester_id)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the timeline, with the rows that its payload names."""

    event: TicketEvent
    data: events.EventData
    message: Message | None
    people: dict[int, User]
    tiers: dict[int, Tier]


def timeline(ticket: Ticket) -> list[Entry]:
    """Everything on record about the ticket, the oldest first: for those who read notes, and nobody else.

    Four queries, however long it is.
    """
    rows = list(TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("seq"))
    message_ids = {row.data.get("message_id") for row in rows} - {None}
    said = {m.pk: m for m in Message.objects.filter(pk__in=message_ids).select_related("author")}
    person_ids = {row.data.get(key) for row in rows for key in ("from_id", "to_id")} - {None}
    people = {user.pk: user for user in User.objects.filter(pk__in=person_ids)}
    tiers = {tier.level: tier for tier in Tier.objects.all()}
    return [
        Entry(
            row,
            events.parse(row.kind, row.data),
            said.get(row.data.get("message_id", 0)),
            people,
            tiers,
        )
        for row in rows
    ]
