"""A week of working hours as people write it: a line a day, such as “09:00–12:00, 13:00–17:00” or “22:00–06:00”.

A night shift is one span here, of the day on which it begins; the week that is counted with has it as two.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from helpdesk.choices import Weekday
from helpdesk.domain.weeks import WEEKDAYS, read_week, written
from helpdesk.errors import NOT_HOURS, Code, DomainError

Week = dict[str, list[tuple[str, str]]]
_MIDNIGHT: Final = "00:00"
_END: Final = "24:00"
_SPAN: Final = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|—|to|bis)\s*(\d{1,2})(?:[:.](\d\d))?", re.ASCII)
_BETWEEN: Final = re.compile(r"\s*[,;\n]\s*")
LONGEST_LINE: Final = 200


def lines_of(week: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    """The line of each day, empty where it is closed."""
    days = [list(written(hours)) for hours in read_week(week)]
    for place, hours in enumerate(days):
        after = days[(place + 1) % len(days)]
        if not hours or not after:
            continue
        (begin, end), (next_begin, next_end) = hours[-1], after[0]
        if end == _END and next_begin == _MIDNIGHT and next_end < begin:
            hours[-1] = begin, next_end
            after.pop(0)
    return {day: ", ".join(f"{begin}–{end}" for begin, end in hours) for day, hours in zip(WEEKDAYS, days, strict=True)}


def week_of(lines: Mapping[str, str]) -> Week:
    """The week of the lines. Raises DomainError that says which day cannot be, and why."""
    week: Week = {day: [] for day in WEEKDAYS}
    for place, day in enumerate(WEEKDAYS):
        for begin, end in _spans(day, lines.get(day, "")):
            if end < begin:
                week[day].append((begin, _END))
                if end != _MIDNIGHT:
                    week[WEEKDAYS[(place + 1) % len(WEEKDAYS)]].append((_MIDNIGHT, end))
            else:
                week[day].append((begin, end))
    # Read once for what may be wrong with it, and written in order.
    days = zip(WEEKDAYS, read_week(week), strict=True)
    return {str(day): list(written(hours)) for day, hours in days if hours}


def _spans(day: Weekday, line: str) -> list[tuple[str, str]]:
    spans = []
    for part in filter(None, _BETWEEN.split(line.strip())):
        found = _SPAN.fullmatch(part)
        if not found:
            raise DomainError(NOT_HOURS % {"day": day.label, "hours": part}, Code.WRONG, field="week")
        begin, begin_minute, end, end_minute = found.groups()
        spans.append((_time(begin, begin_minute), _time(end, end_minute)))
    return spans


def _time(hour: str, minute: str | None) -> str:
    return f"{hour:0>2}:{minute or '00'}"
