"""What is no request that could be answered, said as the API says it: a document, wherever it happens."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from helpdesk.models import DeskSettings, Watcher
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def problem(answer: Any) -> tuple[int, str]:
    """Its status and its code."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    told = answer.json()
    assert told["status"] == answer.status_code
    return told["status"], told["code"]


@pytest.mark.parametrize("sent", ["Bearer wd_x", "Basic dXNlcjpwYXNz", "Bearer ", "x"])
def test_contract_is_told_to_everybody_whatever_they_send(client: Client, sent: str) -> None:
    told = client.get("/api/schema/?format=json", headers={"Authorization": sent})
    assert (told.status_code, told.json()["openapi"][:3]) == (200, "3.1")


def test_contract_is_only_read(client: Client) -> None:
    refused = client.post("/api/schema/")
    assert problem(refused) == (405, "method_not_allowed")
    assert "GET" in refused["Allow"]
    assert problem(client.get("/api/schema/?format=xml")) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["", "v1", "v1/", "v1/nothing/", "v1/tickets", "v1/tickets/a%0Ab/sub-tasks/x/", "v2/tickets/", "docs%0A"]
)
def test_nothing_is_there_is_said_to_programs(world: World, path: str, settings: LazySettings) -> None:
    settings.APPEND_SLASH = False
    for client in (Client(), Caller(world.people["agent"]).client):
        assert problem(client.get(f"/api/{path}")) == (404, "not_found")
        assert problem(client.post(f"/api/{path}")) == (404, "not_found")


def test_pages_are_found_without_the_slash_at_their_end(client: Client) -> None:
    for path in ("/api/docs", "/api/schema"):
        assert client.get(path)["Location"] == f"{path}/"


def test_body_in_pieces_is_refused_and_nothing_else_is_done(world: World) -> None:
    caller, here = Caller(world.people["agent"]), f"/api/v1/tickets/{world.here.ref}/"
    headers = {"Transfer-Encoding": "chunked"}
    for method, path in (("POST", "watchers/"), ("PATCH", ""), ("POST", "messages/"), ("POST", "acknowledge/")):
        assert problem(caller.client.generic(method, here + path, headers=headers)) == (411, "length_required")
    assert not Watcher.objects.filter(ticket=world.here, user=world.people["agent"]).exists()
    form = caller.client.generic("POST", "/api/v1/uploads/", content_type="multipart/form-data", headers=headers)
    assert problem(form) == (411, "length_required")
    assert caller.client.get(here, headers=headers).status_code == 200


def test_session_that_owes_a_second_step_hears_so(world: World) -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"staff_need_second_step": True})
    client = Client()
    client.force_login(world.people["agent"])
    assert problem(client.get("/api/v1/me/")) == (403, "second_step_owed")
    assert problem(client.get("/api/nothing/")) == (404, "not_found")
    assert client.get("/api/schema/").status_code == 200
    assert client.get("/api/docs/").status_code == client.get("/tickets/").status_code == 302
    client.force_login(world.people["owner"])
    assert client.get("/api/v1/me/").status_code == 200


def test_what_an_address_takes_is_told_also_where_it_takes_no_json(world: World) -> None:
    client = Caller(world.people["agent"]).client
    for path in ("uploads/", "tickets/"):
        told = client.options(f"/api/v1/{path}")
        assert (told.status_code, "POST" in told["Allow"]) == (200, True)


def test_whoever_has_any_state_of_it_gets_no_body(world: World) -> None:
    path = f"tickets/{world.here.ref}/"
    for tag in ("*", f'W/"x", {Caller(world.people["agent"]).get(path)["ETag"]}'):
        had = Caller(world.people["agent"]).get(path, If_None_Match=tag)
        assert (had.status_code, had.content) == (304, b"")
        assert "Content-Type" not in had


@pytest.mark.parametrize(
    "said",
    ["2026-11-22", "2026-11-22T09:00:00", "2026-W01-1T09:00:00Z", "20261122T090000Z", "2026-11-22 09:00:00Z",
     "2026-11-22T09:00Z", "2026-02-30T09:00:00Z", "0001-01-01T00:00:00+14:00"],
)  # fmt: skip
def test_moments_are_told_with_their_zone(world: World, said: str) -> None:
    caller = Caller(world.people["administrator"])
    assert problem(caller.client.get("/api/v1/tickets/", {"created_after": said})) == (400, "wrong_parameter")
    body = {"system": "Shop", "measured_at": said, "components": [{"component": "till", "health": "up"}]}
    refused = caller.post("figures/", body)
    assert problem(refused) == (422, "wrong")
    assert [one["field"] for one in refused.json()["errors"]] == ["measured_at"]


@pytest.mark.parametrize("said", ["2026-01-05T09:00:00Z", "2026-01-05T09:00:00.5+01:00", "2026-01-05t09:00:00z"])
def test_moments_of_the_standard_are_taken(world: World, said: str) -> None:
    assert Caller(world.people["agent"]).client.get("/api/v1/tickets/", {"created_after": said}).status_code == 200


@pytest.mark.parametrize("said", ["20261122", "2026-W47-7", "2026-11-31", "2026-11-22T00:00:00Z", 5])
def test_days_are_told_at_length(world: World, said: Any) -> None:
    refused = Caller(world.people["agent"]).post(
        f"tickets/{world.here.ref}/sub-tasks/", {"title": "Call", "due_on": said}
    )
    assert problem(refused) == (422, "wrong")
    assert [one["field"] for one in refused.json()["errors"]] == ["due_on"]
