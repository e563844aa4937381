"""Clocks of many open tickets: the sweep, twenty thousand due at once, and a policy that changes."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk import tasks
from helpdesk.actions import clocks, recounts
from helpdesk.choices import Metric, Priority, Status
from helpdesk.domain.sla_rules import Rules
from helpdesk.models import Calendar, CalendarVersion, PolicyRule, PolicyVersion, Recount, SLACycle, SLAPolicy, Ticket

NAME: Final = "clocks"
_SIZES: Final = (2_000, 20_000, 50_000, 200_000)
# The size at which a policy is changed, and with which the sweep is compared.
_RECOUNTED: Final = 50_000
_DUE, _AT_ONCE, _TIMES, _BATCH = 100, 20_000, 7, tasks.TICKETS
_WEEK: Final = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# What was asked for: growth from the smallest desk to the largest, seconds of a recount, tickets a second.
_GROWTH, _RECOUNT_GOAL, _RATE_GOAL, _PEER = 1.2, 60, 2_000, 149


def table() -> Iterator[str]:
    """The rows; the open tickets are made here, on top of what is there."""
    policy = _promise()
    yield "| what | open tickets | takes | goal | queries | |"
    yield "|---|---:|---:|---:|---:|---|"
    first: float | None = None
    for size in _SIZES:
        _open(size, policy)
        took, queries = _swept()
        first = first or took
        goal = f"{_GROWTH} ×"
        yield f"| sweep with {_DUE} due | {size:,} | {took:.0f} ms | {goal} | {queries} | {took / first:.2f} × |"
        if size == _RECOUNTED:
            yield _recounted(policy)
    yield _all_at_once()


def _promise() -> SLAPolicy:
    now = timezone.now() - timedelta(days=30)
    calendar = Calendar.objects.create(code="bench", name="Bench")
    CalendarVersion.objects.create(
        calendar=calendar, number=1, valid_from=now, made_at=now, week=_WEEK, time_zone="Europe/Berlin"
    )
    policy = SLAPolicy.objects.create(code="bench", name="Bench")
    _version(policy, calendar, hours=400)
    PolicyRule.objects.update(is_active=False)
    PolicyRule.objects.create(policy=policy, position=0)
    return policy


def _version(policy: SLAPolicy, calendar: Calendar, *, hours: int) -> PolicyVersion:
    target = dict.fromkeys((priority.value for priority in Priority), timedelta(hours=hours))
    rules = Rules(
        targets={Metric.FIRST_RESPONSE: target, Metric.RESOLUTION: target},
        pauses={Metric.RESOLUTION: frozenset({Status.PENDING, Status.ON_HOLD})},
        warn_at=(50, 75),
    )
    number = policy.versions.count() + 1
    now = timezone.now() - timedelta(days=30 if number == 1 else 0)
    return PolicyVersion.objects.create(
        policy=policy, number=number, valid_from=now, made_at=now, calendar=calendar, rules=rules.as_json()
    )


def _open(size: int, policy: SLAPolicy) -> None:
    """Copy an open ticket until there are so many with clocks of their own."""
    template = Ticket.objects.filter(status=Status.OPEN).order_by("pk").first()
    if template is None:
        raise LookupError("The desk has no open ticket.")
    version = policy.versions.get(number=1)
    calendar = CalendarVersion.objects.get(calendar__code="bench")
    missing = size - SLACycle.objects.filter(metric=Metric.RESOLUTION, stopped_at__isnull=True).count()
    due = {"sla_due_at": "%(due)s", "sla_mark": "'running'"}
    columns = {
        f'"{field.column}"': due.get(field.column, f'"{field.column}"')
        for field in Ticket._meta.concrete_fields
        if field.name not in {"id", "number", "recorded_at"}
    }
    now = timezone.now()
    told = {"policy": version.pk, "calendar": calendar.pk, "now": now, "due": now + timedelta(days=70)}
    told |= {"before": Ticket.objects.aggregate(last=Max("pk"))["last"], "missing": missing, "template": template.pk}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"INSERT INTO helpdesk_ticket ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608 - names of our own columns
            "FROM helpdesk_ticket, generate_series(1, %(missing)s) WHERE id = %(template)s",
            told,
        )
        cursor.execute(
            """
            INSERT INTO helpdesk_slacycle (ticket_id, metric, number, state, started_at, ledger, bindings, binding,
                policy_version_id, calendar_version_id, target_seconds, bound_at, due_at, next_due_at, steps_done)
            SELECT id, metric, 1, 'running', %(now)s,
                jsonb_build_array(jsonb_build_array(%(now)s::timestamptz, 'start', 'open', 1)),
                jsonb_build_array(jsonb_build_object('policy', %(policy)s, 'calendar', %(calendar)s, 'target', 1440000,
                    'priority', 3, 'rule', null, 'at', %(now)s::timestamptz, 'seq', 1)),
                1, %(policy)s, %(calendar)s, 1440000, %(now)s, %(due)s, %(now)s + interval '35 days', 0
            FROM helpdesk_ticket, unnest(array['resolution', 'first_response']) metric WHERE id > %(before)s
            """,
            told,
        )
        cursor.execute("VACUUM ANALYZE helpdesk_ticket")
        cursor.execute("VACUUM ANALYZE helpdesk_slacycle")
        cursor.execute("RESET statement_timeout")


def _make_due(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE helpdesk_slacycle SET next_due_at = now() - interval '1 minute' WHERE id IN "
            "(SELECT id FROM helpdesk_slacycle WHERE metric = 'resolution' AND steps_done = 0 AND stopped_at IS NULL "
            "ORDER BY md5(id::text) LIMIT %s)",
            [count],
        )


def _swept() -> tuple[float, int]:
    spans, queries = list[float](), 0
    for _time in range(_TIMES):
        _make_due(_DUE)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            while clocks.sweep(now=timezone.now(), limit=_BATCH):
                pass
        spans.append((time.perf_counter() - began) * 1000)
        queries = len(captured)
    return statistics.median(spans), queries


def _recounted(policy: SLAPolicy) -> str:
    calendar = Calendar.objects.get(code="bench")
    version = _version(policy, calendar, hours=300)
    Recount.objects.create(cause="policyversion", cause_id=version.pk, valid_from=timezone.now())
    began, held = time.perf_counter(), list[float]()
    while tasks.at_pace(partial(_held, held)):
        pass
    took, longest = time.perf_counter() - began, max(held) * 1000
    count = SLACycle.objects.filter(policy_version=version).count()
    return (
        f"| a policy changes, {count:,} clocks are counted anew | {_RECOUNTED:,} | {took:.1f} s "
        f"| {_RECOUNT_GOAL} s | | no ticket is held for longer than {longest:.0f} ms |"
    )


def _held(held: list[float], size: int) -> int:
    """Let the clocks of so many tickets follow, and keep for how long they were held."""
    began = time.perf_counter()
    count = recounts.recount_due(now=timezone.now(), limit=size)
    held.append(time.perf_counter() - began)
    return count


def _all_at_once() -> str:
    _make_due(_AT_ONCE)
    counted = _Counted()
    began = time.perf_counter()
    with connection.execute_wrapper(counted):
        while clocks.sweep(now=timezone.now(), limit=_BATCH):
            pass
    rate = _AT_ONCE / (time.perf_counter() - began)
    queries = f"{counted.queries / (_AT_ONCE / _BATCH):.0f} a batch of {_BATCH}"
    beside = f"{rate / _PEER:.0f} × of django-helpdesk"
    return (
        f"| {_AT_ONCE:,} due at once | {_SIZES[-1]:,} | {rate:,.0f} a second | {_RATE_GOAL:,} a second "
        f"| {queries} | {beside} |"
    )


class _Counted:
    """Counts queries, and keeps none of them."""

    queries = 0

    def __call__(self, execute: Callable[..., Any], *told: Any) -> Any:
        self.queries += 1
        return execute(*told)
