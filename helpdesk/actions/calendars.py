"""Working hours change by versions, see `versions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import previews, recounts
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actions.versions import begins_at, check_seen, draft_in, hold, newest_of, state_of, told
from helpdesk.actors import Actor
from helpdesk.domain.working_time import WorkingTime
from helpdesk.errors import NEVER_OPEN, Code, DomainError
from helpdesk.models import Calendar, CalendarVersion, Holiday

__all__ = ["Hours", "discard_draft", "draft_hours", "newest", "put_into_force", "state_of"]

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
        draft = CalendarVersion(calendar=calendar, number=base.number + 1 if base is not None else 1)
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
    draft.valid_from = begins_at(valid_from, now)
    draft.save(update_fields=["valid_from"])
    audit("calendar_in_force", *_told(draft), by=by, now=now)
    recounts.ask_for(("calendar", draft.pk), draft.valid_from)
    return draft


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
