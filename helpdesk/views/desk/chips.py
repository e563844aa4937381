"""What a list of tickets is narrowed to, as chips that can each be taken away, and the menu that adds more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from helpdesk.choices import FieldKind
from helpdesk.errors import Text
from helpdesk.forms.answer_filter import SPANS, asked_ids
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.forms.pick import RowsField
from helpdesk.models import CustomField
from helpdesk.selectors import paging
from helpdesk.selectors.answers import choices
from helpdesk.selectors.narrowing import ALL

_BOXES: Final = ("status", "queue", "priority", "tier", "kind", "channel", "waiting", "clock")
_ROWS: Final = ("assignee", "team", "requester", "organization", "tag", "partner")
_SPANS: Final = ("created_within", "older_than", "solved_within")


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that the list is narrowed to, and the query of the list without it. A `problem` is unknown."""

    name: str
    label: Text
    words: str
    without: str
    problem: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter, whether it is set, and what it is called."""

    value: str
    words: Text
    is_set: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """One filter of the menu: options to tick; a field to type in where `source` says what it suggests."""

    name: str
    label: Text
    options: list[Option]
    source: str = ""
    is_span: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Two ends between which an answer lies: fields to type in."""

    name: str
    label: Text
    kind: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What the menu says of answers: the questions that were chosen, and all that can be."""

    all: list[CustomField]
    menus: list[Menu]
    spans: list[Span]


def chips(narrowed: TicketFilter) -> list[Chip]:
    """All that the list is narrowed to, in the order of the filters; nothing for a list of everything."""
    return list(_chips(narrowed))


def _chips(narrowed: TicketFilter) -> Iterator[Chip]:
    form, asked = narrowed.form, narrowed.data
    for name, field in form.fields.items():
        for value in asked.getlist(name):
            if name == "status" and value == ALL:
                continue
            known = _words(field, value)
            words = f"“{value}”" if name == "q" else known or value
            yield Chip(name, field.label, str(words), without(asked, name, value), not known and name in form.errors)


def without(asked: QueryDict, name: str, value: str) -> str:
    """The query without one value of it. Without any status it would begin with the unsolved ones again: all, then."""
    left = asked.copy()
    for place in ("before", "after"):
        left.pop(place, None)
    values = [one for one in left.getlist(name) if one != value]
    left.setlist(name, values or ([ALL] if name == "status" else []))
    if name == "waiting" and left.get("order") == paging.WAITING.name:
        del left["order"]
    if name == "clock" and left.get("order") == paging.DUE.name:
        del left["order"]
    if name == "status" and left.get("order") == paging.SOLVED.name:
        del left["order"]
    return left.urlencode()


def menus(narrowed: TicketFilter) -> list[Menu]:
    """Every filter, with what is set ticked."""
    form, asked = narrowed.form, narrowed.data
    made = []
    for name in (*_BOXES, *_ROWS, *_SPANS):
        field, chosen = form.fields[name], asked.getlist(name)
        if isinstance(field, RowsField):
            named = {value: str(_words(field, value) or value) for value in chosen}
            options = [Option(value, words, value in chosen) for value, words in {**field.words, **named}.items()]
            made.append(Menu(name, field.label or "", options, source=field.source))
        else:
            options = [Option(str(value), words, str(value) in chosen) for value, words in field.choices]
            made.append(Menu(name, field.label, options, is_span=name in _SPANS))
    return [menu for menu in made if menu.options or menu.source]


def questions(narrowed: TicketFilter, asked: QueryDict) -> Questions:
    """The questions by which the list is narrowed, and the one that was asked for (`question`), with their answers."""
    fields, wanted = narrowed.choices.fields, asked_ids(narrowed.data)
    new = asked.get("question", "")
    shown = [field for field in fields if field.pk in wanted or str(field.pk) == new]
    menus_, spans = list[Menu](), list[Span]()
    for field in shown:
        name, label = f"field{field.pk}", field.shown("label")
        chosen = narrowed.data.getlist(name)
        if field.kind in SPANS:
            ends = (narrowed.data.get(f"{name}{end}", "") for end in ("_from", "_to"))
            spans.append(Span(name, label, field.kind, *ends))
        elif field.kind == FieldKind.PERSON:
            known = narrowed.form.fields.get(name)
            words = [(value, str(_words(known, value) or value)) for value in chosen] if known else []
            menus_.append(Menu(name, label, [Option(value, text, True) for value, text in words], source="person"))
        else:
            menus_.append(Menu(name, label, [Option(c, words, c in chosen) for c, words in choices(field)]))
    return Questions(fields, menus_, spans)


def _words(field: Any, value: str) -> str | None:
    """What a value of the filter is called, if it is one."""
    if isinstance(field, RowsField):
        found = field.words.get(value) or field.found.get(value)
        return str(found) if found is not None else None
    return {str(code): str(words) for code, words in getattr(field, "choices", ())}.get(value)
