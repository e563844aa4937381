"""Lists of tickets as files: the columns of both rooms, and the makers of the two kinds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actors import Actor
from helpdesk.adapters.sheets import TYPES, Cell, sheet
from helpdesk.choices import ExportProblem
from helpdesk.errors import Code, DomainError, Text
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.forms.my_tickets import Narrowing
from helpdesk.models import CustomField, Export, FieldValue, Ticket, User
from helpdesk.permissions import Right, holds
from helpdesk.registry import ExportMaker
from helpdesk.selectors import answers, exporting, my_tickets
from helpdesk.selectors.answers import told_in_lists
from helpdesk.selectors.paging import Order
from helpdesk.selectors.tickets import visible_to
from helpdesk.templatetags.portal import status_words
from helpdesk.views.desk.listing import order_of

DESK_TICKETS: Final = "desk_tickets"
MY_TICKETS: Final = "my_tickets"
# A workbook takes a million rows; nobody reads a hundred thousand, and programs have an interface of their own.
MOST_ROWS: Final = 100_000
_MOST_QUESTIONS: Final = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and what a ticket has there for this reader. Those of moments name the reader's zone."""

    head: Text
    cell: Callable[[Ticket, User], Any]
    is_moment: bool = False


def _moment(head: Text, name: str) -> Column:
    return Column(head, lambda ticket, _reader: getattr(ticket, name), is_moment=True)


_REF: Final = Column(gettext_lazy("Reference"), lambda ticket, _reader: ticket.ref)
_SUBJECT: Final = Column(gettext_lazy("Subject"), lambda ticket, _reader: ticket.subject)
_ORGANIZATION: Final = Column(gettext_lazy("Organisation"), lambda ticket, _reader: ticket.organization)
_TOPIC: Final = Column(gettext_lazy("Category"), lambda ticket, _reader: ticket.category)
_CREATED: Final = _moment(gettext_lazy("Filed"), "created_at")
_RESOLVED: Final = _moment(gettext_lazy("Solved"), "resolved_at")
_CLOSED: Final = _moment(gettext_lazy("Closed"), "closed_at")

_DESK: Final = (
    _REF,
    _SUBJECT,
    Column(gettext_lazy("Status"), lambda ticket, _reader: ticket.get_status_display()),
    Column(gettext_lazy("Priority"), lambda ticket, _reader: ticket.get_priority_display()),
    Column(gettext_lazy("Queue"), lambda ticket, _reader: ticket.queue),
    Column(gettext_lazy("Tier"), lambda ticket, _reader: ticket.tier),
    Column(gettext_lazy("Assignee"), lambda ticket, _reader: ticket.assignee),
    Column(gettext_lazy("Requester"), lambda ticket, _reader: ticket.requester),
    Column(gettext_lazy("E-mail address"), lambda ticket, _reader: ticket.requester.email),
    _ORGANIZATION,
    _TOPIC,
    Column(gettext_lazy("Kind"), lambda ticket, _reader: ticket.kind),
    Column(gettext_lazy("Tags"), lambda ticket, _reader: ", ".join(str(tag) for tag in ticket.tags.all())),
    Column(gettext_lazy("Channel"), lambda ticket, _reader: ticket.get_channel_display()),
    _CREATED,
    _moment(gettext_lazy("Latest change"), "updated_at"),
    _moment(gettext_lazy("First answer"), "first_answer_at"),
    _moment(gettext_lazy("Unanswered since"), "unanswered_since"),
    Column(gettext_lazy("Clocks"), lambda ticket, _reader: ticket.get_sla_mark_display() if ticket.sla_mark else None),
    _moment(gettext_lazy("Due"), "sla_due_at"),
    _RESOLVED,
    Column(gettext_lazy("How it was solved"), lambda ticket, _reader: ticket.get_resolution_kind_display()),
    _CLOSED,
)
_PORTAL: Final = (
    _REF,
    _SUBJECT,
    Column(gettext_lazy("Status"), status_words),
    _TOPIC,
    Column(gettext_lazy("Asked by"), lambda ticket, _reader: ticket.requester),
    _ORGANIZATION,
    _CREATED,
    _moment(gettext_lazy("Latest news"), "public_at"),
    _RESOLVED,
    _CLOSED,
)


@dataclass(frozen=True, slots=True)
class TicketList:
    """A list as its query says it, for who asks: its tickets and their order. None of them where the query is wrong."""

    tickets: QuerySet[Ticket]
    order: Order


