"""What is asked about tickets, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.actors import Actor
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Value
from helpdesk.keeping import kept
from helpdesk.models import Category, CustomField, FieldValue, Queue, Ticket
from helpdesk.permissions import Right, overseen, scope
from helpdesk.prepared import prepared
from helpdesk.selectors.catalogue import default_queue

_MOST_FOUND: Final = 500
# Of fewer letters no index knows where they are.
_FEWEST_LETTERS: Final = 3
# Those of the category first, then those of the queue.
_ORDER: Final = (F("category").asc(nulls_last=True), "position", "pk")


def questions_of(category: Category | None, queue: Queue | None = None) -> list[CustomField]:
    """What the form asks who files under this topic, in order; without a queue, those of the topic's own."""
    if queue is None:
        queue = category.queue if category else default_queue()
    places = (category.pk if category else None, queue.pk if queue else None)
    return kept(("questions of", *places), lambda: list(_asked_in(*places)))


@prepared
def _asked_in(category: int | None, queue: int | None) -> QuerySet[CustomField]:
    asked = CustomField.objects.filter(Q(category=category) | Q(queue=queue), is_active=True, is_internal=False)
    return asked.order_by(*_ORDER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a ticket, and its answer; None is none. `applies`: the ticket is where it is asked."""

    field: CustomField
    value: Value | None
    person: str
    applies: bool

    @property
    def shown(self) -> str:
        """The answer as its reader reads it."""
        return shown(self.field, self.value, self.person)


def asked_about(ticket: Ticket, *, with_internal: bool) -> list[Asked]:
    """The questions about the ticket where it is now, and all that was answered about it; in one query.

    What was answered and is asked elsewhere comes last.
    """
    rows = _fields_with_answers(ticket.pk, ticket.category_id, ticket.queue_id, with_internal=with_internal)
    return sorted((_asked(ticket, field) for field in rows), key=lambda one: not one.applies)


@prepared
def _fields_with_answers(
    ticket: int, category: int | None, queue: int, *, with_internal: bool
) -> QuerySet[CustomField]:
    rows = CustomField.objects.alias(
        given=FilteredRelation("values", condition=Q(values__ticket=ticket)),
    ).annotate(
        given_value=F("given__value"),
        given_person=F("given__person"),
        given_name=F("given__person__name"),
        given_address=F("given__person__email"),
    )
    here = Q(category=category) | Q(queue=queue)
    fits = rows.filter((here & Q(is_active=True)) | Q(given__isnull=False)).order_by(*_ORDER)
    return fits if with_internal else fits.filter(is_internal=False)


def _asked(ticket: Ticket, field: Any) -> Asked:
    name = field.given_name or field.given_address or ""
    value = field.given_value if field.given_person is None else field.given_person
    return Asked(field, value, name, field.applies_to(ticket))


def answers_of(ticket: Ticket) -> list[Asked]:
    """What was answered about the ticket that everybody on it may read, of what is asked where it is now."""
    return [one for one in asked_about(ticket, with_internal=False) if one.applies and one.value is not None]


def unanswered(asked: Sequence[Asked]) -> list[CustomField]:
    """What has to be answered before the ticket is resolved, and is not."""
    return [
        one.field
        for one in asked
        if one.field.is_required_to_resolve and one.field.is_active and one.applies and one.value is None
    ]


def given(ticket: Ticket, field: CustomField) -> Value | None:
    """The answer that the ticket has to one question."""
    row = FieldValue.objects.filter(ticket=ticket, field=field).first()
    return None if row is None else row.answer


def told_in_lists(actor: Actor) -> QuerySet[FieldValue]:
    """The answers by which lists may find tickets: who oversees what is private reads those there on the ticket."""
    answers, barred = FieldValue.objects.all(), overseen(actor)
    return answers.exclude(ticket__category__in=sorted(barred)) if barred else answers


def answered_with(actor: Actor, words: str) -> list[int]:
    """The ids of the newest tickets that have these words in an answer; internal ones count for who reads them.

    As a list, so that the database may look up either these or the subject, whichever is quicker.
    """
    if len(words) < _FEWEST_LETTERS:
        return []
    found = told_in_lists(actor).filter(words__icontains=words)
    notes = scope(actor, Right.READ_NOTES)
    if not notes.everything:
        # Each by its own ticket: a subquery would have PostgreSQL gather all tickets that somebody sees.
        seen = scope(actor, Right.VIEW).as_q("ticket__") & Q(field__is_internal=False)
        found = found.filter(seen | notes.as_q("ticket__"))
    return list(found.order_by("-ticket").values_list("ticket", flat=True).distinct()[:_MOST_FOUND])


def fields_of(ticket: Ticket) -> QuerySet[CustomField]:
    """What is asked where the ticket is now."""
    here = Q(queue=ticket.queue_id)
    if ticket.category_id is not None:
        here |= Q(category=ticket.category_id)
    return CustomField.objects.filter(here, is_active=True)


def shown(field: CustomField, value: Any, person: object = "") -> str:
    """An answer as its reader reads it: a date in words, a choice in their language; empty for none."""
    if value is None:
        return ""
    if field.kind == FieldKind.PERSON:
        return str(person)
    if field.kind == FieldKind.NUMBER:
        return formats.number_format(Decimal(value))
    if field.kind == FieldKind.DATE and (date := parse_date(value)) is not None:
        return formats.date_format(date, pgettext("date format", "j F Y"))
    words = dict(choices(field))
    return ", ".join(words.get(one, one) for one in picked(value))


def picked(value: Any) -> list[str]:
    """What was chosen, as forms send it; a text is one of them."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [] if value is None else value if isinstance(value, list) else [str(value)]


def choices(field: CustomField) -> list[tuple[str, str]]:
    """What can be chosen, each with the words for the reader; what is sent is the desk's own."""
    if field.kind == FieldKind.BOOLEAN:
        return [("yes", _("Yes")), ("no", _("No"))]
    told = field.shown("options")
    words = told if len(told) == len(field.options) else field.options
    return list(zip(field.options, words, strict=True))
