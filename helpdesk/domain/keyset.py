"""Where a page of a list ends, in an address: the time and the id of its last row."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list ordered by time and id, both descending."""

    at: datetime
    pk: int

    def encode(self) -> str:
        """The place as a short word for an address: microseconds since 1970, then the id."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.pk}"


def decode(text: str) -> Place | None:
    """The place that an address names, or None where it names none."""
    micros, dash, pk = text.partition("-")
    if not (dash and micros.isdecimal() and pk.isdecimal() and len(micros) <= 18 and len(pk) <= 18):
        return None
    span = int(micros) * _MICROSECOND
    return Place(_EPOCH + span, int(pk)) if span <= _LATEST - _EPOCH else None
