"""Working time beside `businesstimedelta`, which walks from opening to opening: `python -m benchmarks.working_time`."""

import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import businesstimedelta
import pytz

from benchmarks.timing import timed
from helpdesk.domain.working_time import WorkingTime
from helpdesk.domain.zones import offsets_of

NAME: Final = "working time"
_ZONE: Final = "Europe/Berlin"
_START: Final = datetime(2026, 3, 5, 10, 17, tzinfo=UTC)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")
_HOLIDAYS: Final = [date(year, *day) for year in range(2026, 2046) for day in ((1, 1), (5, 1), (10, 3), (12, 25))]
# What has to pass, and from when to when that is about: 8 hours a day, five days a week.
_ADDED: Final = {"1 day": 8, "30 days": 22 * 8, "5 years": 1_285 * 8}
_TEN_YEARS: Final = timedelta(hours=2_570 * 8)
_TIMES: Final = 200


def table() -> Iterator[str]:
    """The rows of both, in microseconds."""
    ours, theirs = _ours(), _theirs()
    yield "| what | Watchdesk | businesstimedelta | ratio |"
    yield "|---|---:|---:|---:|"
    for span, hours in _ADDED.items():
        duration = timedelta(hours=hours)
        delta = businesstimedelta.BusinessTimeDelta(theirs, timedelta=duration)
        due = ours.add(_START, duration)
        yield _row(f"add, {span}", lambda d=duration: ours.add(_START, d), lambda d=delta: _START + d)
        yield _row(
            f"between, {span}", lambda d=due: ours.between(_START, d), lambda d=due: theirs.difference(_START, d)
        )
    yield f"| add, 10 years | {_median(lambda: ours.add(_START, _TEN_YEARS)):,.1f} | | |"
    yield f"| add, 10 years, with a calendar and a zone that nobody asked before | {_median(_first):,.1f} | | |"


def _ours() -> WorkingTime:
    return WorkingTime(_ZONE, {day: [("09:00", "17:00")] for day in _DAYS}, _HOLIDAYS)


def _first() -> None:
    offsets_of.cache_clear()
    _ours().add(_START, _TEN_YEARS)


def _theirs() -> businesstimedelta.Rules:
    zone = pytz.timezone(_ZONE)
    days = businesstimedelta.WorkDayRule(
        start_time=time(9), end_time=time(17), working_days=list(range(len(_DAYS))), tz=zone
    )
    return businesstimedelta.Rules([days, businesstimedelta.HolidayRule(dict.fromkeys(_HOLIDAYS, ""), tz=zone)])


def _row(name: str, one: Callable[[], object], other: Callable[[], object]) -> str:
    ours, theirs = _median(one), _median(other)
    return f"| {name} | {ours:,.1f} | {theirs:,.1f} | {theirs / ours:,.0f} × |"


def _median(call: Callable[[], object]) -> float:
    call()
    return statistics.median(timed(call, _TIMES)) * 1000


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
