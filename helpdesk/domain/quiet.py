"""Quiet hours: when somebody is not to be disturbed, and until when that lasts.

A moment is quiet when the clock on the wall, in the person's zone, shows a time within their hours. An hour that the
clocks repeat is quiet both times, one that they skip is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.domain.zones import moment_of, offsets_of

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
# Further than this nobody needs to look: by then there was every day of a week.
_HORIZON: Final = 8
LONGEST_MUTE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet from `starts` to `ends` on these days of the week (1 is Monday), and all day on the `whole_days`.

    Hours that end no later than they start end on the next day; they belong to the day on which they start. Until
    `muted_until` all is quiet, whatever the clock shows.
    """

    weekdays: frozenset[int] = frozenset()
    starts: time = time()
    ends: time = time()
    whole_days: frozenset[int] = frozenset()
    muted_until: datetime | None = None

    @property
    def are_endless(self) -> bool:
        """Whether no minute of the week is left in which somebody may be told."""
        minutes = (datetime(2024, 1, 1, tzinfo=UTC) + number * _MINUTE for number in range(7 * 24 * 60))
        return all(self.cover(minute) for minute in minutes)

    def cover(self, wall: datetime) -> bool:
        """Whether the clock on the wall shows a time within the hours, muted or not."""
        today, now = wall.isoweekday(), wall.time()
        if today in self.whole_days:
            return True
        if self.starts < self.ends:
            return today in self.weekdays and self.starts <= now < self.ends
        yesterday = (wall.date() - _DAY).isoweekday()
        return (today in self.weekdays and now >= self.starts) or (yesterday in self.weekdays and now < self.ends)


def quiet_until(hours: Hours, zone: str, now: datetime) -> datetime | None:
    """When the quiet ends that lasts at the moment `now`, in UTC; None where it is not quiet.

    Hours that follow on each other are one. What never ends is put off by a week and asked about again then.
    """
    there = ZoneInfo(zone)

    def is_quiet(moment: datetime) -> bool:
        is_muted = hours.muted_until is not None and moment < hours.muted_until
        return is_muted or hours.cover(moment.astimezone(there))

    if not is_quiet(now):
        return None
    turns = {turn for turn in _turns(hours, zone, now) if turn > now}
    return next((turn for turn in sorted(turns) if not is_quiet(turn)), max(turns))


def _turns(hours: Hours, zone: str, now: datetime) -> Iterator[datetime]:
    """All moments from now on at which quiet may begin or end, and some more."""
    there, begins = ZoneInfo(zone), [now]
    if hours.muted_until is not None and hours.muted_until > now:
        yield hours.muted_until.astimezone(UTC)
        begins.append(hours.muted_until)
    days = {begin.astimezone(there).date() + number * _DAY for begin in begins for number in range(_HORIZON)}
    for day in days:
        for clock in (time(), hours.starts, hours.ends):
            # A time that the clocks repeat is there twice.
            for fold in (0, 1):
                yield datetime.combine(day, clock, there).replace(fold=fold).astimezone(UTC)
    for year in {day.year for day in days}:
        changes = (moment_of(instant) for instant, _offset in offsets_of(zone, year))
        yield from (change for change in changes if change.astimezone(there).date() in days)
