"""Parameters of addresses: what all lists take, and fields that no serializer has."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, NoReturn

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from helpdesk.selectors.narrowing import ME, NOBODY

MAX_SIZE: Final = 100
MAX_VALUES: Final = 50
MAX_TEXT: Final = 200
MAX_ID: Final = 2**63 - 1
# A place in a list, as `domain.keyset` writes it.
CURSOR: Final = "t?[0-9]{1,18}(?:-t?[0-9]{1,18}){0,3}"
_WORDS: Final = {"me": ME, "none": NOBODY}
_DAY: Final = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT: Final = re.compile(
    r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)


class CommaList(serializers.Field[Any, Any, Any, Any]):
    """Several values with commas between them, each as `child` takes it."""

    def __init__(self, child: serializers.Field[Any, Any, Any, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.child = child

    def to_internal_value(self, data: Any) -> list[Any]:
        """The values, each once."""
        parts = [part for part in str(data).split(",") if part]
        if not parts:
            raise serializers.ValidationError(_("Name at least one value."))
        if len(parts) > MAX_VALUES:
            raise serializers.ValidationError(_("Name at most %(limit)d values.") % {"limit": MAX_VALUES})
        return list(dict.fromkeys(self.child.run_validation(part) for part in parts))


class Patterned(serializers.RegexField):
    """A text of one form, which the contract tells too."""

    def __init__(self, pattern: str, **kwargs: Any) -> None:
        super().__init__(rf"\A(?:{pattern})\Z", trim_whitespace=False, **kwargs)
        self.pattern = pattern


class Moment(serializers.DateTimeField):
    """A moment as RFC 3339 writes it, with its zone."""

    def to_internal_value(self, value: Any) -> datetime:
        """The moment. The library would take a day for one too, or a time without a zone."""
        if not isinstance(value, str) or not _MOMENT.match(value):
            raise serializers.ValidationError(_("Write a time with its zone here, such as 2026-03-02T09:00:00Z."))
        return super().to_internal_value(value.upper())


class Day(serializers.DateField):
    """A day as ISO 8601 writes it at length."""

    def to_internal_value(self, value: Any) -> date:
        """The day."""
        if not isinstance(value, str) or not _DAY.match(value):
            raise serializers.ValidationError(_("Write a day here, such as 2026-03-02."))
        return super().to_internal_value(value)


class Id(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


class Somebody(serializers.Field[Any, Any, Any, Any]):
    """An id, or one of the words `me` and `none`."""

    def to_internal_value(self, data: Any) -> Any:
        """The id, or the words as lists of the desk name them."""
        text = str(data)
        if text in _WORDS:
            return _WORDS[text]
        return Id().run_validation(text)


class ListParameters(serializers.Serializer[Any]):
    """How much of a list, from where on, and which fields of each row."""

    cursor = Patterned(CURSOR, required=False, help_text="Where the page begins: `next_cursor` of the one before.")
    limit = serializers.IntegerField(
        required=False, default=25, min_value=1, max_value=MAX_SIZE, help_text="So many rows."
    )


class Choice(serializers.ChoiceField):
    """One of some codes; a wrong one is answered with the right ones."""

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        """Refuse the value."""
        words = _("“%(value)s” is not known here. Known are: %(known)s.")
        known = ", ".join(str(value) for value in self.choices)
        raise serializers.ValidationError(words % {"value": str(kwargs.get("input", ""))[:80], "known": known})


def choice(choices: Any, **kwargs: Any) -> CommaList:
    """Any of some codes."""
    return CommaList(Choice(choices=choices), required=False, **kwargs)


def numbers(**kwargs: Any) -> CommaList:
    """Any of some ids."""
    return CommaList(Id(), required=False, **kwargs)


def words(**kwargs: Any) -> CommaList:
    """Any of some codes or names, whichever there are."""
    return CommaList(serializers.CharField(max_length=MAX_TEXT), required=False, **kwargs)


def described(takes: type[serializers.Serializer[Any]]) -> Sequence[OpenApiParameter]:
    """The parameters as the schema tells them."""
    return [
        OpenApiParameter(
            name, _schema(field), OpenApiParameter.QUERY, required=field.required, description=field.help_text or "",
            explode=False if isinstance(field, CommaList) else None,
            style="form" if isinstance(field, CommaList) else None,
        )
        for name, field in takes().fields.items()
    ]  # fmt: skip


def _schema(field: Any) -> dict[str, Any]:
    if isinstance(field, CommaList):
        return {"type": "array", "items": _schema(field.child), "minItems": 1, "maxItems": MAX_VALUES}
    told = (tell(field) for kind, tell in _TOLD if isinstance(field, kind))
    return next(told, {"type": "string", "maxLength": MAX_TEXT})


# The first one that fits.
_TOLD: Final[Sequence[tuple[type, Callable[[Any], dict[str, Any]]]]] = (
    (Patterned, lambda field: {"type": "string", "pattern": f"^(?:{field.pattern})$"}),
    (Somebody, lambda _field: {"type": "string", "pattern": "^(?:me|none|[1-9][0-9]{0,17})$"}),
    (serializers.ChoiceField, lambda field: {"type": "string", "enum": [str(value) for value in field.choices]}),
    (
        serializers.IntegerField,
        lambda field: {"type": "integer", "minimum": field.min_value, "maximum": field.max_value},
    ),
    (serializers.DateTimeField, lambda _field: {"type": "string", "format": "date-time"}),
    (serializers.EmailField, lambda _field: {"type": "string", "format": "email"}),
)
