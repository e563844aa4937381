"""Where a page of a list ends, in an address: the values by which its last row is ordered."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_DIGITS: Final = 18
_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list: the values of the columns that order it, the id last."""

    values: tuple[datetime | int, ...]

    def encode(self) -> str:
        """The place as a short word for an address: numbers as they are, times as `t` and microseconds since 1970."""
        return "-".join(
            f"t{(value - _EPOCH) // _MICROSECOND}" if isinstance(value, datetime) else str(value)
            for value in self.values
        )

    @property
    def shape(self) -> tuple[type, ...]:
        """What each value is, to tell whether the place belongs to a list."""
        return tuple(type(value) for value in self.values)


def decode(text: str) -> Place | None:
    """The place that an address names, or None where it names none."""
    parts = text.split("-")
    if len(parts) > _PARTS:
        return None
    values = [_value(part) for part in parts]
    known = tuple(value for value in values if value is not None)
    return Place(known) if len(known) == len(values) else None


def _value(part: str) -> datetime | int | None:
    digits = part.removeprefix("t")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
        return None
    if digits == part:
        return int(digits)
    span = int(digits) * _MICROSECOND
    return _EPOCH + span if span <= _LATEST - _EPOCH else None
