"""The promises that a desk starts with, against the tables of the procedures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.actors import SYSTEM
from helpdesk.choices import Deed, Metric, StepKind, WorkState
from helpdesk.models import Calendar, PolicyRule, PolicyVersion, SLAPolicy
from helpdesk.presets import load
from helpdesk.presets.promises import CALENDARS, POLICIES
from tests.factories import NOW, make_ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
H, D = 60, 24 * 60


@pytest.mark.parametrize(
    ("code", "metric", "minutes"),
    [
        ("go-live", Metric.FIRST_RESPONSE, (15, 1 * H, 4 * H, 24 * H)),
        ("go-live", Metric.RESOLUTION, (2 * H, 8 * H, 24 * H, 72 * H)),
        ("standard", Metric.FIRST_RESPONSE, (1 * H, 4 * H, 24 * H, 72 * H)),
        ("standard", Metric.RESOLUTION, (4 * H, 24 * H, 72 * H, 7 * D)),
        ("operations", Metric.FIRST_RESPONSE, (15, 1 * H, 4 * H, 8 * H)),
        ("operations", Metric.RESOLUTION, (None, None, None, None)),
        ("standard", Metric.UPDATE, (30, 30, None, None)),
    ],
)
def test_policy_promises_what_the_procedure_says(code: str, metric: Metric, minutes: tuple[Any, ...]) -> None:
    rules = POLICIES[code][2]
    promised = tuple(rules.target(metric, priority) for priority in (1, 2, 3, 4))
    assert promised == tuple(None if span is None else span * MINUTE for span in minutes)
    assert rules.problems() == []


def test_operations_escalate_what_nobody_answers() -> None:
    rules = POLICIES["operations"][2]
    for priority, minutes in ((1, 30), (2, 2 * H), (3, 8 * H), (4, 24 * H)):
        target = rules.target(Metric.FIRST_RESPONSE, priority)
        assert target
        rung = next(s for s in rules.steps(Metric.FIRST_RESPONSE, priority, target) if s.kind == StepKind.RUNG)
        assert rung.offset == minutes * MINUTE
        assert rung.rung
        assert Deed.RAISE_TIER in {act.deed for act in rung.rung.acts}


@pytest.mark.parametrize(
    ("state", "minutes"),
    [(WorkState.ACTIVE, 30), (WorkState.EMERGENCY, 15), (WorkState.GO_LIVE, 15), (WorkState.DEPLOYMENT, 5)],
)
def test_updates_are_owed_by_the_state_of_the_work(state: WorkState, minutes: int) -> None:
    assert all(rules.target(Metric.UPDATE, 1, state) == minutes * MINUTE for _n, _d, rules in POLICIES.values())


def test_loading_gives_calendars_policies_and_what_decides_among_them_once() -> None:
    load(by=SYSTEM, now=NOW)
    assert Calendar.objects.count() == len(CALENDARS) == 5
    europe = Calendar.objects.get(code="business-europe").versions.get().working_time
    assert europe.add(datetime(2026, 7, 3, 15, 30, tzinfo=UTC), timedelta(hours=1)) == datetime(
        2026, 7, 6, 8, 30, tzinfo=UTC
    )
    assert [str(rule.policy) for rule in PolicyRule.objects.order_by("position")] == ["Go-live", "Standard"]
    again = load(by=SYSTEM, now=NOW)
    assert (again["calendars"], again["policies"], again["policy_rules"]) == (0, 0, 0)
    assert PolicyVersion.objects.count() == SLAPolicy.objects.count() == 3


def test_rows_that_administrators_made_stay() -> None:
    Calendar.objects.create(code="business-europe", name="Ours")
    PolicyRule.objects.create(position=1)
    load(by=SYSTEM, now=NOW)
    assert not Calendar.objects.get(code="business-europe").versions.exists()
    assert PolicyRule.objects.count() == 1


def test_ticket_is_promised_the_standard_on_a_fresh_desk() -> None:
    load(by=SYSTEM, now=NOW)
    ticket = make_ticket(priority=1)
    assert ticket.cycles.get(metric=Metric.FIRST_RESPONSE).due_at == ticket.created_at + timedelta(hours=1)
