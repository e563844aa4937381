"""Weeks as people write them."""

import pytest
from hypothesis import given

from helpdesk.domain.week_lines import lines_of, week_of
from helpdesk.domain.working_time import WorkingTime
from helpdesk.errors import DomainError
from tests.helpdesk.domain.wall import ALWAYS, DAYS, OFFICE, Week, weeks


@given(weeks())
def test_lines_say_what_the_week_says(week: Week) -> None:
    assert WorkingTime("UTC", week_of(lines_of(week))) == WorkingTime("UTC", week)


def test_night_shift_is_one_span_of_the_day_on_which_it_begins() -> None:
    night: Week = {
        "sun": [("22:00", "24:00")],
        "mon": [("00:00", "06:00"), ("22:00", "24:00")],
        "tue": [("00:00", "06:00")],
    }
    lines = lines_of(night)
    assert {day: line for day, line in lines.items() if line} == {"sun": "22:00–06:00", "mon": "22:00–06:00"}
    assert week_of(lines) == night


def test_days_that_are_open_all_the_time_stay_days() -> None:
    assert lines_of(ALWAYS) == dict.fromkeys(DAYS, "00:00–24:00")
    assert lines_of(OFFICE) == {**dict.fromkeys(DAYS[:5], "09:00–17:00"), "sat": "", "sun": ""}


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("9-17", [("09:00", "17:00")]),
        ("9:00 to 12:00; 13.30 – 17.30", [("09:00", "12:00"), ("13:30", "17:30")]),
        (" 13:00–17:00,\n8 bis 12 ", [("08:00", "12:00"), ("13:00", "17:00")]),
        ("18-0", [("18:00", "24:00")]),
        ("0-24", [("00:00", "24:00")]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(line: str, hours: list[tuple[str, str]]) -> None:
    assert week_of({"wed": line}).get("wed", []) == hours


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({"mon": "all day"}, "Monday: “all day” are no hours."),
        ({"mon": "9-17, 25-26"}, "Monday: “25:00” is not a time."),
        ({"tue": "09:00–09:00"}, "Tuesday, 09:00–09:00: the end has to be later than the start."),
        ({"mon": "22-6", "tue": "5-9"}, "Tuesday: 00:00–06:00 and 05:00–09:00 overlap."),
        ({"sun": "22-6", "mon": "0-24"}, "Monday: 00:00–06:00 and 00:00–24:00 overlap."),
    ],
)
def test_lines_that_cannot_be_are_told_by_their_day(lines: dict[str, str], words: str) -> None:
    with pytest.raises(DomainError) as refused:
        week_of(lines)
    assert str(refused.value).startswith(words)
    assert refused.value.field == "week"