def desk_list(query: Mapping[str, str], actor: Actor) -> TicketList:
    """The desk's list of this address."""
    asked = QueryDict(query.get("list", ""))
    return TicketList(TicketFilter(asked, actor).qs, order_of(asked))


def portal_list(query: Mapping[str, str], actor: Actor) -> TicketList:
    """The portal's list of this address."""
    shown = Narrowing.of(QueryDict(query.get("list", "")), my_tickets.choices_of(actor))
    return TicketList(shown.applied(), shown.order)


LISTS: Final = {DESK_TICKETS: desk_list, MY_TICKETS: portal_list}


def write_tickets(export: Export, actor: Actor, out: IO[bytes], step: Callable[[int], None]) -> int:
    """The list into the file. Each batch asks anew what the person may see, and leaves out what they may not any more.

    Raises DomainError for a list that is too long.
    """
    listed = LISTS[export.kind](export.query, actor)
    ids = exporting.ids_in_order(listed.tickets, listed.order, MOST_ROWS + 1)
    if len(ids) > MOST_ROWS:
        raise DomainError(ExportProblem.TOO_LARGE.label, Code.WRONG)
    export.total = len(ids)
    questions = _questions(listed.tickets, with_internal=export.kind == DESK_TICKETS)
    rows = 0
    with sheet(export.query["format"], out, _("Tickets")) as table:
        table.row([*_heads(export.kind), *questions])
        for piece in exporting.pieces(ids):
            for row in _rows(export.kind, _anew(actor), piece, questions):
                table.row(row)
                rows += 1
            step(rows)
    return rows


def _anew(actor: Actor) -> Actor:
    """The same person with their rights of this moment."""
    return Actor(User.objects.get(pk=actor.person.pk), actor.channel, actor.request_id, actor.scopes)


def _heads(kind: str) -> list[str]:
    zone = timezone.get_current_timezone_name()
    columns = _DESK if kind == DESK_TICKETS else _PORTAL
    return [f"{column.head} ({zone})" if column.is_moment else str(column.head) for column in columns]


def _questions(tickets: QuerySet[Ticket], *, with_internal: bool) -> list[str]:
    """What was asked on the tickets, each question once however many topics ask it."""
    fields = exporting.questions_on(tickets, _MOST_QUESTIONS)
    return list(dict.fromkeys(_label(field) for field in fields if with_internal or not field.is_internal))


def _label(field: CustomField) -> str:
    return str(field.shown("label") or field.label)


def _rows(kind: str, actor: Actor, ids: Any, questions: list[str]) -> Iterator[list[Cell]]:
    in_desk = kind == DESK_TICKETS
    tickets = exporting.in_order(visible_to(actor, Right.READ_NOTES if in_desk else Right.VIEW), ids)
    given = exporting.answers_on(told_in_lists(actor), ids) if questions else {}
    columns = _DESK if in_desk else _PORTAL
    for ticket in tickets:
        told = {
            _label(answer.field): _answer(answer)
            for answer in given.get(ticket.pk, [])
            # As on the ticket's page: the portal leaves out what is asked elsewhere, and what is the desk's own.
            if in_desk or (not answer.field.is_internal and answer.field.applies_to(ticket))
        }
        cells = [_cell(column.cell(ticket, actor.person)) for column in columns]
        yield [*cells, *(told.get(question) for question in questions)]


def _answer(answer: FieldValue) -> Cell:
    """Numbers and days as such, so that they can be ordered and summed; all else as people read it."""
    if answer.number is not None:
        return answer.number
    return answer.day or answers.shown(answer.field, answer.answer, answer.person or "")


def _cell(value: Any) -> Cell:
    return value if value is None or hasattr(value, "tzinfo") else str(value)


def _media_type(export: Export) -> str:
    return TYPES[export.query["format"]]


def _filters(export: Export) -> Mapping[str, object]:
    """The names of what the list was narrowed by, and its form: nobody's words."""
    return {"format": export.query["format"], "filters": sorted(QueryDict(export.query.get("list", "")))}


def file_name(form: str) -> str:
    """Under which name a list of this day is saved."""
    return f"{_('tickets')}-{timezone.localdate():%Y-%m-%d}.{form}"


def _may_enter(actor: Actor) -> bool:
    return holds(actor, Right.ENTER_DESK)


def _is_somebody(actor: Actor) -> bool:
    return actor.standing.role is not None


MAKERS: Final = tuple(
    ExportMaker(kind, _media_type, may, write_tickets, _filters)
    for kind, may in ((DESK_TICKETS, _may_enter), (MY_TICKETS, _is_somebody))
)
