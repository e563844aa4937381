"""Deadlines and their explanations, against minutes counted one by one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.choices import LineKind
from helpdesk.domain.sla import Line, account, deadline, elapsed, explain
from helpdesk.domain.working_time import WorkingTime
from helpdesk.errors import DomainError
from tests.helpdesk.domain.wall import DAYS, MINUTE, OFFICE, Wall, Week, walls

HOUR = timedelta(hours=1)
LUNCH: Week = {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in DAYS[:5]}
NIGHT: Week = {day: [("00:00", "06:00"), ("22:00", "24:00")] for day in DAYS}
# Minutes from the start, also before it, and how long.
PAUSES = st.lists(st.tuples(st.integers(-300, 2000), st.integers(0, 600)), max_size=4)


def march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def spans_of(start: datetime, drawn: Sequence[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    return [(start + begin * MINUTE, start + (begin + length) * MINUTE) for begin, length in drawn]


@given(walls(), st.integers(1, 1000), PAUSES)
def test_deadline_is_the_minute_that_the_wall_shows(
    case: tuple[Wall, datetime], target: int, drawn: list[tuple[int, int]]
) -> None:
    wall, start = case
    pauses = spans_of(start, drawn)
    minutes = list(islice(wall.minutes(start, start + timedelta(days=2), pauses), target))
    if len(minutes) == target:
        assert deadline(wall.fast(), start, target * MINUTE, pauses) == minutes[-1] + MINUTE


@given(walls(), st.lists(st.tuples(st.integers(-300, 1440), st.integers(0, 300)), max_size=4))
def test_elapsed_counts_the_minutes_that_the_wall_shows(
    case: tuple[Wall, datetime], drawn: list[tuple[int, int]]
) -> None:
    wall, start = case
    segments = spans_of(start, drawn)
    counted = {minute for segment in segments for minute in wall.minutes(*segment)}
    assert elapsed(wall.fast(), segments) == len(counted) * MINUTE


@given(walls(), st.timedeltas(timedelta(microseconds=1), timedelta(days=30)), PAUSES)
def test_explanation_adds_up_to_the_target_without_a_gap(
    case: tuple[Wall, datetime], target: timedelta, drawn: list[tuple[int, int]]
) -> None:
    wall, start = case
    working_time, pauses = wall.fast(), spans_of(start, drawn)
    assume(working_time.between(start, start + timedelta(days=14)) > 10 * HOUR)
    lines = explain(working_time, start, target, pauses)
    assert sum((line.counted for line in lines), timedelta()) == target
    assert (lines[0].begins, lines[-1].ends) == (start, deadline(working_time, start, target, pauses))
    assert lines[-1].kind == LineKind.COUNTED
    assert all(one.ends == other.begins for one, other in pairwise(lines))
    assert all(line.begins < line.ends for line in lines)
    for line in lines:
        inside = sum((min(end, line.ends) - max(begin, line.begins) for begin, end in _merge(pauses)
                      if begin < line.ends and line.begins < end), timedelta())  # fmt: skip
        assert inside == (line.ends - line.begins if line.kind == LineKind.PAUSED else timedelta())
        if line.kind != LineKind.PAUSED:
            assert line.counted == working_time.between(line.begins, line.ends)
        assert (line.counted > timedelta()) == (line.kind == LineKind.COUNTED)
        assert (line.holiday is not None) == (line.kind == LineKind.HOLIDAY)


def _merge(pauses: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], march(6, 17)),
        # Over night, over the weekend, before the start: nothing that would have counted.
        ([(march(5, 18), march(6, 8))], march(6, 17)),
        ([(march(7), march(8))], march(6, 17)),
        ([(march(1), march(5, 9))], march(6, 17)),
        # Two hours; the same in two parts that overlap, and once more in a part that touches.
        ([(march(5, 10), march(5, 12))], march(9, 11)),
        ([(march(5, 10), march(5, 11, 30)), (march(5, 11), march(5, 12))], march(9, 11)),
        ([(march(5, 11), march(5, 12)), (march(5, 10), march(5, 11))], march(9, 11)),
        # It begins when the target is used up, and just before.
        ([(march(6, 17), march(20))], march(6, 17)),
        ([(march(6, 16), march(9, 12))], march(9, 13)),
        # The clock starts in a pause.
        ([(march(4), march(6, 9))], march(9, 17)),
        ([(march(5, 12), march(5, 12))], march(6, 17)),
    ],
)
def test_deadline_with_pauses(pauses: list[tuple[datetime, datetime]], due: datetime) -> None:
    assert deadline(WorkingTime("UTC", OFFICE), march(5, 9), 16 * HOUR, pauses) == due


def kinds(lines: Sequence[Line]) -> list[tuple[str, str, str, int]]:
    form = "%a %H:%M"
    return [(line.kind, f"{line.begins:{form}}", f"{line.ends:{form}}", line.counted // MINUTE) for line in lines]


def test_explanation_tells_days_pauses_and_holidays() -> None:
    office = WorkingTime("UTC", LUNCH, [date(2026, 3, 9), date(2026, 3, 14)])
    pauses = [(march(10, 14), march(10, 15)), (march(10, 14, 30), march(10, 15, 30)), (march(12), march(13))]
    assert kinds(explain(office, march(6, 8), 15 * HOUR, pauses)) == [
        ("outside", "Fri 08:00", "Fri 09:00", 0),
        ("counted", "Fri 09:00", "Fri 17:00", 420),
        ("outside", "Fri 17:00", "Mon 00:00", 0),
        ("holiday", "Mon 00:00", "Tue 00:00", 0),
        ("outside", "Tue 00:00", "Tue 09:00", 0),
        ("counted", "Tue 09:00", "Tue 14:00", 240),
        ("paused", "Tue 14:00", "Tue 15:30", 0),
        ("counted", "Tue 15:30", "Tue 17:00", 90),
        ("outside", "Tue 17:00", "Wed 09:00", 0),
        ("counted", "Wed 09:00", "Wed 11:30", 150),
    ]


def test_explanation_of_what_never_closes_is_one_line() -> None:
    start = march(6, 8, 15)
    assert explain(WorkingTime.around_the_clock(), start, 1000 * HOUR) == [
        Line(LineKind.COUNTED, start, start + 1000 * HOUR, 1000 * HOUR)
    ]


def test_nights_are_lines_of_their_own() -> None:
    assert kinds(explain(WorkingTime("UTC", NIGHT), march(2, 3), 13 * HOUR)) == [
        ("counted", "Mon 03:00", "Mon 06:00", 180),
        ("outside", "Mon 06:00", "Mon 22:00", 0),
        ("counted", "Mon 22:00", "Tue 06:00", 480),
        ("outside", "Tue 06:00", "Tue 22:00", 0),
        ("counted", "Tue 22:00", "Wed 00:00", 120),
    ]


def test_account_of_a_clock_that_has_stopped_ends_where_it_stopped() -> None:
    lines = account(WorkingTime("UTC", OFFICE), march(6, 16), march(7, 12), [(march(7), march(8))])
    assert kinds(lines) == [
        ("counted", "Fri 16:00", "Fri 17:00", 60),
        ("outside", "Fri 17:00", "Sat 00:00", 0),
        ("paused", "Sat 00:00", "Sat 12:00", 0),
    ]


def test_what_makes_no_deadline_is_refused() -> None:
    office = WorkingTime("UTC", OFFICE)
    for target in (timedelta(), -HOUR):
        with pytest.raises(DomainError, match="longer than nothing") as refused:
            deadline(office, march(5), target, [])
        assert refused.value.field == "target"
    with pytest.raises(DomainError, match="no open time"):
        deadline(WorkingTime("UTC", {}), march(5), HOUR, [])
    with pytest.raises(ValueError, match="is before"):
        deadline(office, march(5), HOUR, [(march(7), march(6))])
    with pytest.raises(ValueError, match="is before"):
        elapsed(office, [(march(7), march(6))])
    for moments in [(datetime(2026, 3, 5), march(6)), (march(6), datetime(2026, 3, 7))]:  # noqa: DTZ001 - the point
        with pytest.raises(ValueError, match="no time zone"):
            elapsed(office, [moments])
    with pytest.raises(ValueError, match="no time zone"):
        deadline(office, datetime(2026, 3, 5), HOUR, [])  # noqa: DTZ001 - the point
