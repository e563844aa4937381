"""What was said and what happened on a ticket, as an actor may read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Max, Prefetch, Q, QuerySet, Window

from helpdesk.actors import Actor
from helpdesk.choices import DeliveryChannel, Role, Visibility
from helpdesk.domain import events, relation_events, work_events
from helpdesk.domain.event_data import EventData
from helpdesk.domain.keyset import Place
from helpdesk.models import (
    Attachment,
    Category,
    Criterion,
    CustomField,
    Delivery,
    Kind,
    Message,
    MessageRevision,
    Organization,
    PartnerWait,
    Problem,
    Queue,
    SLAPolicy,
    StaffRole,
    SubTask,
    Tag,
    Ticket,
    TicketEvent,
    Tier,
    User,
)
from helpdesk.permissions import Right, may, scope
from helpdesk.prepared import fill, prepared
from helpdesk.selectors import catalogue, problems
from helpdesk.selectors.links import tickets_by_id
from helpdesk.selectors.paging import IN_TIME, dressed

# So many new messages at most come to a page that is open.
_NEWS: Final = 50
# Under which names payloads hold ids of tickets and problems, which not everybody sees who reads the event.
_OF_TICKETS: Final = ("other_id", "by_ticket_id", "follows_id")
_OF_PROBLEMS: Final = ("from_problem_id", "to_problem_id")
# The kinds of event of who says something, and does nothing else by it.
_SPOKEN: Final = ("ticket_created", "reply_added", "note_added")


def messages(actor: Actor, ticket: Ticket) -> QuerySet[Message]:
    """The ticket's messages that the actor may read, the oldest first, with authors and files."""
    if not may(actor, Right.READ_NOTES, ticket):
        return public_messages(ticket)
    return _with_authors_and_files(said_on(ticket))


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """What was said to everybody on the ticket: all that the portal ever shows, whoever looks."""
    return _with_authors_and_files(public(said_on(ticket)))


def said_on(ticket: Ticket) -> QuerySet[Message]:
    """What was written on the ticket, and on those that were merged into it.

    Who may read a ticket that was merged, and not the one where it goes on, still reads what was written there.
    """
    return _said_on(ticket.pk, is_merged=ticket.merged_into_id is not None)


def said_last(ticket: Ticket) -> Message:
    """What was written last on the ticket up to the version that is in hand: of what an action returned, its words."""
    spoken = TicketEvent.objects.filter(ticket=ticket, seq__lte=ticket.version, kind__in=_SPOKEN)
    (data,) = spoken.order_by("-seq").values_list("data", flat=True)[:1]
    return _with_authors_and_files(Message.objects.filter(pk=data["message_id"])).get()


def where_written(pk: int) -> Ticket:
    """The ticket on which the message of this id was written, also where that was merged since."""
    message = Message.objects.select_related("ticket", "origin").get(pk=pk)
    return message.origin or message.ticket


def _said_on(ticket: int, *, is_merged: bool) -> QuerySet[Message]:
    return Message.objects.filter(Q(ticket=ticket) | Q(origin=ticket) if is_merged else Q(ticket=ticket))


