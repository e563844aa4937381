"""What a list of tickets is narrowed to, as chips that can each be taken away, and the menu that adds more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from helpdesk.errors import Text
from helpdesk.forms.desk_filter import ALL, TicketFilter
from helpdesk.forms.pick import RowsField
from helpdesk.selectors import paging

_BOXES: Final = ("status", "queue", "priority", "tier", "kind", "channel", "waiting")
_ROWS: Final = ("assignee", "team", "requester", "organization", "tag")
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


def _words(field: Any, value: str) -> str | None:
    """What a value of the filter is called, if it is one."""
    if isinstance(field, RowsField):
        found = field.words.get(value) or field.found.get(value)
        return str(found) if found is not None else None
    return {str(code): str(words) for code, words in getattr(field, "choices", ())}.get(value)
