"""Who calls from a browser: no other site acts for them, and where they send a token too, the token counts."""

import json
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from helpdesk.models import Blob, Message, Ticket
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
_API: Final = "/api/v1/"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def browser(world: World) -> Client:
    """The agent's, where forged requests are looked for as in production."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["agent"])
    return strict


def writes(world: World) -> list[tuple[str, str, Any]]:
    """One of each way to write."""
    here = f"tickets/{world.here.ref}/"
    return [
        ("POST", f"{here}messages/", {"body": "Forged."}),
        ("POST", f"{here}watchers/", {}),
        ("PATCH", here, {"priority": 1}),
        ("DELETE", f"{here}watchers/{world.people['watcher'].pk}/", None),
    ]


def send(client: Client, method: str, path: str, body: Any, **headers: str) -> HttpResponse:
    data = "" if body is None else json.dumps(body)
    return client.generic(method, f"{_API}{path}", data, content_type="application/json", headers=headers)


def upload(client: Client, **headers: str) -> HttpResponse:
    return client.post(f"{_API}uploads/", {"file": SimpleUploadedFile("log.txt", b"x")}, headers=headers)


def token_of(client: Client) -> str:
    """What a page of the desk has for its forms."""
    client.get("/")
    return str(client.cookies["csrftoken"].value)


def test_session_alone_reads_and_writes_nothing(world: World, browser: Client) -> None:
    version = Ticket.objects.get(pk=world.here.pk).version
    assert browser.get(f"{_API}tickets/{world.here.ref}/").status_code == 200
    for headers in ({}, {"X-CSRFToken": "x" * 32}, {"Origin": "https://elsewhere.example"}):
        for method, path, body in writes(world):
            refused = send(browser, method, path, body, **headers)
            assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json"), path
        assert upload(browser, **headers).status_code == 403
    world.here.refresh_from_db()
    assert world.here.version == version
    assert not Blob.objects.exists()


def test_session_writes_with_what_a_page_of_ours_has(world: World, browser: Client) -> None:
    known = token_of(browser)
    for method, path, body in writes(world):
        done = send(browser, method, path, body, **{"X-CSRFToken": known})
        assert done.status_code < 300, (path, done.content)
    assert upload(browser, **{"X-CSRFToken": known}).status_code == 201
    assert Message.objects.filter(ticket=world.here, body="Forged.", author=world.people["agent"]).exists()
    assert browser.post(f"{_API}tickets/", {"a": "form"}, headers={"X-CSRFToken": known}).status_code == 415
    foreign = {"X-CSRFToken": known, "Origin": "https://elsewhere.example"}
    assert send(browser, "POST", f"tickets/{world.here.ref}/messages/", {"body": "x"}, **foreign).status_code == 403


def test_token_counts_where_both_are_sent(world: World, browser: Client) -> None:
    caller = Caller(world.people["owner"], "tickets:read")
    both = {"Authorization": f"Bearer {caller.text}"}
    assert browser.get(f"{_API}me/").json()["token"] is None
    told = browser.get(f"{_API}me/", headers=both).json()
    assert (told["id"], told["scopes"]) == (world.people["owner"].pk, ["tickets:read"])
    # What the agent of the session may do, the token does not: nor does it need what guards sessions.
    assert browser.get(f"{_API}tickets/{world.here.ref}/timeline/", headers=both).status_code == 403
    for method, path, body in writes(world):
        assert send(browser, method, path, body, **both).status_code in {403, 404}, path
    writing = {"Authorization": f"Bearer {Caller(world.people['owner']).text}"}
    done = send(browser, "POST", f"tickets/{world.here.ref}/messages/", {"body": "Mine."}, **writing)
    assert done.json()["author"]["id"] == world.people["owner"].pk


def test_wrong_token_is_refused_whatever_session_comes_with_it(world: World, browser: Client) -> None:
    for header in ("Bearer wd_none", "Bearer", "Basic dXNlcjpwYXNz", "x"):
        assert browser.get(f"{_API}me/", headers={"Authorization": header}).status_code == 401, header
