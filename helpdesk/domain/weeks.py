"""A week of working hours: read from what was written, and as a measure along which one counts."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from helpdesk.choices import Weekday
from helpdesk.domain.zones import DAY, MINUTE, WEEK
from helpdesk.errors import ENDS_TOO_EARLY, HOURS_OVERLAP, NOT_A_TIME_OF_DAY, NOT_A_WEEKDAY, Code, DomainError, Text

WEEKDAYS: Final = tuple(Weekday)
# The minutes of a day at which it opens and closes, in their order.
Hours = tuple[tuple[int, int], ...]

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_LAST_MINUTE: Final = 24 * 60


def read_week(week: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Hours, ...]:
    """The hours of the seven days. Raises DomainError that names the day and the hours that cannot be."""
    for day in week:
        if day not in WEEKDAYS:
            raise _wrong(NOT_A_WEEKDAY % {"day": day, "days": ", ".join(WEEKDAYS)})
    return tuple(_read_day(day, week.get(day, ())) for day in WEEKDAYS)


def written(hours: Hours) -> tuple[tuple[str, str], ...]:
    """The hours of a day as people write them."""
    return tuple((_clock(begin), _clock(end)) for begin, end in hours)


def _read_day(day: Weekday, spans: Sequence[tuple[str, str]]) -> Hours:
    hours = sorted((_minute(day, begin), _minute(day, end)) for begin, end in spans)
    for begin, end in hours:
        if end <= begin:
            raise _wrong(ENDS_TOO_EARLY % {"day": day.label, "start": _clock(begin), "end": _clock(end)})
    for one, other in pairwise(hours):
        if other[0] < one[1]:
            raise _wrong(HOURS_OVERLAP % {"day": day.label, "one": _span(one), "other": _span(other)})
    return tuple(hours)


def _minute(day: Weekday, time: str) -> int:
    found = _TIME.fullmatch(time)
    if not found:
        raise _wrong(NOT_A_TIME_OF_DAY % {"day": day.label, "time": time})
    return int(found[1]) * 60 + int(found[2]) if found[1] else _LAST_MINUTE


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(hours: tuple[int, int]) -> str:
    return "–".join(map(_clock, hours))


def _wrong(words: Text) -> DomainError:
    return DomainError(words, Code.WRONG, field="week")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The open time of a week that repeats for ever, along a clock that never changes; all in microseconds.

    `begins` and `ends` are counted from the begin of a week, `before` is the open time of the week before each of them.
    """

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, week: Sequence[Hours]) -> "Pattern":
        """The pattern of seven days."""
        spans = [
            (number * DAY + begin * MINUTE, number * DAY + end * MINUTE)
            for number, hours in enumerate(week)
            for begin, end in hours
        ]
        before, total = list[int](), 0
        for begin, end in spans:
            before.append(total)
            total += end - begin
        return cls(tuple(begin for begin, _end in spans), tuple(end for _begin, end in spans), tuple(before), total)

    def until(self, local: int) -> int:
        """The open time up to a local time."""
        weeks, rest = divmod(local, WEEK)
        place = bisect_right(self.begins, rest) - 1
        opened = weeks * self.total
        if place >= 0:
            opened += self.before[place] + min(rest, self.ends[place]) - self.begins[place]
        return opened

    def reach(self, opened: int) -> int:
        """The first local time up to which there is so much open time."""
        weeks, rest = divmod(opened - 1, self.total)
        place = bisect_right(self.before, rest) - 1
        return weeks * WEEK + self.begins[place] + rest + 1 - self.before[place]