def public(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Those of the messages that everybody on their ticket may read."""
    return rows.filter(visibility=Visibility.PUBLIC)


def speakers(ticket: Ticket) -> frozenset[int | None]:
    """The ids of those who said something to everybody on the ticket."""
    said = _speakers(ticket.pk, is_merged=ticket.merged_into_id is not None)
    return frozenset(pk for pair in said for pk in pair)


@prepared
def _speakers(ticket: int, *, is_merged: bool) -> QuerySet[Message, tuple[int | None, int | None]]:
    said = public(_said_on(ticket, is_merged=is_merged))
    return said.values_list("author", "author__merged_into").distinct()


def messages_by_id(ids: Iterable[int]) -> dict[int, Message]:
    """Messages of a timeline, for those who read notes alone."""
    return {message.pk: message for message in _read(list(ids))}


def _read(ids: Sequence[int]) -> list[Message]:
    """These messages as a page shows them, the oldest first: two queries."""
    rows = list(_with_authors_of(ids)) if ids else []
    files: dict[int, list[Attachment]] = {message.pk: [] for message in rows}
    for file in _files_on(list(files)) if files else ():
        files[file.message_id].append(file)
    for message in rows:
        fill(message, "attachments", files[message.pk], Attachment)
    return rows


@prepared
def _with_authors_of(ids: Sequence[int]) -> QuerySet[Message]:
    return _with_authors(Message.objects.filter(pk__among=ids))


@prepared
def _files_on(messages: Sequence[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__among=messages).select_related("blob__thumbnail")


def _with_authors_and_files(rows: QuerySet[Message]) -> QuerySet[Message]:
    files = Prefetch("attachments", Attachment.objects.select_related("blob__thumbnail"))
    return _with_authors(rows).prefetch_related(files)


def _with_authors(rows: QuerySet[Message]) -> QuerySet[Message]:
    rows = rows.select_related("author__merged_into")
    # Each is written under its ticket's lock: of two at one moment the first has the lower id.
    return rows.annotate(origin_number=F("origin__number")).order_by("created_at", "pk")


def attachments_visible_to(actor: Actor) -> QuerySet[Attachment]:
    """The files on messages that the actor may read, of all tickets."""
    rows = Attachment.objects.filter(pk__in=())
    for visibility, right in ((Visibility.PUBLIC, Right.VIEW), (Visibility.INTERNAL, Right.READ_NOTES)):
        seen = Ticket.objects.filter(scope(actor, right).as_q())
        # A merge takes from nobody what they could read.
        here = Q(message__ticket__in=seen) | Q(message__origin__in=seen)
        rows |= Attachment.objects.filter(here, message__visibility=visibility)
    return rows


def is_from_desk(message: Message, ticket: Ticket) -> bool:
    """Whether the desk wrote it, and not somebody on the side that asked. Who leaves the desk takes no side by it."""
    author = message.author
    return author is None or (author.role != Role.REQUESTER and author.pk != ticket.requester_id)


@dataclass(frozen=True, slots=True)
class Named:
    """The rows that the payloads of a timeline name: tiers by their level, all others by their id."""

    people: Mapping[int, User]
    tiers: Mapping[int, Tier]
    queues: Mapping[int, Queue]
    categories: Mapping[int, Category]
    kinds: Mapping[int, Kind]
    tags: Mapping[int, Tag]
    problems: Mapping[int, Problem]
    criteria: Mapping[int, Criterion]
    sub_tasks: Mapping[int, SubTask]
    waits: Mapping[int, PartnerWait]
    policies: Mapping[int, SLAPolicy]
    roles: Mapping[int, StaffRole]
    organizations: Mapping[int, Organization]
    # Only those that the reader may see.
    tickets: Mapping[int, Ticket]
    hidden_problem_ids: frozenset[int]
    fields: Mapping[int, CustomField]


def from_desk() -> Q:
    """`is_from_desk` as a filter on messages."""
    return Q(author=None) | (~Q(author__role=Role.REQUESTER) & ~Q(author=F("ticket__requester")))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the timeline, with the rows that its payload names; of its message only the id."""

    event: TicketEvent
    data: EventData
    message_id: int | None
    named: Named
    # The ticket on which it happened, where that was merged into the one that is looked at.
    origin: str = ""

    @property
    def told_data(self) -> dict[str, Any]:
        """The payload for other systems: without the ids of tickets and problems that the reader does not see."""
        told = dict(self.event.data)
        told |= {key: None for key in _OF_TICKETS if told.get(key) not in {None, *self.named.tickets}}
        return told | {key: None for key in _OF_PROBLEMS if told.get(key) in self.named.hidden_problem_ids}


def timeline(reader: Actor, ticket: Ticket, *, after: int = 0) -> list[Entry]:
    """What is on record about the ticket after this version of it, the oldest first: for those who read notes alone.

    A query for each kind of row that it names beyond the set-up, however long it is.
    """
    rows, origins = _events(ticket, after)
    return told(reader, rows, origins)


def told(reader: Actor, rows: Sequence[TicketEvent], origins: Mapping[int, str] | None = None) -> list[Entry]:
    """Events of any tickets, with the rows that they name; `origins` are the references of tickets by their ids."""
    gathered = Problem.objects.in_bulk(_ids(rows, *_OF_PROBLEMS))
    named = Named(
        people=_people(_ids(rows, "from_id", "to_id", "user_id", "inbox_ids", "mail_ids")),
        tiers={tier.level: tier for tier in catalogue.tiers()},
        queues={queue.pk: queue for queue in catalogue.queues()},
        categories={category.pk: category for category in catalogue.categories()},
        kinds={kind.pk: kind for kind in catalogue.kinds()},
        tags=Tag.objects.in_bulk(_ids(rows, "added_ids", "removed_ids")),
        problems=gathered,
        criteria=Criterion.objects.in_bulk(_measured(rows)),
        sub_tasks=SubTask.objects.in_bulk(_ids(rows, "sub_task_id")),
        waits=PartnerWait.objects.select_related("partner").in_bulk(_ids(rows, "wait_id")),
        policies=SLAPolicy.objects.in_bulk(_ids(rows, "policy_id")),
        roles=StaffRole.objects.in_bulk(_ids(rows, "role_id")),
        organizations=Organization.objects.in_bulk(_ids(rows, "from_organization_id", "to_organization_id")),
        tickets=tickets_by_id(reader, _ids(rows, *_OF_TICKETS)),
        hidden_problem_ids=frozenset(pk for pk, one in gathered.items() if not problems.sees(reader, one)),
        fields=CustomField.objects.in_bulk(_ids(rows, "field_id")),
    )
    return [
        Entry(
            row,
            events.parse(row.kind, row.data),
            row.data.get("message_id"),
            named,
            (origins or {}).get(row.ticket_id, ""),
        )
        for row in rows
    ]


def _people(ids: Iterable[int]) -> dict[int, User]:
    return {one.pk: one for one in _people_of(wanted)} if (wanted := list(ids)) else {}


@prepared
def _people_of(ids: Sequence[int]) -> QuerySet[User]:
    return User.objects.filter(pk__among=ids).select_related("merged_into")


def timeline_page(
    reader: Actor, ticket: Ticket, *, size: int, place: Place | None = None
) -> tuple[list[Entry], str | None]:
    """So much of it from this place on, the oldest first, and where the next page begins.

    A place is a version, after which the ticket's own events follow; or, where others were merged into it, one in the
    order of time, `IN_TIME`. Nothing that happens shifts what is before it.
    """
    is_in_time = ticket.has_merged if place is None else len(place.values) > 1
    if is_in_time:
        return _page_in_time(reader, ticket, size, place)
    after = place.values[0] if place is not None else 0
    found = list(_own_of(ticket.pk).filter(seq__gt=after)[: size + 1])
    shown = found[:size]
    return told(reader, shown), str(shown[-1].seq) if len(found) > size else None


def _page_in_time(reader: Actor, ticket: Ticket, size: int, place: Place | None) -> tuple[list[Entry], str | None]:
    merged = _merged_into(ticket)
    # As `in_time` has it: no event stands before one that was recorded earlier on its own ticket.
    latest = Window(Max("effective_at"), partition_by="ticket", order_by="seq")
    rows = _gathered(ticket.pk, merged).annotate(moment=latest)
    if place is not None:
        rows = rows.filter(IN_TIME.beyond(place))
    keys = list(IN_TIME.sort(rows).values_list("moment", "pk")[: size + 1])
    shown = keys[:size]
    events_of = TicketEvent.objects.select_related("actor__merged_into")
    entries = told(reader, dressed(shown, lambda ids: events_of.filter(pk__in=ids)), merged)
    return entries, Place(shown[-1]).encode() if len(keys) > size else None


def _events(ticket: Ticket, after: int) -> tuple[list[TicketEvent], Mapping[int, str]]:
    """The ticket's events; where others were merged into it, theirs among them in the order of time, with their refs.

    An event never moves to another ticket: those of a ticket that was merged stay its own.
    """
    if after or not ticket.has_merged:
        return list(_events_of(ticket.pk, after)), {}
    merged = _merged_into(ticket)
    rows = _gathered(ticket.pk, merged).select_related("actor__merged_into")
    return in_time(rows.order_by("ticket", "seq")), merged


def _merged_into(ticket: Ticket) -> dict[int, str]:
    """The references of what was merged into it, by their ids."""
    return {one.pk: one.ref for one in Ticket.objects.filter(merged_into=ticket)}


def _gathered(ticket: int, merged: Iterable[int]) -> QuerySet[TicketEvent]:
    """The events of a ticket and of what was merged into it: that it was is told once, by the one that took it in."""
    theirs = Q(ticket__in=list(merged)) & ~Q(kind=relation_events.Merged.kind)
    return TicketEvent.objects.filter(Q(ticket=ticket) | theirs)


@prepared
def _events_of(ticket: int, after: int) -> QuerySet[TicketEvent]:
    return _own_of(ticket).filter(seq__gt=after)


def _own_of(ticket: int) -> QuerySet[TicketEvent]:
    return TicketEvent.objects.select_related("actor__merged_into").filter(ticket=ticket).order_by("seq")


def in_time(rows: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Events of several tickets in the order of time, each ticket's own in the order in which they were recorded.

    They come by tickets and versions; of one moment the first is what was recorded first.
    """
    latest: dict[int, datetime] = {}
    placed = []
    for row in rows:
        moment = max(row.effective_at, latest.get(row.ticket_id, row.effective_at))
        latest[row.ticket_id] = moment
        placed.append((moment, row.pk, row))
    return [row for _moment, _pk, row in sorted(placed, key=lambda one: one[:2])]


def _measured(rows: Sequence[TicketEvent]) -> set[int]:
    """The ids of the criteria by which somebody measured."""
    told = (row.data["rows"] for row in rows if row.kind == work_events.PriorityMeasured.kind)
    return {measured["criterion_id"] for measures in told for measured in measures}


def _ids(rows: Sequence[TicketEvent], *keys: str) -> set[int]:
    """The ids that the payloads hold under these keys, one or several under each."""
    found = set[int]()
    for value in (row.data.get(key) for row in rows for key in keys):
        found.update(value if isinstance(value, list) else [] if value is None else [value])
    return found


@dataclass(frozen=True, slots=True)
class Letters:
    """A public conversation: its first words, how many messages are left out after them, and the newest ones.

    `last_id` is the highest id of all of them: what came by a merge does not stand in the order of the ids.
    """

    first: list[Message]
    left_out: int
    newest: list[Message]
    last_id: int


def letters(ticket: Ticket, *, newest: int | None) -> Letters:
    """What was said to everybody: all of it, or of a long conversation the first words and so many of the newest.

    Four queries, however long it is.
    """
    ids = list(_public_ids(ticket.pk, is_merged=ticket.merged_into_id is not None))
    # One message is never left out alone: the words that say so take its room.
    if newest is None or len(ids) <= newest + 2:
        return Letters(_read(ids), 0, [], max(ids, default=0))
    shown = _read([ids[0], *ids[-newest:]])
    return Letters(shown[:1], len(ids) - newest - 1, shown[1:], max(ids))


@prepared
def _public_ids(ticket: int, *, is_merged: bool) -> QuerySet[Message, int]:
    rows = public(_said_on(ticket, is_merged=is_merged)).order_by("created_at", "pk")
    return rows.values_list("pk", flat=True)


def since(ticket: Ticket, message_id: int, reader: User) -> list[Message]:
    """What others said to everybody after this message; it is asked for often, and mostly there is nothing.

    The rest of very much is for the next time.
    """
    return list(public_messages(ticket).filter(pk__gt=message_id).exclude(author=reader)[:_NEWS])


def was_mailed(message: Message) -> bool:
    """Whether somebody got it by mail already."""
    spoken = TicketEvent.objects.filter(ticket=message.ticket_id, data__message_id=message.pk)
    mails = Delivery.objects.filter(channel=DeliveryChannel.EMAIL, ticket=message.ticket_id, event__in=spoken)
    return mails.filter(sent_at__isnull=False).exists()


def revisions_of(message: Message) -> list[MessageRevision]:
    """What the message said before, the newest first: for those who read the ticket's notes alone."""
    return list(MessageRevision.objects.filter(message=message).order_by("-number"))
