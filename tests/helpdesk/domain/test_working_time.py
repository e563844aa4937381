"""Working time against a clock on the wall that is looked at every minute, and against what is known."""

import pickle
import zoneinfo._zoneinfo as in_python
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.domain.working_time import WorkingTime
from helpdesk.domain.zones import MICROSECOND, moment_of, offsets_of
from helpdesk.errors import DomainError
from tests.helpdesk.domain.wall import ALWAYS, DAYS, MINUTE, OFFICE, Wall, Week, joined, walls, weeks

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=310 * 365)).map(lambda since: utc(1890, 1, 1) + since)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Gaza"]
)
# Parts of a second too.
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))
NIGHT: Week = {day: [("00:00", "06:00"), ("22:00", "24:00")] for day in DAYS}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc] # year, month, day and so on


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc] # the same


@given(walls(), st.integers(0, 2 * 1440), st.integers(1, 1440))
def test_working_time_is_what_the_wall_shows(case: tuple[Wall, datetime], length: int, added: int) -> None:
    wall, start = case
    working_time, end = wall.fast(), start + length * MINUTE
    minutes = list(wall.minutes(start, end))
    assert working_time.between(start, end) == len(minutes) * MINUTE
    assert working_time.segments(start, end) == joined(minutes)
    if added <= len(minutes):
        assert working_time.add(start, added * MINUTE) == minutes[added - 1] + MINUTE


@given(ZONES, weeks(), st.frozensets(st.dates(date(2025, 1, 1), date(2027, 1, 1)), max_size=20), MOMENTS, SPANS)
def test_years_are_the_sum_of_their_segments(
    zone: str, week: Week, holidays: frozenset[date], start: datetime, span: timedelta
) -> None:
    working_time, end = WorkingTime(zone, week, holidays), start + span
    segments = working_time.segments(start, end)
    assert sum((last - first for first, last in segments), timedelta()) == working_time.between(start, end)
    assert all(one[1] < other[0] for one, other in pairwise(segments))


@given(ZONES, weeks(), MOMENTS, SPANS, SPANS)
def test_parts_add_up(zone: str, week: Week, start: datetime, one: timedelta, other: timedelta) -> None:
    working_time = WorkingTime(zone, week)
    middle, end = start + one, start + one + other
    whole = working_time.between(start, end)
    assert working_time.between(start, middle) + working_time.between(middle, end) == whole
    assert working_time.between(end, start) == -whole
    assert timedelta() <= whole <= end - start


@given(ZONES, weeks(), st.frozensets(st.dates(date(2025, 1, 1), date(2027, 1, 1)), max_size=20), MOMENTS, SPANS)
def test_add_is_the_first_instant_that_has_it(
    zone: str, week: Week, holidays: frozenset[date], start: datetime, duration: timedelta
) -> None:
    working_time = WorkingTime(zone, week, holidays)
    assume(duration and working_time.between(utc(2020, 1, 1), utc(2020, 1, 8)) > HOUR)
    due = working_time.add(start, duration)
    assert working_time.between(start, due) == duration
    assert working_time.between(start, due - MICROSECOND) == duration - MICROSECOND


@given(MOMENTS, SPANS, ZONES)
def test_around_the_clock_is_plain_time(start: datetime, span: timedelta, zone: str) -> None:
    for working_time in (WorkingTime.around_the_clock(), WorkingTime(zone, ALWAYS)):
        assert working_time.add(start, span) == start + span
        assert working_time.between(start, start + span) == span
        assert working_time.segments(start, start + span) == ([(start, start + span)] if span else [])


@pytest.mark.parametrize(
    ("week", "holidays", "start", "hours", "due"),
    [
        # Friday afternoon to Monday; exactly to closing; from before opening; a holiday on the way.
        (OFFICE, [], berlin(2026, 3, 6, 16), 2, berlin(2026, 3, 9, 10)),
        (OFFICE, [], berlin(2026, 3, 6, 16), 1, berlin(2026, 3, 6, 17)),
        (OFFICE, [], berlin(2026, 3, 6, 6), 8, berlin(2026, 3, 6, 17)),
        (OFFICE, [], berlin(2026, 3, 7, 12), 8, berlin(2026, 3, 9, 17)),
        (OFFICE, [date(2026, 4, 3), date(2026, 4, 6)], berlin(2026, 4, 2, 16), 2, berlin(2026, 4, 7, 10)),
        # The clocks go forward on the 29th of March at 2:00, and back on the 25th of October at 3:00.
        (ALWAYS, [], berlin(2026, 3, 29, 0), 3, berlin(2026, 3, 29, 4)),
        (ALWAYS, [], berlin(2026, 10, 25, 0), 4, berlin(2026, 10, 25, 3)),
        (OFFICE, [], berlin(2026, 3, 27, 16), 9, berlin(2026, 3, 30, 17)),
        (NIGHT, [], berlin(2026, 3, 28, 22), 8, berlin(2026, 3, 29, 23)),
        (NIGHT, [], berlin(2026, 10, 24, 22), 8, berlin(2026, 10, 25, 5)),
        (NIGHT, [], berlin(2026, 10, 24, 22), 9, berlin(2026, 10, 25, 6)),
        # Hours that begin in the skipped hour begin at three; hours within it do not happen that day.
        ({"sun": [("02:30", "04:00")]}, [], berlin(2026, 3, 29, 0), 1, berlin(2026, 3, 29, 4)),
        ({"sun": [("02:00", "03:00")]}, [], berlin(2026, 3, 29, 0), 1, berlin(2026, 4, 5, 3)),
        # The hour that comes twice counts twice.
        ({"sun": [("02:00", "03:00")]}, [], berlin(2026, 10, 25, 0), 2, berlin(2026, 10, 25, 3)),
    ],
)  # fmt: skip
def test_add_to_known_deadlines(week: Week, holidays: list[date], start: datetime, hours: int, due: datetime) -> None:
    assert WorkingTime("Europe/Berlin", week, holidays).add(start, hours * HOUR) == due.astimezone(UTC)


