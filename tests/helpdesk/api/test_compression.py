"""Answers in fewer bytes, for programs that take them, and never where a page's secrets could be guessed by it."""

import gzip
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_ticket
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
TAKEN = ("gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0.001")
NOT_TAKEN = ("", "identity", "br", "gzip;q=0", "gzip;q=0.000, identity", "deflate, gzip; q=0, br")


@pytest.fixture
def world() -> World:
    made = make_world()
    for number in range(5):
        make_ticket(made.people["owner"], made.queue, subject=f"Größe {number} — =1+1")
    return made


def get(caller: Caller, path: str, accept: str, **headers: str) -> Any:
    return caller.get(path, **headers, **({"Accept_Encoding": accept} if accept else {}))


def test_same_answer_in_fewer_bytes(world: World) -> None:
    caller = Caller(world.people["agent"])
    plain = get(caller, "tickets/", "")
    for accept in TAKEN:
        packed = get(caller, "tickets/", accept)
        assert packed["Content-Encoding"] == "gzip", accept
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) * 3 < len(plain.content)
        assert int(packed["Content-Length"]) == len(packed.content)
        assert packed["Content-Type"] == plain["Content-Type"]
    for accept in NOT_TAKEN:
        answer = get(caller, "tickets/", accept)
        assert "Content-Encoding" not in answer, accept
        assert answer.content == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    assert "Authorization" in plain["Vary"]


def test_what_is_short_stays_as_it_is(world: World) -> None:
    answer = get(Caller(world.people["agent"]), f"tickets/{world.here.ref}/?fields=ref", "gzip")
    assert "Content-Encoding" not in answer
    assert answer.json() == {"ref": world.here.ref}


def test_tags_of_both_forms_are_known_again(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/"
    plain, packed = get(caller, path, ""), get(caller, path, "gzip")
    assert packed["Content-Encoding"] == "gzip"
    # Other bytes under a strong tag would be put together wrongly by who asks for parts.
    assert packed["ETag"] == f"W/{plain['ETag']}"
    for accept in ("", "gzip"):
        for tag in (plain["ETag"], packed["ETag"]):
            same = get(caller, path, accept, If_None_Match=tag)
            assert (same.status_code, same.content) == (304, b""), tag
            assert "Content-Encoding" not in same
            assert "Accept-Encoding" in same["Vary"]
    assert caller.patch(path, {"priority": 1}, If_Match=packed["ETag"]).status_code == 200
    assert caller.patch(path, {"priority": 2}, If_Match=packed["ETag"]).status_code == 412
    assert get(caller, path, "gzip", If_None_Match=packed["ETag"]).status_code == 200


def test_repeated_request_is_answered_in_the_form_that_is_taken_now(world: World) -> None:
    caller = Caller(world.people["agent"])
    body = {"subject": "Once", "body": "Only.", "queue": world.queue.code}
    first = caller.post("tickets/", body, Idempotency_Key="k", Accept_Encoding="gzip")
    again = caller.post("tickets/", body, Idempotency_Key="k")
    assert first["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in again
    assert gzip.decompress(first.content) == again.content


def test_refusals_are_answered_to_whoever_takes_gzip(world: World) -> None:
    caller = Caller(world.people["agent"])
    refused = get(caller, "tickets/?colour=red", "gzip")
    assert refused.status_code == 400
    assert b"Known are" in gzip.decompress(refused.content)
    stranger = Client(headers={"Accept-Encoding": "gzip", "Authorization": "Bearer x"})
    assert stranger.get("/api/v1/tickets/").json()["status"] == 401
    assert caller.send("PUT", "tickets/", {}, Accept_Encoding="gzip").status_code == 405


def test_nothing_that_a_browser_asks_for_in_its_persons_name_is_packed(world: World) -> None:
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(world.people["agent"])
    for address in ("/api/v1/tickets/", "/api/docs/", "/admin/tickets/", "/tickets/?q=guess", "/profile/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Content-Encoding" not in answer, address


def test_contract_comes_in_fewer_bytes() -> None:
    packed = Client(headers={"Accept-Encoding": "gzip"}).get("/api/schema/?format=json")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == Client().get("/api/schema/?format=json").content
