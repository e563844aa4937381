"""Chance with a lean: few get much, and many get little."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")


class Choice(Generic[T]):
    """Things to choose among by their weight."""

    def __init__(self, things: Sequence[T], weights: Sequence[float]) -> None:
        self.things = things
        self._sums = list(accumulate(weights))

    def __call__(self, rng: random.Random) -> T:
        """One of them."""
        return self.things[bisect(self._sums, rng.random() * self._sums[-1], hi=len(self.things) - 1)]


def by_rank(things: Sequence[T], steepness: float = 1.0, shift: float = 0.5) -> Choice[T]:
    """The first thing often, the hundredth a hundredth as often (Zipf's law)."""
    return Choice(things, [(rank + 1 + shift) ** -steepness for rank in range(len(things))])


# How much comes in during each hour of a day of the place where it comes from, and on each day of the week.
_HOURS: Final = (1, 1, 1, 1, 1, 2, 5, 14, 38, 60, 64, 52, 34, 44, 56, 50, 38, 24, 12, 8, 6, 5, 3, 2)
_DAYS: Final = (1.18, 1.08, 1.0, 1.0, 0.86, 0.14, 0.1)
# How much less came in on the first of a thousand days than on the last.
_GROWTH: Final = 0.45
_HOUR: Final = 3600


def arrivals(rng: random.Random, count: int, zone: str, end: datetime, days: int) -> Iterator[datetime]:
    """When `count` tickets come from a place in the `days` before the end: in office hours, and more and more."""
    last = end.astimezone(ZoneInfo(zone)).date()
    starts, weights = list[datetime](), list[float]()
    for back in range(days, -1, -1):
        day = last - timedelta(days=back)
        for hour, weight in enumerate(_HOURS):
            start = _start(day, hour, zone)
            if start + timedelta(hours=1) <= end:
                starts.append(start)
                weights.append(weight * _DAYS[day.weekday()] * (1 - _GROWTH * back / 1000))
    choose = Choice(starts, weights)
    for _number in range(count):
        yield choose(rng) + timedelta(seconds=int(rng.random() * _HOUR))


def _start(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