def test_hours_that_end_in_a_repeated_hour_are_open_both_times_and_share_it_with_those_that_follow() -> None:
    late = WorkingTime("Europe/Berlin", {"sat": [("22:00", "24:00")], "sun": [("00:00", "02:30")]})
    early = WorkingTime("Europe/Berlin", {"sun": [("02:30", "06:00")]})
    night = berlin(2026, 10, 24, 20), berlin(2026, 10, 25, 8)
    assert late.segments(*night) == [
        (utc(2026, 10, 24, 20), utc(2026, 10, 25, 0, 30)),
        (utc(2026, 10, 25, 1), utc(2026, 10, 25, 1, 30)),
    ]
    assert late.between(*night) + early.between(*night) == 9 * HOUR


def test_skipped_date_has_no_working_time() -> None:
    apia = WorkingTime("Pacific/Apia", ALWAYS)
    friday = WorkingTime("Pacific/Apia", {"fri": [("00:00", "24:00")]})
    samoa = ZoneInfo("Pacific/Apia")
    thursday, saturday = datetime(2011, 12, 29, tzinfo=samoa), datetime(2011, 12, 31, tzinfo=samoa)
    assert apia.between(thursday, saturday) == 24 * HOUR
    assert friday.between(thursday, saturday) == timedelta()
    assert friday.add(thursday, HOUR) == datetime(2012, 1, 6, 1, tzinfo=samoa)


def test_night_and_week_are_one_segment_where_they_touch() -> None:
    night = WorkingTime("UTC", NIGHT)
    assert night.segments(utc(2026, 3, 7, 12), utc(2026, 3, 9, 12)) == [
        (utc(2026, 3, 7, 22), utc(2026, 3, 8, 6)),
        (utc(2026, 3, 8, 22), utc(2026, 3, 9, 6)),
    ]
    always = WorkingTime("Europe/Berlin", ALWAYS, [date(2026, 10, 26)])
    assert always.segments(utc(2026, 10, 1), utc(2026, 11, 1)) == [
        (utc(2026, 10, 1), utc(2026, 10, 25, 23)),
        (utc(2026, 10, 26, 23), utc(2026, 11, 1)),
    ]


def test_no_time_ends_at_once() -> None:
    assert WorkingTime("UTC", OFFICE).add(utc(2026, 3, 7, 12), timedelta()) == utc(2026, 3, 7, 12)
    assert WorkingTime("UTC", {}).add(berlin(2026, 3, 7, 12), timedelta()) == utc(2026, 3, 7, 11)


def test_parts_of_a_second_are_exact() -> None:
    office = WorkingTime("UTC", OFFICE)
    start = utc(2026, 3, 6, 16, 59, 59, 999_999)
    assert office.add(start, 2 * MICROSECOND) == utc(2026, 3, 9, 9, 0, 0, 1)
    assert office.between(start, utc(2026, 3, 9, 9, 0, 0, 1)) == 2 * MICROSECOND


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    asked = WorkingTime("Europe/Berlin", OFFICE, [date(2026, 12, 25)])
    for year in (2026, 1950, 2100, 1999):
        span = utc(year, 12, 1), utc(year + 1, 2, 1)
        fresh = WorkingTime("Europe/Berlin", OFFICE, [date(2026, 12, 25)])
        assert asked.between(*span) == fresh.between(*span)
        assert asked.add(span[0], 100 * HOUR) == fresh.add(span[0], 100 * HOUR)


