"""Calendars with their versions, and what a draft would do to the clocks of open tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from helpdesk.actors import Actor
from helpdesk.choices import Metric, Weekday
from helpdesk.domain import clocks
from helpdesk.domain.clocks import Promise
from helpdesk.domain.week_lines import lines_of
from helpdesk.models import Calendar, CalendarVersion, SLACycle, Ticket
from helpdesk.models.policies import rules_of
from helpdesk.selectors.tickets import visible_to

# So many clocks are counted while somebody waits, those that are due next.
LOOKED_AT: Final = 5_000
# Tickets that are named one by one.
NAMED: Final = 50


def calendar_of(pk: int) -> Calendar | None:
    """The calendar of this id."""
    return Calendar.objects.filter(pk=pk).first()


def with_hours(rows: QuerySet[Calendar], now: datetime) -> QuerySet[Calendar]:
    """Calendars with the zone that is in force (`zone_now`), and since when (`since`)."""
    current = CalendarVersion.objects.filter(calendar=OuterRef("pk"), valid_from__lte=now)
    newest = current.order_by("-valid_from", "-number")[:1]
    return rows.annotate(
        zone_now=Subquery(newest.values("time_zone")),
        since=Subquery(newest.values("valid_from")),
    )


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of a calendar, the newest first."""

    all: Sequence[CalendarVersion]
    in_force: CalendarVersion | None
    draft: CalendarVersion | None


def versions_of(calendar: Calendar, now: datetime) -> Versions:
    """The versions, and which of them counts now."""
    rows = list(calendar.versions.select_related("made_by__merged_into").order_by("-number"))
    begun = [row for row in rows if row.valid_from is not None and row.valid_from <= now]
    in_force = max(begun, key=lambda row: (row.valid_from, row.number), default=None)
    return Versions(rows, in_force, next((row for row in rows if row.is_draft), None))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a week, with its hours before and after a change."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether they differ."""
        return self.before != self.after


def days_of(version: CalendarVersion, before: CalendarVersion | None = None) -> list[Day]:
    """The week of a version, beside that of another one."""
    lines, old = lines_of(version.week), lines_of(before.week if before else {})
    return [Day(str(day.label), old[day], lines[day]) for day in Weekday]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which days off a change brings and takes, with their names."""

    added: Sequence[tuple[date, str]]
    removed: Sequence[tuple[date, str]]


def holidays_between(draft: CalendarVersion, before: CalendarVersion | None) -> Holidays:
    """The holidays in which two versions differ."""
    new = dict(draft.holidays.values_list("day", "name"))
    old = dict(before.holidays.values_list("day", "name")) if before else {}
    return Holidays(
        sorted((day, name) for day, name in new.items() if day not in old),
        sorted((day, name) for day, name in old.items() if day not in new),
    )


@dataclass(frozen=True, slots=True)
class Late:
    """A clock whose time would be used up already."""

    ticket: Ticket
    metric: str
    due_before: datetime | None
    due_after: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would do: to how many of the open tickets, and which of them would be late at once.

    `hidden` are late too, but not for the reader to see.
    """

    open: int
    looked_at: int
    changed: int
    late: Sequence[Late]
    hidden: int

    @property
    def is_whole(self) -> bool:
        """Whether all of them were looked at."""
        return self.looked_at == self.open

    @property
    def more(self) -> int:
        """How many are late beyond those that are named."""
        return max(len(self.late) - NAMED, 0)

    @property
    def named(self) -> Sequence[Late]:
        """The first of those that would be late."""
        return self.late[:NAMED]


def preview(draft: CalendarVersion, actor: Actor, now: datetime) -> Preview:
    """Count the open clocks that go by the calendar as if the draft were in force."""
    counted = SLACycle.objects.filter(
        stopped_at__isnull=True, target_seconds__isnull=False, calendar_version__calendar=draft.calendar_id
    )
    cycles = list(counted.order_by("due_at", "pk")[:LOOKED_AT])
    working_time, changed, late = draft.arithmetic(), set[int](), list[tuple[SLACycle, datetime]]()
    for cycle in cycles:
        assert cycle.policy_version_id is not None
        paused = rules_of(cycle.policy_version_id).paused(Metric(cycle.metric))
        promise = Promise(working_time, cycle.target or timedelta(), paused)
        stand = clocks.stand(clocks.course(cycle.entries, paused), promise)
        left = None if stand.left is None else int(stand.left.total_seconds())
        if (stand.due_at, left) == (cycle.due_at, cycle.left_seconds):
            continue
        changed.add(cycle.ticket_id)
        was_late = cycle.due_at is not None and cycle.due_at <= now
        if stand.due_at is not None and stand.due_at <= now and not was_late:
            late.append((cycle, stand.due_at))
    seen = visible_to(actor).in_bulk({cycle.ticket_id for cycle, _due in late})
    return Preview(
        open=counted.values("ticket").distinct().count(),
        looked_at=len({cycle.ticket_id for cycle in cycles}),
        changed=len(changed),
        late=[
            Late(seen[cycle.ticket_id], str(Metric(cycle.metric).label), cycle.due_at, due)
            for cycle, due in late
            if cycle.ticket_id in seen
        ],
        hidden=len({cycle.ticket_id for cycle, _due in late} - set(seen)),
    )
