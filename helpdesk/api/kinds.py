"""Of which kind JSON has to be: the library would take a number for a text, and a text for a number."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.serializers import (
    CharField,
    ChoiceField,
    DictField,
    FloatField,
    IntegerField,
    ListField,
    ListSerializer,
    Serializer,
)


def misfits(field: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """What is of another kind than the contract says, by its path, with words about it; also in lists and objects."""
    if value is None:
        return
    if isinstance(field, ListField | ListSerializer):
        for number, one in enumerate(value if isinstance(value, list) else ()):
            yield from misfits(field.child, one, f"{path}.{number}")
    elif isinstance(field, DictField | Serializer):
        for name, one in value.items() if isinstance(value, Mapping) else ():
            inner = field.child if isinstance(field, DictField) else field.fields.get(name)
            yield from misfits(inner, one, f"{path}.{name}")
    elif words := _refusal(field, value):
        yield path, words


def _refusal(field: Any, value: Any) -> str:
    if isinstance(field, CharField):
        return "" if isinstance(value, str) else _("Write a text here.")
    if isinstance(field, IntegerField) or (isinstance(field, ChoiceField) and _are_numbers(field)):
        return "" if _is_number(value) and value == value // 1 else _("Write a whole number here, without quotes.")
    if isinstance(field, FloatField):
        return "" if _is_number(value) else _("Write a number here, without quotes.")
    return ""


def _are_numbers(field: ChoiceField) -> bool:
    return all(isinstance(choice, int) for choice in field.choices)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
