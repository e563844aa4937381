"""Clocks that count working time: when one is due, how much it has counted, and why, line by line.

A clock starts, stands still in its pauses, and is due at the first instant at which it has counted its target. Pauses
may overlap, touch, or lie where nothing would be counted anyway.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.choices import LineKind
from helpdesk.domain.working_time import Span, WorkingTime
from helpdesk.domain.zones import MICROSECOND
from helpdesk.errors import NO_TARGET, Code, DomainError

_NOTHING: Final = timedelta()
# Within a day's line; what is closed for longer is told.
_LONGEST_BREAK: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of time and what it was for a clock. A counted one may hold a lunch break: then it counts less."""

    kind: LineKind
    begins: datetime
    ends: datetime
    counted: timedelta = _NOTHING
    holiday: date | None = None


def deadline(working_time: WorkingTime, start: datetime, target: timedelta, pauses: Iterable[Span] = ()) -> datetime:
    """When a clock that started at `start` has counted its target, the pauses left out; used up at closing, at closing.

    Raises DomainError for a target that is no time at all, ValueError for a pause that ends before it begins.
    """
    if target <= _NOTHING:
        raise DomainError(NO_TARGET, Code.WRONG, field="target")
    reached, left = _utc(start), target
    for begin, end in _merged(pauses):
        if end <= reached:
            continue
        counted = working_time.between(reached, begin) if begin > reached else _NOTHING
        if counted >= left:
            break
        reached, left = end, left - counted
    return working_time.add(reached, left)


def elapsed(working_time: WorkingTime, segments: Iterable[Span]) -> timedelta:
    """The working time in which a clock ran; where segments overlap, it is counted once."""
    return sum((working_time.between(begin, end) for begin, end in _merged(segments)), _NOTHING)


def explain(
    working_time: WorkingTime, start: datetime, target: timedelta, pauses: Iterable[Span] = ()
) -> Sequence[Line]:
    """Why the deadline is where it is: lines from the start to it without a gap, whose counted times are the target."""
    pauses = _merged(pauses)
    return account(working_time, start, deadline(working_time, start, target, pauses), pauses)


def account(working_time: WorkingTime, start: datetime, end: datetime, pauses: Iterable[Span] = ()) -> Sequence[Line]:
    """What a clock counted from one instant to another, and what lay between: lines without a gap.

    What was counted on a day is one line, if only a break lies between; open time that goes on over several days
    is one too. A holiday stands by itself where it took working time away.
    """
    start, end = _in_utc((start, end))
    stops = _Pauses(_merged(pauses))
    lines, reached = list[Line](), start
    for line in _counted(working_time, start, end, stops):
        lines += _passed_over(working_time, reached, line.begins, stops)
        lines.append(line)
        reached = line.ends
    return [*lines, *_passed_over(working_time, reached, end, stops)]


class _Pauses:
    """Pauses that do not touch, in their order, to be looked up by time."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._ends = [end for _begin, end in spans]

    def within(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """The parts of them that lie there."""
        for place in range(bisect_right(self._ends, begin), len(self._spans)):
            first, last = self._spans[place]
            if first >= end:
                return
            yield max(first, begin), min(last, end)

    def without(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """What they leave of it."""
        for first, last in self.within(begin, end):
            if begin < first:
                yield begin, first
            begin = last
        if begin < end:
            yield begin, end


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In UTC, as two local times of one zone are compared by what the wall shows; sorted; without the empty ones."""
    found = list[Span]()
    if not (spans := tuple(spans)):
        # As of most clocks, which never stood.
        return found
    for first, last in sorted(_in_utc(span) for span in spans):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        elif first < last:
            found.append((first, last))
    return found


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone.")
    return moment.astimezone(UTC)


def _in_utc(span: Span) -> Span:
    begin, end = map(_utc, span)
    if end < begin:
        raise ValueError(f"{end.isoformat()} is before {begin.isoformat()}.")
    return begin, end


def _counted(working_time: WorkingTime, start: datetime, end: datetime, pauses: _Pauses) -> Iterator[Line]:
    """The lines that count; spans of one date are joined over a break in which the clock was not paused."""
    clock = ZoneInfo(working_time.zone)
    joined: Line | None = None
    for span in working_time.segments(start, end):
        for begins, ends in pauses.without(*span):
            counted = ends - begins
            if joined and _is_break(clock, joined, begins, ends) and not any(pauses.within(joined.ends, begins)):
                joined = Line(LineKind.COUNTED, joined.begins, ends, joined.counted + counted)
                continue
            if joined:
                yield joined
            joined = Line(LineKind.COUNTED, begins, ends, counted)
    if joined:
        yield joined


def _is_break(clock: ZoneInfo, line: Line, begins: datetime, ends: datetime) -> bool:
    """Whether a span is the rest of a line's day, after no more than a break."""
    dates = line.begins.astimezone(clock).date(), (ends - MICROSECOND).astimezone(clock).date()
    return dates[0] == dates[1] and begins - line.ends <= _LONGEST_BREAK


def _passed_over(working_time: WorkingTime, begin: datetime, end: datetime, pauses: _Pauses) -> Iterator[Line]:
    """The lines between two that count."""
    for first, last in pauses.within(begin, end):
        yield from _closed(working_time, begin, first)
        yield Line(LineKind.PAUSED, first, last)
        begin = last
    yield from _closed(working_time, begin, end)


def _closed(working_time: WorkingTime, begin: datetime, end: datetime) -> Iterator[Line]:
    if end <= begin:
        return
    for day, opens, closes in working_time.holidays_between(begin, end):
        if begin < opens:
            yield Line(LineKind.OUTSIDE, begin, opens)
        yield Line(LineKind.HOLIDAY, opens, closes, holiday=day)
        begin = closes
    if begin < end:
        yield Line(LineKind.OUTSIDE, begin, end)
