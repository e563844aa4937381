"""The questions of the desk as filters of its list: `field12` for what is chosen, `field12_from`/`_to` for a span."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actors import Actor
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Asks, clean_answer
from helpdesk.errors import DomainError
from helpdesk.forms.pick import RowsField
from helpdesk.models import CustomField, Ticket
from helpdesk.models.fields import PICKED, pick
from helpdesk.permissions import Right, scope
from helpdesk.selectors.answers import choices, told_in_lists

SPANS: Final = frozenset({FieldKind.NUMBER, FieldKind.DATE})
NARROWING: Final = PICKED | SPANS | {FieldKind.PERSON}
_NAME: Final = re.compile(r"field([0-9]{1,9})(_from|_to)?")
_GONE: Final = gettext_lazy("“%(value)s” is none of the choices, or not yours to see. Take it away or choose another.")


def asked_ids(data: QueryDict) -> set[int]:
    """The questions that a query names."""
    return {int(found[1]) for name in data if (found := _NAME.fullmatch(name))}


def filters(fields: Iterable[CustomField], data: QueryDict, actor: Actor) -> Iterator[tuple[str, Any]]:
    """A filter for each name of the query that is a question's."""
    known = {field.pk: field for field in fields}
    for name in data:
        if found := _NAME.fullmatch(name):
            field = known.get(int(found[1]))
            yield name, _filter(name, field, actor, found[2])


def _filter(name: str, field: CustomField | None, actor: Actor, end: str | None) -> Any:
    if field is None or (end is not None) is not (field.kind in SPANS):
        words = {"invalid_choice": _GONE}
        return django_filters.MultipleChoiceFilter(name, label=_("Question"), choices=(), error_messages=words)
    label = str(field.shown("label"))
    if end is not None:
        label = (_("%(question)s from") if end == "_from" else _("%(question)s up to")) % {"question": label}
        return SpanFilter(name, label=label, method=_Answered(field, actor, end), kind=FieldKind(field.kind))
    if field.kind == FieldKind.PERSON:
        return _PeopleFilter(name, label=label, method=_Answered(field, actor), source="person")
    return django_filters.MultipleChoiceFilter(
        name,
        label=label,
        choices=choices(field),
        method=_Answered(field, actor),
        error_messages={"invalid_choice": _GONE},
    )


class _EndField(forms.CharField):
    """One end of a span: a number as people write it, or a date."""

    def __init__(self, *, kind: FieldKind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def clean(self, value: Any) -> Any:
        try:
            answer = clean_answer(Asks(self.kind, decimals=6), super().clean(value), field="")
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return answer or ""


class SpanFilter(django_filters.Filter):  # type: ignore[misc] # django-filter ships no types
    """One end of a span."""

    field_class = _EndField


class _PeopleFilter(django_filters.Filter):  # type: ignore[misc] # django-filter ships no types
    """Any of some people."""

    field_class = RowsField


class _Answered:
    """Keeps the tickets that have one of these answers, along an index of the answers.

    Whoever does not read a ticket's notes does not find it by an answer that is the desk's own.
    """

    def __init__(self, field: CustomField, actor: Actor, end: str = "") -> None:
        self.field, self.actor, self.end = field, actor, end

    def __call__(self, tickets: QuerySet[Ticket], _name: str, value: Any) -> QuerySet[Ticket]:
        if self.field.is_internal:
            tickets = tickets.filter(scope(self.actor, Right.READ_NOTES).as_q())
        answered = told_in_lists(self.actor).filter(self._fits(value))
        return tickets.filter(pk__in=answered.values("ticket"))

    def _fits(self, value: Any) -> Q:
        pk = self.field.pk
        if self.field.kind in PICKED:
            return Q(picks__overlap=[pick(pk, one) for one in value])
        if self.field.kind == FieldKind.PERSON:
            return Q(field=pk, person__in=[one.pk for one in value])
        column = "number" if self.field.kind == FieldKind.NUMBER else "day"
        comparison = "gte" if self.end == "_from" else "lte"
        return Q(("field", pk), (f"{column}__{comparison}", Decimal(value) if column == "number" else value))
