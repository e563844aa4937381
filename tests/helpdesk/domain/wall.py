"""Working time counted the slow and obvious way: look at the clock on the wall at every minute."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from helpdesk.domain.working_time import WorkingTime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
OFFICE = {day: [("09:00", "17:00")] for day in DAYS[:5]}
ALWAYS = {day: [("00:00", "24:00")] for day in DAYS}

Week = dict[str, list[tuple[str, str]]]
Pauses = Sequence[tuple[datetime, datetime]]

# Where the clocks do something: an hour, half an hour, at midnight, in the middle of a working day, a whole date.
ODD_MOMENTS = (
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2026, 3, 8, 10, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 10, 24, 21, tzinfo=UTC)),
    ("America/St_Johns", datetime(2006, 10, 29, 2, 31, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 21, 12, tzinfo=UTC)),
    ("America/Caracas", datetime(2016, 5, 1, 7, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("UTC", datetime(2026, 2, 28, 12, tzinfo=UTC)),
)


@dataclass(frozen=True)
class Wall:
    """What `WorkingTime` is told, read minute by minute."""

    zone: str
    week: Week
    holidays: Collection[date] = ()

    def is_open(self, moment: datetime) -> bool:
        """Whether the wall shows a time within the hours of the date it shows, and no holiday."""
        local = moment.astimezone(ZoneInfo(self.zone))
        shown = _clock(local.hour * 60 + local.minute)
        return local.date() not in self.holidays and any(
            begin <= shown < end for begin, end in self.week.get(DAYS[local.weekday()], ())
        )

    def minutes(self, start: datetime, end: datetime, pauses: Pauses = ()) -> Iterator[datetime]:
        """The open minutes from one to the other, but those in a pause."""
        while start < end:
            if self.is_open(start) and not any(begin <= start < last for begin, last in pauses):
                yield start
            start += MINUTE

    def fast(self) -> WorkingTime:
        """The same, to be proven."""
        return WorkingTime(self.zone, self.week, self.holidays)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def joined(minutes: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Minutes as spans, those that touch put together."""
    found: list[tuple[datetime, datetime]] = []
    for minute in minutes:
        if found and found[-1][1] == minute:
            found[-1] = found[-1][0], minute + MINUTE
        else:
            found.append((minute, minute + MINUTE))
    return found


# Often near to where clocks change, also touching, also to midnight.
_EDGES = (0, 1, 60, 90, 119, 120, 121, 150, 180, 540, 720, 780, 1020, 1320, 1380, 1439, 1440)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """An ordinary week, or one of up to two sorts of days, each with up to three spans of hours."""
    if usual := draw(st.sampled_from([None, None, None, OFFICE, ALWAYS])):
        return usual
    week: Week = {}
    for _sort in range(2):
        edges = sorted(draw(st.sets(st.sampled_from(_EDGES), max_size=6)))
        spans = [(_clock(begin), _clock(end)) for begin, end in zip(edges[::2], edges[1::2], strict=False)]
        days = draw(st.integers(0, 127))
        week |= {day: spans[::-1] for place, day in enumerate(DAYS) if days & 1 << place}
    return week


@st.composite
def walls(draw: st.DrawFn) -> tuple[Wall, datetime]:
    """Working hours, and a minute that is worth to be looked at: not far from where the clocks of the zone change."""
    zone, odd = draw(st.sampled_from(ODD_MOMENTS))
    start = odd + draw(st.integers(-1440, 600)) * MINUTE
    near = draw(st.lists(st.integers(-1, 3), max_size=2))
    return Wall(zone, draw(weeks()), {(odd + timedelta(days=days)).date() for days in near}), start
