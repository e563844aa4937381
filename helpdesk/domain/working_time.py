"""Working time: how much of it lies between two instants, and when so much of it has passed.

**What counts.** An instant is working time when the clock on the wall, in the calendar's zone, shows a time within the
hours of the date that it shows, and that date is no holiday. Nothing else is said, and all else follows:

- Hours that begin in a skipped hour begin when the clocks have jumped; hours within it do not happen that day.
- A repeated hour within the hours counts twice, as it is worked. Hours that begin or end in the middle of a repeated
  hour are open both times: 22:00–02:30 is open to the first 02:30, and from the second 02:00 to the second 02:30. The
  hours that follow it, 02:30–06:00, have the rest, so that no instant is counted twice and none is lost.
- A date that a zone skipped has no working time.

**How it is counted.** Between two changes of a zone's clocks, working time is a function of local time alone: whole
weeks are a multiplication, holidays a bisection in the sorted list of the time that they take away. What remains is to
add up a few numbers a year, at the changes, which is done once. So the cost of an answer does not grow with the days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo

from helpdesk.domain.weeks import WEEKDAYS, Hours, Pattern, read_week, written
from helpdesk.domain.zones import (
    DAY,
    END_YEAR,
    LAST,
    MICROSECOND,
    MINUTE,
    WEEK,
    instant_of,
    moment_of,
    offsets_of,
    year_begins,
    zones,
)
from helpdesk.errors import BEYOND_THE_YEARS, NEVER_OPEN, NOT_A_ZONE, Code, DomainError

Span = tuple[datetime, datetime]
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class _Local:
    """Working time along local time, as if the clocks never changed: the week's pattern less holidays.

    The lists hold the holidays that take working time away: when each begins, the pattern's open time up to it, and the
    time that all before it took, with that of all of them at the end.
    """

    pattern: Pattern
    begins: list[int]
    opened: list[int]
    lost: list[int]
    worked: list[int]

    @classmethod
    def of(cls, pattern: Pattern, holidays: Sequence[date]) -> Self:
        days = [(day.toordinal() - 1) * DAY for day in holidays]
        begins = [day for day in days if pattern.until(day + DAY) > pattern.until(day)]
        opened = [pattern.until(day) for day in begins]
        taken = (pattern.until(day + DAY) - before for day, before in zip(begins, opened, strict=True))
        lost = list(accumulate(taken, initial=0))
        worked = [before - gone for before, gone in zip(opened, lost, strict=False)]
        return cls(pattern, begins, opened, lost, worked)

    def until(self, local: int) -> int:
        """The working time up to a local time."""
        opened = self.pattern.until(local)
        place = bisect_right(self.begins, local)
        if not place:
            return opened
        # The last holiday that has begun has taken what was open since, and no more than its day.
        return max(opened - self.lost[place], self.worked[place - 1])

    def reach(self, worked: int) -> int:
        """The first local time up to which there is so much working time."""
        return self.pattern.reach(worked + self.lost[bisect_left(self.worked, worked)])


@dataclass(frozen=True, slots=True)
class _Table:
    """Working time along instants, in the years from `first` to before `end`.

    For each change of the clocks: when it is, how far ahead of UTC they are from then on, the working time since the
    table's begin, and what that is more than the working time along local time.
    """

    first: int
    end: int
    begins: list[int]
    offsets: list[int]
    worked: list[int]
    more: list[int]
    total: int

    @classmethod
    def of(cls, zone: str, local: _Local, first: int, end: int) -> Self:
        begins, offsets, worked, more = list[int](), list[int](), list[int](), list[int]()
        for year in range(first, end):
            for begin, offset in offsets_of(zone, year):
                if offsets and offset == offsets[-1]:
                    continue
                passed = local.until(begin + offsets[-1]) + more[-1] if offsets else 0
                begins.append(begin)
                offsets.append(offset)
                worked.append(passed)
                more.append(passed - local.until(begin + offset))
        total = local.until(year_begins(end) + offsets[-1]) + more[-1]
        return cls(first, end, begins, offsets, worked, more, total)

    def until(self, local: _Local, instant: int) -> int:
        """The working time from the table's begin up to an instant."""
        place = bisect_right(self.begins, instant) - 1
        return local.until(instant + self.offsets[place]) + self.more[place]

    def reach(self, local: _Local, worked: int) -> int:
        """The first instant up to which there is so much working time since the table's begin."""
        place = bisect_left(self.worked, worked) - 1
        return local.reach(worked - self.more[place]) - self.offsets[place]

    def stretches(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts between two instants in which the clocks do not change, with how far ahead of UTC they are."""
        for place in range(bisect_right(self.begins, begin) - 1, bisect_left(self.begins, end)):
            until = self.begins[place + 1] if place + 1 < len(self.begins) else end
            yield max(begin, self.begins[place]), min(end, until), self.offsets[place]


@dataclass(frozen=True, init=False)
class WorkingTime:
    """The working hours of a week in a time zone, less holidays. A value: it does not change, and can be shared.

    `week` maps the days `mon` … `sun` to the hours of each as `("09:00", "17:00")`, as many as there are; the end may
    be `24:00`, and a night shift is written as two. Raises DomainError that says what cannot be.
    """

    zone: str
    hours: tuple[Hours, ...]
    holidays: tuple[date, ...]

    def __init__(
        self, zone: str, week: Mapping[str, Sequence[tuple[str, str]]], holidays: Collection[date] = ()
    ) -> None:
        if zone not in zones():
            raise DomainError(NOT_A_ZONE % {"name": zone}, Code.WRONG, field="time_zone")
        object.__setattr__(self, "zone", zone)
        object.__setattr__(self, "hours", read_week(week))
        object.__setattr__(self, "holidays", tuple(sorted(set(holidays))))

    @classmethod
    def around_the_clock(cls) -> Self:
        """All time is working time."""
        return cls("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS})

    @property
    def week(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The hours of each day that has some, as they are written."""
        days = zip(WEEKDAYS, self.hours, strict=True)
        return MappingProxyType({str(day): written(hours) for day, hours in days if hours})

    @property
    def is_never_open(self) -> bool:
        """Whether no day has hours, so that nothing can be added."""
        return not self._local.pattern.total

    @cached_property
    def is_always_open(self) -> bool:
        """Whether all time is working time."""
        return self._local.pattern.total == WEEK and not self.holidays

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant by which so much working time has passed since `start`.

        Time that is used up exactly at closing ends at closing; no time at all ends at once, also where it is closed.
        Raises DomainError when the hours are never open, ValueError when `start` has no zone or the time is negative.
        """
        begin, added = instant_of(start), duration // MICROSECOND
        if added < 0:
            raise ValueError(f"{duration} is negative; only time that is still to come can be added.")
        if not added:
            return moment_of(begin)
        if self.is_always_open:
            if begin + added > LAST:
                raise DomainError(BEYOND_THE_YEARS, Code.WRONG)
            return moment_of(begin + added)
        week = self._local.pattern.total
        if not week:
            raise DomainError(NEVER_OPEN, Code.WRONG, field="week")
        # A year has 53 weeks at most, and the clocks never go back so often that they bring more than twelve again.
        year = _year(begin)
        if year + added // (65 * week) > END_YEAR:
            raise DomainError(BEYOND_THE_YEARS, Code.WRONG)
        end = year + 2 + added // (52 * week)
        while True:
            table = self._table(year, end)
            worked = table.until(self._local, begin) + added
            if worked <= table.total:
                return moment_of(table.reach(self._local, worked))
            if table.end == END_YEAR:
                raise DomainError(BEYOND_THE_YEARS, Code.WRONG)
            end = table.end + 1 + (worked - table.total) // (53 * week)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one instant to another; negative where the second one is the earlier."""
        begin, until = instant_of(start), instant_of(end)
        if self.is_always_open:
            return (until - begin) * MICROSECOND
        table = self._table(_year(min(begin, until)), _year(max(begin, until)) + 1)
        return (table.until(self._local, until) - table.until(self._local, begin)) * MICROSECOND

    def segments(self, start: datetime, end: datetime) -> list[Span]:
        """The working time between two instants as the spans that are open, in UTC, as few and as long as can be."""
        begin, until = instant_of(start), instant_of(end)
        if until < begin:
            raise ValueError(f"{end.isoformat()} is before {start.isoformat()}.")
        found = list[list[int]]()
        for opens, closes in self._opened(begin, until):
            if found and found[-1][1] == opens:
                found[-1][1] = closes
            else:
                found.append([opens, closes])
        return [(moment_of(opens), moment_of(closes)) for opens, closes in found]

    def holidays_between(self, start: datetime, end: datetime) -> list[tuple[date, datetime, datetime]]:
        """The holidays between two instants that take working time away, with the part of each that lies there."""
        begin, until = instant_of(start), instant_of(end)
        clock, holidays = ZoneInfo(self.zone), self._local.begins
        found = []
        # Local time is never two days from UTC.
        for local in holidays[bisect_left(holidays, begin - 2 * DAY) : bisect_right(holidays, until + 2 * DAY)]:
            day = moment_of(local).date()
            midnights = (datetime.combine(moment_of(local + n * DAY), _MIDNIGHT, clock) for n in (0, 1))
            opens, closes = (midnight.astimezone(UTC) for midnight in midnights)
            opens, closes = max(opens, moment_of(begin)), min(closes, moment_of(until))
            if opens < closes:
                found.append((day, opens, closes))
        return found

    def _opened(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        if self.is_always_open:
            if begin < end:
                yield begin, end
            return
        closed = set(self._local.begins)
        for opens, closes, offset in self._table(_year(begin), _year(end) + 1).stretches(begin, end):
            local, local_end = opens + offset, closes + offset
            for day in range(local // DAY, -(-local_end // DAY)):
                if day * DAY in closed:
                    continue
                for hour, last in self.hours[day % 7]:
                    low, high = max(day * DAY + hour * MINUTE, local), min(day * DAY + last * MINUTE, local_end)
                    if low < high:
                        yield low - offset, high - offset

    @cached_property
    def _local(self) -> _Local:
        return _Local.of(Pattern.of(self.hours), self.holidays)

    def _table(self, first: int, end: int) -> _Table:
        """A table of at least the years from `first` to before `end`.

        The largest one that was wanted is kept. Two threads may each make one; both are right.
        """
        end = min(end, END_YEAR)
        kept = self.__dict__.get("_kept")
        if kept and kept.first <= first and end <= kept.end:
            table: _Table = kept
            return table
        if kept:
            first, end = min(first, kept.first), max(end, kept.end)
        table = self.__dict__["_kept"] = _Table.of(self.zone, self._local, first, end)
        return table


def _year(instant: int) -> int:
    # The very last instant belongs to a year that no table has.
    return min(moment_of(instant).year, END_YEAR - 1)
