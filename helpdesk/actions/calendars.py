"""Working hours change by versions, see `versions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import previews
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actions.versions import (
    begin,
    begins_at,
    check_seen,
    draft_in,
    end_plan,
    hold,
    newest_of,
    next_number,
    planned_in,
    state_of,
    told,
)
from helpdesk.actors import Actor
from helpdesk.domain.working_time import WorkingTime
from helpdesk.errors import NEVER_OPEN, Code, DomainError
from helpdesk.models import Calendar, CalendarVersion, Holiday, PolicyVersion

__all__ = ["Hours", "discard_draft", "draft_hours", "newest", "put_into_force", "state_of", "take_back"]

_MOST_HOLIDAYS: Final = 1_000
_STALE: Final = _("Somebody else changed these working hours meanwhile. Open them anew, then change them again.")


@dataclass(frozen=True, slots=True)
class Hours:
    """What a version of a calendar says."""

    time_zone: str
    week: Mapping[str, Sequence[tuple[str, str]]]
    holidays: Mapping[date, str]


@action
def draft_hours(*, calendar: Calendar, hours: Hours, seen: str, by: Actor, now: datetime) -> CalendarVersion:
    """Keep other hours as the calendar's draft. `seen` is what they were written from, see `state_of`."""
    hold(calendar, by)
    base = newest(calendar)
    check_seen(base, seen, _STALE)
    _check(hours)
    draft = base if base is not None and base.is_draft else None
    if draft is None:
        draft = CalendarVersion(calendar=calendar, number=next_number(calendar.versions.all()))
    else:
        draft.holidays.all().delete()
    draft.time_zone, draft.made_at, draft.made_by = hours.time_zone, now, by.user
    draft.week = {day: [list(span) for span in spans] for day, spans in hours.week.items()}
    previews.ask_for(draft, now)
    draft.save()
    rows = [Holiday(version=draft, day=day, name=name) for day, name in sorted(hours.holidays.items())]
    Holiday.objects.bulk_create(rows)
    audit("calendar_drafted", *_told(draft), by=by, now=now)
    return draft


@action
def put_into_force(
    *, calendar: Calendar, seen: str, valid_from: datetime | None, by: Actor, now: datetime
) -> CalendarVersion:
    """Let the draft count from an instant on, or from now. The clocks of open tickets follow then."""
    draft = _draft(calendar, seen, by)
    begin(draft, "calendar", begins_at(valid_from, now))
    audit("calendar_in_force", *_told(draft), by=by, now=now)
    return draft


@action
def take_back(*, calendar: Calendar, number: int, by: Actor, now: datetime) -> CalendarVersion:
    """Let hours that were planned never count. What counts until then goes on."""
    hold(calendar, by)
    version = planned_in(calendar.versions.all(), number, now)
    _check_unneeded(version)
    audit("calendar_taken_back", *_told(version), by=by, now=now)
    end_plan(version, "calendar", now)
    return version


@action
def discard_draft(*, calendar: Calendar, seen: str, by: Actor, now: datetime) -> None:
    """Throw the draft away. It was never in force, and nothing points to it."""
    draft = _draft(calendar, seen, by)
    audit("calendar_draft_discarded", *_told(draft), by=by, now=now)
    draft.holidays.all().delete()
    draft.delete()


def newest(calendar: Calendar) -> CalendarVersion | None:
    """The calendar's newest version, see `newest_of`."""
    return newest_of(calendar.versions.all())


def _draft(calendar: Calendar, seen: str, by: Actor) -> CalendarVersion:
    hold(calendar, by)
    return draft_in(calendar.versions.all(), seen, _STALE)


def _check_unneeded(version: CalendarVersion) -> None:
    """Whether no policy counts, or is going to, that would have no hours without this version."""
    others = CalendarVersion.objects.filter(calendar=version.calendar_id, valid_from__isnull=False)
    first = others.exclude(pk=version.pk).aggregate(first=Min("valid_from"))["first"]
    promised = PolicyVersion.objects.filter(calendar=version.calendar_id, valid_from__isnull=False)
    if first is not None:
        promised = promised.filter(valid_from__lt=first)
    needs = promised.select_related("policy").first()
    if needs is not None:
        words = _("“%(name)s” is going to count by these hours and would have none. Take its version back first.")
        raise DomainError(words % {"name": needs.policy}, Code.ILLEGAL_MOVE)


def _check(hours: Hours) -> None:
    """Whether one can count by them."""
    if WorkingTime(hours.time_zone, hours.week, list(hours.holidays)).is_never_open:
        raise DomainError(NEVER_OPEN, Code.WRONG, field="week")
    if len(hours.holidays) > _MOST_HOLIDAYS:
        words = _("These are %(count)d holidays; the limit is %(limit)d.")
        counts = {"count": len(hours.holidays), "limit": _MOST_HOLIDAYS}
        raise DomainError(words % counts, Code.WRONG, field="holidays")


def _told(version: CalendarVersion) -> tuple[tuple[str, object], dict[str, object]]:
    """What the record says of a version, and of what."""
    return ("calendar", version.calendar_id), told(version)
