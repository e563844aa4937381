"""Working hours change by versions: a draft is written, looked at, and put into force from an instant on.

A version in force is never touched again: what clocks counted by it comes out the same whenever it is counted again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import recounts
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain.working_time import WorkingTime
from helpdesk.errors import NEVER_OPEN, Code, DomainError
from helpdesk.models import Calendar, CalendarVersion, Holiday
from helpdesk.permissions import Right, holds

_LAST_YEAR: Final = 2999
_MOST_HOLIDAYS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Hours:
    """What a version of a calendar says."""

    time_zone: str
    week: Mapping[str, Sequence[tuple[str, str]]]
    holidays: Mapping[date, str]


@action
def draft_hours(*, calendar: Calendar, hours: Hours, seen: str, by: Actor, now: datetime) -> CalendarVersion:
    """Keep other hours as the calendar's draft. `seen` is what they were written from, see `state_of`."""
    base = _held(calendar, seen, by)
    _check(hours)
    draft = base if base is not None and base.is_draft else None
    if draft is None:
        number = base.number + 1 if base is not None else 1
        draft = CalendarVersion(calendar=calendar, number=max(number, calendar.versions.count() + 1))
    else:
        draft.holidays.all().delete()
    draft.time_zone, draft.made_at, draft.made_by = hours.time_zone, now, by.user
    draft.week = {day: [list(span) for span in spans] for day, spans in hours.week.items()}
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
    begins = now if valid_from is None else valid_from
    if begins < now:
        words = _("What was is past: choose a moment to come, or leave it empty for at once.")
        raise DomainError(words, Code.WRONG, field="valid_from")
    if begins.year > _LAST_YEAR:
        years = _("Choose a year up to %(last)d.")
        raise DomainError(years % {"last": _LAST_YEAR}, Code.WRONG, field="valid_from")
    draft.valid_from = begins
    draft.save(update_fields=["valid_from"])
    audit("calendar_in_force", *_told(draft), by=by, now=now)
    recounts.ask_for(("calendar", draft.pk), begins)
    return draft


@action
def discard_draft(*, calendar: Calendar, seen: str, by: Actor, now: datetime) -> None:
    """Throw the draft away. It was never in force, and nothing points to it."""
    draft = _draft(calendar, seen, by)
    audit("calendar_draft_discarded", *_told(draft), by=by, now=now)
    draft.holidays.all().delete()
    draft.delete()


def state_of(version: CalendarVersion | None) -> str:
    """What somebody looked at: another text, if anybody has written since."""
    return "" if version is None else f"{version.number} {version.made_at.isoformat()}"


def newest(calendar: Calendar) -> CalendarVersion | None:
    """From what a draft goes on: the draft that is there, or the version that was put into force last."""
    return calendar.versions.order_by("-number").first()


def _held(calendar: Calendar, seen: str, by: Actor) -> CalendarVersion | None:
    """The newest version, with the calendar locked, if it is what was seen."""
    if not holds(by, Right.CHANGE_SETUP):
        raise DomainError(_("You may not change this."), Code.FORBIDDEN)
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    found = newest(calendar)
    if state_of(found) != seen:
        words = _("Somebody else changed these working hours meanwhile. Open them anew, then change them again.")
        raise DomainError(words, Code.STALE)
    return found


def _draft(calendar: Calendar, seen: str, by: Actor) -> CalendarVersion:
    draft = _held(calendar, seen, by)
    if draft is None or not draft.is_draft:
        raise DomainError(_("There is no draft any more. Look at the versions."), Code.ILLEGAL_MOVE)
    return draft


def _check(hours: Hours) -> None:
    """Whether one can count by them."""
    if WorkingTime(hours.time_zone, hours.week, list(hours.holidays)).is_never_open:
        raise DomainError(NEVER_OPEN, Code.WRONG, field="week")
    if len(hours.holidays) > _MOST_HOLIDAYS:
        words = _("These are %(count)d holidays; the limit is %(limit)d.")
        counts = {"count": len(hours.holidays), "limit": _MOST_HOLIDAYS}
        raise DomainError(words % counts, Code.WRONG, field="holidays")


def _told(version: CalendarVersion) -> tuple[tuple[str, object], dict[str, object]]:
    """What the record says of a version."""
    begins = version.valid_from
    data = {"version": version.number, **({"valid_from": begins.isoformat()} if begins else {})}
    return ("calendar", version.calendar_id), data
