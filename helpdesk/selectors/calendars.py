"""Calendars with their versions, and what a draft would do to the clocks of open tickets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from helpdesk.actors import Actor
from helpdesk.choices import Weekday
from helpdesk.domain.week_lines import lines_of
from helpdesk.models import Calendar, CalendarVersion
from helpdesk.selectors.previews import FILED_SINCE, Preview, Trial, counted, preview_of
from helpdesk.selectors.promises import setup_at
from helpdesk.selectors.versions import Versions, versions_in


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


def versions_of(calendar: Calendar, now: datetime) -> Versions[CalendarVersion]:
    """The versions, and which of them counts now."""
    return versions_in(calendar.versions.all(), now)


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


def concerned_by(calendar_id: int) -> Q:
    """The clocks that go by the calendar."""
    return Q(calendar_version__calendar=calendar_id)


def trial(draft: CalendarVersion, now: datetime) -> Trial:
    """The clocks that go by the calendar, as if the draft were in force."""
    base = setup_at(now, filed_since=FILED_SINCE)
    calendars = {**base.calendars, draft.calendar_id: draft.pk}
    drafted = replace(base, calendars=calendars, drafted_hours={draft.pk: draft.arithmetic()})
    return Trial(concerned_by(draft.calendar_id), base, drafted)


def preview(draft: CalendarVersion, actor: Actor, now: datetime) -> Preview:
    """What the draft would do: as a worker counted it, or counted now where the clocks are few."""
    return counted(draft.preview, actor) if draft.preview else preview_of(trial(draft, now), actor, now)
