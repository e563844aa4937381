"""Promises for tests: calendars, policies and the rows that say which one applies."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from helpdesk.choices import Metric, Status, WorkState
from helpdesk.domain.sla_rules import Rules
from helpdesk.models import Calendar, CalendarVersion, Holiday, Phase, PolicyRule, PolicyVersion, ServiceTier, SLAPolicy
from tests.factories import NOW

HOUR = timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=365)
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
WAITING = frozenset({Status.PENDING, Status.ON_HOLD})
EVERY = (1, 2, 3, 4)


def make_calendar(
    week: Mapping[str, Any] = ALWAYS,
    *,
    zone: str = "UTC",
    holidays: tuple[date, ...] = (),
    since: datetime = LONG_AGO,
    calendar: Calendar | None = None,
) -> Calendar:
    """A calendar that is in force; of a given one a further version."""
    count = Calendar.objects.count()
    calendar = calendar or Calendar.objects.create(code=f"calendar-{count}", name=f"Calendar {count}")
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=calendar.versions.count() + 1,
        made_at=since,
        week=week,
        time_zone=zone,
    )
    for day in holidays:
        Holiday.objects.create(version=version, day=day, name="Holiday")
    version.valid_from = since
    version.save()
    return calendar


def targets(**hours: float) -> dict[Metric, dict[int, timedelta]]:
    """Targets in hours, the same for every priority."""
    return {Metric(name): dict.fromkeys(EVERY, HOUR * value) for name, value in hours.items()}


def make_policy(
    rules: Rules | None = None,
    *,
    calendar: Calendar | None = None,
    since: datetime = LONG_AGO,
    policy: SLAPolicy | None = None,
) -> SLAPolicy:
    """A policy that is in force; of a given one a further version."""
    count = SLAPolicy.objects.count()
    policy = policy or SLAPolicy.objects.create(code=f"policy-{count}", name=f"Policy {count}")
    PolicyVersion.objects.create(
        policy=policy,
        number=policy.versions.count() + 1,
        valid_from=since,
        made_at=since,
        calendar=calendar or make_calendar(),
        rules=(rules or plain_rules()).as_json(),
    )
    return policy


def plain_rules(**more: Any) -> Rules:
    """An answer in 1 hour, the next in 2, solved in 8; warned at 75 %; paused while others have to do something."""
    paused = dict.fromkeys((Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION), WAITING)
    return Rules(
        **{
            "targets": targets(first_response=1, next_response=2, resolution=8),
            "pauses": paused,
            "warn_at": (75,),
            **more,
        }
    )


def promise_all(policy: SLAPolicy | None, **criteria: Any) -> PolicyRule:
    """Let a policy apply to every ticket, or to those that fit; each call comes after the ones before."""
    position = PolicyRule.objects.count()
    return PolicyRule.objects.create(position=position, policy=policy, **criteria)


def make_rows_of_promises() -> None:
    """A row of everything of promises that has a set-up page."""
    make_policy(calendar=make_calendar())
    ServiceTier.objects.create(code="enterprise", name="Enterprise")
    Phase.objects.create(name="Go-live", kind=WorkState.GO_LIVE, starts_at=NOW, ends_at=NOW + HOUR)
    promise_all(None)
