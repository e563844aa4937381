"""Figures that served systems push in."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actions.figures import LIFE, forget_figures
from helpdesk.models import Figure
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "system": "shop",
    "components": [
        {"component": "database", "health": "degraded", "error_rate": 2.5},
        {"component": "web", "health": "up"},
    ],
}


@pytest.fixture
def world() -> World:
    return make_world()


def test_latest_of_each_component_is_told(world: World) -> None:
    caller = Caller(world.people["agent"], "figures:write")
    assert caller.post("figures/", BODY).json() == {"system": "shop", "taken": 2}
    later = {"system": "shop", "components": [{"component": "database", "health": "up", "p95_ms": 12}]}
    caller.post("figures/", later)
    told = {row["component"]: row for row in caller.get("figures/").json()}
    assert told["database"]["health"] == "up"
    assert told["database"]["p95_ms"] == 12
    assert told["web"]["health"] == "up"


def test_same_moment_counts_once(world: World) -> None:
    caller = Caller(world.people["agent"])
    caller.post("figures/", BODY)
    at = Figure.objects.earliest("measured_at").measured_at.isoformat()
    assert caller.post("figures/", {**BODY, "measured_at": at}).json()["taken"] == 0
    assert Figure.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"system": " "}, "system"),
        ({"components": []}, "components"),
        ({"components": [{"component": "a", "health": "fine"}]}, "components.0.health"),
        ({"components": [{"component": "a", "health": "up", "error_rate": 101}]}, "components.0.error_rate"),
        ({"components": [{"component": "a", "health": "up"}] * 2}, "components"),
        ({"measured_at": "2001-01-01T00:00:00Z"}, "measured_at"),
        ({"measured_at": "2999-01-01T00:00:00Z"}, "measured_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(world: World, change: dict[str, Any], field: str) -> None:
    answer = Caller(world.people["agent"]).post("figures/", {**BODY, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert not Figure.objects.exists()


def test_requesters_and_other_scopes_push_nothing(world: World) -> None:
    assert Caller(world.people["owner"]).post("figures/", BODY).status_code == 403
    assert Caller(world.people["agent"], "tickets:write").post("figures/", BODY).status_code == 403
    assert Caller(world.people["auditor"]).post("figures/", BODY).status_code == 403


def test_old_figures_go(world: World) -> None:
    Caller(world.people["agent"]).post("figures/", BODY)
    recorded = Figure.objects.latest("recorded_at").recorded_at
    assert forget_figures(now=recorded + LIFE, limit=10) < 2
    assert forget_figures(now=recorded + LIFE + timedelta(seconds=1), limit=10) > 0
    assert not Figure.objects.exists()
