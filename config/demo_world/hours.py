"""The days off of the regions, and a change of hours that somebody prepares."""

from datetime import datetime
from typing import Final

from django.conf import settings

from helpdesk.actions.calendars import Hours, draft_hours, newest, put_into_force, state_of
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel
from helpdesk.domain.public_holidays import public_holidays
from helpdesk.models import Calendar, User

# By the codes of the calendars: a country, and a part of it.
_COUNTRIES: Final = {
    "business-europe": ("GB", "ENG"),
    "business-americas": ("US", "CA"),
    "business-apac": ("SG", ""),
    "business-latam": ("BR", "SP"),
}
_LONGER: Final = "business-americas"


def close_on_holidays(now: datetime) -> None:
    """The regions are closed on the days off of their countries. What somebody changed stays."""
    for code, (country, part) in _COUNTRIES.items():
        calendar = Calendar.objects.filter(code=code).first()
        hours = newest(calendar) if calendar else None
        if calendar is None or hours is None or hours.number > 1:
            continue
        days = public_holidays(country, part, range(now.year, now.year + 3), settings.LANGUAGE_CODE)
        wanted = Hours(hours.time_zone, hours.week, days)
        draft = draft_hours(calendar=calendar, hours=wanted, seen=state_of(hours), by=SYSTEM, now=now)
        put_into_force(calendar=calendar, seen=state_of(draft), valid_from=None, by=SYSTEM, now=now)


def plan_longer_hours(now: datetime) -> None:
    """One region is going to open on Saturdays too; nobody has put it into force yet."""
    calendar = Calendar.objects.filter(code=_LONGER).first()
    hours = newest(calendar) if calendar else None
    if calendar is None or hours is None or hours.number != 2 or hours.is_draft:
        return
    week = {**hours.week, "sat": [("10:00", "14:00")]}
    wanted = Hours(hours.time_zone, week, dict(hours.holidays.values_list("day", "name")))
    by = Actor(User.objects.get(email="ada@example.org"), Channel.DESK)
    draft_hours(calendar=calendar, hours=wanted, seen=state_of(hours), by=by, now=now)
