"""A clock as a ledger and a pure function: from what happened and what was promised, when it is due.

A ledger is a list of `Entry` rows in the order of their times, the first of them `START`. It says in which status the
ticket was; which statuses pause the clock is for the policy to say, so that a new promise counts the whole ledger anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from helpdesk.choices import Status
from helpdesk.domain.sla import deadline, elapsed
from helpdesk.domain.working_time import WorkingTime


class What(StrEnum):
    """What a line of a ledger says. `AWAY` is a ticket that was merged, `BACK` one that was taken apart again."""

    START = "start"
    STATUS = "status"
    STOP = "stop"
    AWAY = "away"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to a clock, the status from then on, and which event of the ticket (`seq`) said so."""

    at: datetime
    what: What
    status: Status
    seq: int

    def as_json(self) -> list[Any]:
        """As it is stored."""
        return [self.at.astimezone(UTC).isoformat(), self.what.value, self.status.value, self.seq]

    @classmethod
    def parse(cls, data: Sequence[Any]) -> "Entry":
        """Read what `as_json` wrote."""
        return cls(datetime.fromisoformat(data[0]), What(data[1]), Status(data[2]), data[3])


@dataclass(frozen=True, slots=True)
class Promise:
    """What a clock is bound to: how much working time, and in which statuses it stands."""

    working_time: WorkingTime
    target: timedelta
    paused: frozenset[Status]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a clock stands. Exactly one of `due_at` and `left` is told: while it is paused nobody knows when it is due.

    A clock whose target was used up before the pause was due, and stays so.
    """

    due_at: datetime | None
    left: timedelta | None
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Course:
    """The pauses of a ledger under one promise: those that ended, and since when it stands, if it does."""

    start: datetime
    pauses: tuple[tuple[datetime, datetime], ...]
    since: datetime | None
    stop: datetime | None

    @property
    def running(self) -> list[tuple[datetime, datetime]]:
        """The stretches in which the clock ran, up to its pause or stop. Of one that runs the last is left out."""
        starts = [self.start, *(end for _begin, end in self.pauses)]
        ends = [begin for begin, _end in self.pauses]
        if (last := self.since or self.stop) is not None:
            ends.append(last)
        return [(begin, end) for begin, end in zip(starts, ends, strict=False) if begin < end]


def course(ledger: Sequence[Entry], paused: frozenset[Status]) -> Course:
    """What the ledger comes to where the clock stands in these statuses."""
    pauses, since, stop, is_away = list[tuple[datetime, datetime]](), None, None, False
    for line in ledger:
        if line.what is What.STOP:
            stop = line.at
            break
        is_away = line.what is What.AWAY or (is_away and line.what is not What.BACK)
        stands = is_away or line.status in paused
        if stands and since is None:
            since = line.at
        elif not stands and since is not None:
            if since < line.at:
                pauses.append((since, line.at))
            since = None
    return Course(ledger[0].at, tuple(pauses), since, stop)


def instant(there: Course, promise: Promise, offset: timedelta) -> datetime | None:
    """When so much working time of the clock has passed; None where it stands before that. A stop is passed by."""
    pauses = list(there.pauses)
    if there.since is not None:
        if there.stop is not None:
            pauses.append((there.since, there.stop))
        elif elapsed(promise.working_time, there.running) < offset:
            return None
    return deadline(promise.working_time, there.start, offset, pauses)


def stand(there: Course, promise: Promise) -> Stand:
    """Where the clock stands. For one that was stopped `due_at` is when it would have been due, or was."""
    due = instant(there, promise, promise.target)
    left = None if due is not None else promise.target - elapsed(promise.working_time, there.running)
    return Stand(due, left, there.since is not None and there.stop is None)


def was_met(there: Course, promise: Promise) -> bool:
    """The verdict on a stopped clock: whether no more than its target was used up when it stopped."""
    return elapsed(promise.working_time, there.running) <= promise.target
