"""How a row becomes JSON: declared as a serializer, from which the schema is made, and written by plain getters."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from drf_spectacular.drainage import set_override
from rest_framework import serializers

_Write = Callable[[Any], Any]
Part = tuple[str, _Write]
F = TypeVar("F", bound=serializers.Field[Any, Any, Any, Any])


class Told(serializers.Serializer[Any]):
    """What is answered. The contract knows it by its name without `Shape`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        set_override(cls, "component_name", cls.__name__.removesuffix("Shape"))


class Shape(Told):
    """The fields of one kind of row.

    A field is written from the attribute of its name or `source`; where there is a static method `write_<name>`, it is
    what that makes of the row. Django REST framework's own way takes ten times as long for a page of rows.
    """

    # What names the row, whichever fields are asked for.
    always: ClassVar[frozenset[str]] = frozenset()
    # Fields of the schema that the row does not tell by itself.
    apart: ClassVar[frozenset[str]] = frozenset()
    _parts: ClassVar[dict[type, tuple[Part, ...]]] = {}

    @classmethod
    def parts(cls) -> tuple[Part, ...]:
        """What writes each field, in order; made once for each shape."""
        found = cls._parts.get(cls)
        if found is None:
            own = ((name, field) for name, field in cls().fields.items() if name not in cls.apart)
            found = cls._parts[cls] = tuple((name, _writer(cls, name, field)) for name, field in own)
        return found

    @classmethod
    def write(cls, row: Any, only: Collection[str] | None = None) -> dict[str, Any]:
        """The row as JSON; `only` these fields, in the shape's order."""
        if only is None:
            return {name: write(row) for name, write in cls.parts()}
        return {name: write(row) for name, write in cls.parts() if name in only or name in cls.always}

    @classmethod
    def columns(cls, only: Collection[str] | None = None) -> Iterator[tuple[str, ...]]:
        """The ways to its values in a table, where what is inside of another shape has a column of its own."""
        for name, field in cls().fields.items():
            if name in cls.apart or (only is not None and name not in only and name not in cls.always):
                continue
            if isinstance(field, Shape):
                yield from ((name, *inner) for inner in field.columns())
            else:
                yield (name,)


def _writer(shape: type[Shape], name: str, field: Any) -> _Write:
    own: _Write | None = getattr(shape, f"write_{name}", None)
    if own is not None:
        return own
    get: _Write = attrgetter(field.source)
    if isinstance(field, serializers.ListSerializer):
        child = field.child
        return lambda row: [type(child).write(one) for one in get(row)] if isinstance(child, Shape) else list(get(row))
    if isinstance(field, Shape):
        return _nested(type(field), get)
    if isinstance(field, serializers.DateTimeField):
        return lambda row: moment(get(row))
    if isinstance(field, serializers.DateField):
        return lambda row: day(get(row))
    return get


def _nested(shape: type[Shape], get: _Write) -> _Write:
    def write(row: Any) -> Any:
        inner = get(row)
        return None if inner is None else shape.write(inner)

    return write


def moment(value: datetime | None) -> str | None:
    """A time as RFC 3339 in UTC."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """A day as ISO 8601."""
    return None if value is None else value.isoformat()


def several(shape: type[Shape], rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows, each as its shape."""
    return [shape.write(row) for row in rows]


class FieldProblem(Told):
    """What is wrong with one field or parameter."""

    field = serializers.CharField(allow_blank=True, help_text="Its name, or the path to it.")
    message = serializers.CharField()


class ProblemShape(Told):
    """A refusal: RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="A name of the reason, for programs.")
    detail = serializers.CharField(help_text="What is wrong, in words for a person.")
    instance = serializers.CharField()
    request_id = serializers.CharField(help_text="What to tell us when you ask about it.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment] # a field of this name