def test_working_time_is_a_value() -> None:
    week = {"mon": [("13:00", "17:00"), ("09:00", "12:00")], "tue": []}
    one = WorkingTime("UTC", week, [date(2026, 1, 1), date(2025, 1, 1)])
    other = WorkingTime("UTC", {"mon": [("09:00", "12:00"), ("13:00", "17:00")]}, {date(2025, 1, 1), date(2026, 1, 1)})
    assert one == other
    assert hash(one) == hash(other)
    assert one != WorkingTime("Europe/Berlin", week)
    assert one.week == {"mon": (("09:00", "12:00"), ("13:00", "17:00"))}
    assert WorkingTime("UTC", dict(one.week), one.holidays) == one
    one.between(utc(2026, 1, 1), utc(2027, 1, 1))
    assert pickle.loads(pickle.dumps(one)) == other  # noqa: S301 - our own
    with pytest.raises(AttributeError):
        one.zone = "Europe/Berlin"  # type: ignore[misc] # that is the point


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({"monday": []}, "“monday” is not a day of the week; the days are mon, tue, wed, thu, fri, sat, sun."),
        ({"mon": [("9:00", "17:00")]}, "Monday: “9:00” is not a time."),
        ({"tue": [("09:00", "24:01")]}, "Tuesday: “24:01” is not a time."),
        ({"tue": [("09:00", "17:60")]}, "Tuesday: “17:60” is not a time."),
        ({"wed": [("17:00", "09:00")]}, "Wednesday, 17:00–09:00: the end has to be later than the start."),
        ({"thu": [("09:00", "09:00")]}, "Thursday, 09:00–09:00: the end has to be later than the start."),
        ({"fri": [("24:00", "24:00")]}, "Friday, 24:00–24:00: the end has to be later than the start."),
        ({"sat": [("09:00", "12:00"), ("11:59", "17:00")]}, "Saturday: 09:00–12:00 and 11:59–17:00 overlap."),
        ({"sun": [("10:00", "11:00"), ("09:00", "17:00")]}, "Sunday: 09:00–17:00 and 10:00–11:00 overlap."),
    ],
)
def test_impossible_week_is_told_by_day_and_hours(week: Week, words: str) -> None:
    with pytest.raises(DomainError) as refused:
        WorkingTime("UTC", week)
    assert str(refused.value).startswith(words)
    assert refused.value.field == "week"


def test_what_cannot_be_counted_is_refused() -> None:
    office = WorkingTime("UTC", OFFICE)
    with pytest.raises(DomainError, match="“Europe/Brelin” is not a time zone"):
        WorkingTime("Europe/Brelin", OFFICE)
    with pytest.raises(DomainError, match="no open time"):
        WorkingTime("UTC", {"mon": []}).add(utc(2026, 3, 7), HOUR)
    with pytest.raises(ValueError, match="no time zone"):
        office.add(datetime(2026, 3, 7), HOUR)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="negative"):
        office.add(utc(2026, 3, 7), -HOUR)
    with pytest.raises(ValueError, match="is before"):
        office.segments(utc(2026, 3, 7), utc(2026, 3, 6))


@pytest.mark.parametrize("date_", [date.min, date.max, date(1, 12, 30), date(9999, 1, 2)])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_years_that_cannot_be_counted_are_refused(date_: date, zone: str) -> None:
    office = WorkingTime("Europe/Berlin", OFFICE)
    with pytest.raises(DomainError, match="the years 2 to 9998"):
        office.between(datetime.combine(date_, time(12), ZoneInfo(zone)), utc(2026, 1, 1))


def test_deadline_beyond_the_years_is_refused() -> None:
    minute = WorkingTime("Europe/Berlin", {"mon": [("09:00", "09:01")]})
    for duration in (timedelta(days=365), timedelta.max):
        with pytest.raises(DomainError, match="the years 2 to 9998"):
            minute.add(utc(2026, 1, 1), duration)
    assert minute.add(utc(9990, 1, 1), 52 * MINUTE).year == 9990


def _changes(zone: str) -> list[tuple[datetime, timedelta]]:
    """When the offset of a zone changes, read from its file by the part of Python that does so in Python."""
    data = in_python.ZoneInfo.no_cache(zone)
    found: list[tuple[datetime, timedelta]] = []
    before = data._tti_before.utcoff
    for second, kind in zip(data._trans_utc, data._ttinfos, strict=True):
        if kind.utcoff != before:
            found.append((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second), kind.utcoff))
        before = kind.utcoff
    return [change for change in found if change[0].year > 1]


def _tells(zone: str) -> None:
    changes = _changes(zone)
    found = []
    for year in sorted({moment.year for moment, _offset in changes}):
        before = offsets_of.__wrapped__(zone, year - 1)[-1][1]
        for instant, offset in offsets_of.__wrapped__(zone, year):
            if offset != before:
                found.append((moment_of(instant), offset * MICROSECOND))
            before = offset
    # After the last change of the file a rule goes on.
    assert [change for change in found if change[0] <= changes[-1][0]] == changes


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"])
def test_changes_are_those_of_the_zone(zone: str) -> None:
    _tells(zone)


@pytest.mark.long
def test_changes_are_those_of_all_zones() -> None:
    for zone in sorted(available_timezones()):
        if _changes(zone):
            _tells(zone)
