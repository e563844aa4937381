"""The days off of the regions, a change of hours that somebody prepares, and quicker answers that are to come."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from helpdesk.actions import policies
from helpdesk.actions.calendars import Hours, draft_hours, newest, put_into_force, state_of
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, Metric, Priority
from helpdesk.domain.public_holidays import public_holidays
from helpdesk.models import Calendar, SLAPolicy, User
from helpdesk.presets.promises import STANDARD

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


def plan_quicker_answers(now: datetime) -> None:
    """From the month after next on, what everybody is promised is answered sooner where it is urgent."""
    policy = SLAPolicy.objects.filter(code=STANDARD).first()
    version = policies.newest(policy) if policy else None
    if policy is None or version is None or version.number > 1:
        return
    rules = version.parsed()
    sooner = {**rules.targets[Metric.FIRST_RESPONSE], Priority.P2.value: timedelta(hours=2)}
    wanted = replace(rules, targets={**rules.targets, Metric.FIRST_RESPONSE: sooner})
    by = Actor(User.objects.get(email="ada@example.org"), Channel.DESK)
    terms = policies.Terms(version.calendar, wanted)
    draft = policies.draft_rules(policy=policy, terms=terms, seen=policies.state_of(version), by=by, now=now)
    begins = (now + timedelta(days=62)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    policies.put_into_force(policy=policy, seen=policies.state_of(draft), valid_from=begins, by=by, now=now)
