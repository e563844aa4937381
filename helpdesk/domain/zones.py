"""Instants as whole numbers, and when the clocks of a time zone change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from helpdesk.errors import BEYOND_THE_YEARS, Code, DomainError

# Microseconds since this Monday: whole numbers are exact and quick, and weeks begin at their multiples.
EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
DAY: Final = 24 * 60 * MINUTE
WEEK: Final = 7 * DAY

# In the first and the last year that Python knows, local time can lie outside of what it knows.
FIRST_YEAR: Final = 2
END_YEAR: Final = 9999
_SECOND: Final = timedelta(seconds=1)
# Shorter than the time between any two changes that undo each other in the zones of the world; a test holds that.
_FIRST_STEP: Final = timedelta(days=3)
_STEADIER: Final = 1970
_STEP: Final = timedelta(days=6)


@cache
def zones() -> frozenset[str]:
    """The names of all time zones. Python looks for their files each time that it is asked."""
    return frozenset(available_timezones())


def instant_of(moment: datetime) -> int:
    """A moment as a whole number. Raises ValueError where it has no zone, DomainError outside of the years."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone.")
    instant = (moment - EPOCH) // MICROSECOND
    if not _BEGIN <= instant <= LAST:
        raise DomainError(BEYOND_THE_YEARS, Code.WRONG)
    return instant


def moment_of(instant: int) -> datetime:
    """The moment of a whole number, in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def year_begins(year: int) -> int:
    """The first instant of a year of UTC."""
    return (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


_BEGIN: Final = year_begins(FIRST_YEAR)
LAST: Final = year_begins(END_YEAR)


@lru_cache(maxsize=16_384)
def offsets_of(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """From which instants of a year on the zone's clocks are how far ahead of UTC; the first one is the year's begin.

    Python's zones answer for an instant, but do not tell when they change: they are asked every few days, and where two
    answers differ, the change is between them.
    """
    clock = ZoneInfo(zone)
    asked, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    step = _STEP if year >= _STEADIER else _FIRST_STEP
    found = [(asked, _offset(clock, asked))]
    while asked < end:
        until = min(asked + step, end)
        if _offset(clock, until) != found[-1][1]:
            found += _changes(clock, asked, until)
        asked = until
    return tuple((instant_of(moment), offset // MICROSECOND) for moment, offset in found if moment < end)


def _changes(clock: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    before = _offset(clock, begin)
    if _offset(clock, end) == before:
        return
    low, high = 0, (end - begin) // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(clock, begin + middle * _SECOND) == before:
            low = middle
        else:
            high = middle
    change = begin + high * _SECOND
    yield change, _offset(clock, change)
    yield from _changes(clock, change, end)


def _offset(clock: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(clock).utcoffset()
    assert offset is not None
    return offset
