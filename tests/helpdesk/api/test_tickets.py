"""Tickets by the API: the same rights, the same actions, and answers that other systems can lean on."""

from typing import Any

import pytest

from helpdesk.models import Ticket, TicketEvent
from tests.factories import CategoryFactory
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def refs(answer: Any) -> set[str]:
    return {row["ref"] for row in answer.json()["results"]}


def test_agent_reads_what_the_desk_knows(world: World) -> None:
    told = Caller(world.people["agent"]).get(f"tickets/{world.here.ref}/").json()
    assert told["ref"] == world.here.ref
    assert told["queue"] == {"code": world.queue.code, "name": world.queue.name}
    assert told["requester"] == {"id": world.people["owner"].pk, "name": "owner"}
    assert told["priority"] == world.here.priority


def test_requester_reads_what_the_portal_shows(world: World) -> None:
    told = Caller(world.people["owner"]).get(f"tickets/{world.here.ref}/").json()
    assert told["ref"] == world.here.ref
    assert {"priority", "queue", "tier", "version", "tags"} & set(told) == set()


def test_list_is_of_what_can_be_opened(world: World) -> None:
    tickets = [world.here, world.elsewhere, world.secret]
    for name, person in world.everybody():
        if not person.is_active:
            continue
        caller = Caller(person)
        opened = {one.ref for one in tickets if caller.get(f"tickets/{one.ref}/").status_code == 200}
        assert refs(caller.get("tickets/")) == opened, name
        assert refs(caller.get("tickets/?q=subject")) <= opened, name


def test_agent_files_a_ticket(world: World) -> None:
    category = CategoryFactory.create(queue=world.queue)
    told = Caller(world.people["agent"]).post(
        "tickets/",
        {
            "subject": "Printer on fire",
            "body": "It *smokes*.",
            "category": category.code,
            "requester": {"email": "new@example.org", "name": "New Person"},
        },
    )
    assert told.status_code == 201, told.json()
    ticket = Ticket.objects.get(subject="Printer on fire")
    assert told.json()["ref"] == ticket.ref
    assert told["Location"] == f"/api/v1/tickets/{ticket.ref}/"
    assert ticket.requester.email == "new@example.org"
    assert ticket.channel == "api"


def test_refusal_names_each_field(world: World) -> None:
    told = Caller(world.people["agent"]).post("tickets/", {"subject": "", "category": "none", "colour": "red"})
    document = told.json()
    assert told.status_code == 422
    assert told["Content-Type"] == "application/problem+json"
    assert document["status"] == 422
    assert document["request_id"] == told["X-Request-ID"]
    assert {one["field"] for one in document["errors"]} == {"colour"}
    again = Caller(world.people["agent"]).post("tickets/", {"subject": "", "category": "none"}).json()
    assert {one["field"] for one in again["errors"]} == {"subject", "body", "category"}


def test_number_is_no_text(world: World) -> None:
    path = f"tickets/{world.here.ref}/messages/"
    caller = Caller(world.people["agent"])
    for body in ({"body": 0}, {"body": "x", "uploads": [1]}):
        told = caller.post(path, body)
        assert (told.status_code, told.json()["detail"]) == (422, "Write a text here.")


def test_text_is_no_number(world: World) -> None:
    person, here = world.people["administrator"], f"tickets/{world.here.ref}"
    caller = Caller(person)
    whole, number = "Write a whole number here, without quotes.", "Write a number here, without quotes."
    till = {"component": "Till", "health": "ok"}
    for path, body, field, words in (
        (f"{here}/time/", {"minutes": "5"}, "minutes", whole),
        (f"{here}/time/", {"minutes": True}, "minutes", whole),
        (f"{here}/time/", {"minutes": 5.5}, "minutes", whole),
        (f"{here}/assign/", {"assignee": str(person.pk)}, "assignee", whole),
        ("tickets/", {"subject": "x", "body": "x", "priority": "2"}, "priority", whole),
        ("tickets/", {"subject": "x", "body": "x", "requester": {"id": "1"}}, "requester.id", whole),
        ("figures/", {"system": "Shop", "components": [{**till, "sessions": "5"}]}, "components.0.sessions", whole),
        ("figures/", {"system": "Shop", "components": [{**till, "p95_ms": "5"}]}, "components.0.p95_ms", number),
        (f"{here}/merge/", {"into": world.elsewhere.ref, "knowing": 1}, "knowing", "Must be a valid boolean."),
        (f"{here}/merge/", {"into": world.elsewhere.ref, "knowing": "true"}, "knowing", "Must be a valid boolean."),
    ):
        told = caller.post(path, body)
        assert told.status_code == 422, (path, body, told.content)
        assert told.json()["errors"] == [{"field": field, "message": words}]
    assert caller.post(f"{here}/time/", {"minutes": 5.0}).status_code == 200


def test_unknown_parameters_are_refused_with_the_known_ones(world: World) -> None:
    for query in ("assignee__password__startswith=a", "ordering=requester__password", "fields=password", "expand=all"):
        told = Caller(world.people["administrator"]).get(f"tickets/?{query}")
        assert told.status_code == 400, query
        assert "Known are: " in told.json()["detail"], query
    assert "priority" in Caller(world.people["agent"]).get("tickets/?colour=red").json()["detail"]


def test_what_is_wrong_is_said_in_the_language_of_who_asks(world: World) -> None:
    caller = Caller(world.people["agent"])
    words = [
        caller.get("tickets/?limit=1000&created_after=x", Accept_Language=language).json()["errors"]
        for language in ("en", "de", "en")
    ]
    assert words[0] == words[2] != words[1]
    assert [error["field"] for error in words[1]] == ["limit", "created_after"]
    assert not {error["message"] for error in words[0]} & {error["message"] for error in words[1]}


def test_change_is_whole_or_not_at_all(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/"
    refused = caller.patch(path, {"priority": 1, "tags": ["x" * 60]})
    assert refused.status_code == 422
    assert not TicketEvent.objects.filter(ticket=world.here, kind="priority_changed").exists()
    done = caller.patch(path, {"priority": 1, "tags": ["fire", "printer"]})
    assert done.status_code == 200, done.json()
    assert done.json()["priority"] == 1
    assert done.json()["tags"] == ["fire", "printer"]
    assert caller.patch(path, {"tags": ["fire"]}).json()["tags"] == ["fire"]


def test_nobody_writes_over_what_they_have_not_seen(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/"
    tag = caller.get(path)["ETag"]
    assert caller.get(path, If_None_Match=tag).status_code == 304
    assert caller.patch(path, {"priority": 1}, If_Match=tag).status_code == 200
    late = caller.patch(path, {"priority": 2}, If_Match=tag)
    assert late.status_code == 412
    assert Ticket.objects.get(pk=world.here.pk).priority == 1


def test_same_key_makes_one_ticket(world: World) -> None:
    caller = Caller(world.people["agent"])
    body = {"subject": "Once", "body": "Only.", "queue": world.queue.code}
    first = caller.post("tickets/", body, Idempotency_Key="abc")
    second = caller.post("tickets/", body, Idempotency_Key="abc")
    assert first.status_code == second.status_code == 201, first.json()
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    other = caller.post("tickets/", {**body, "body": "Another."}, Idempotency_Key="abc")
    assert other.status_code == 422
    assert Ticket.objects.filter(subject="Once").count() == 1


@pytest.mark.parametrize(("around", "levels"), [("[%s]", 31), ('{"k":%s}', 31), ("[%s]", 980), ("[%s]", 100_000)])
def test_body_goes_no_deeper_than_any_input(world: World, around: str, levels: int) -> None:
    before, after = around.split("%s")
    text = f'{{"answers":{before * (levels - 1)}[]{after * (levels - 1)}}}'
    path, kind = f"/api/v1/tickets/{world.here.ref}/answers/", "application/json"
    post = Caller(world.people["agent"]).client.post
    # 32 with the object itself: that deep is read, and then refused in words, as nothing that was asked.
    assert post(path, text, content_type=kind).status_code == (422 if levels < 32 else 400)
    assert post(path, f'{{"answers":{{"k":{text}}}}}', content_type=kind).json()["code"] == "malformed"


def test_reply_and_note(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/messages/"
    said = caller.post(path, {"body": "We look at it."})
    assert said.status_code == 201, said.json()
    assert said.json()["visibility"] == "public"
    caller.post(path, {"body": "Loose cable again.", "visibility": "internal"})
    assert [row["body"] for row in caller.get(path).json()["results"]][1:] == ["We look at it.", "Loose cable again."]
    owner = Caller(world.people["owner"])
    assert [row["body"] for row in owner.get(path).json()["results"]][1:] == ["We look at it."]
    assert owner.post(path, {"body": "Psst", "visibility": "internal"}).status_code == 403


def test_ticket_is_taken_through_its_life(world: World) -> None:
    agent, owner = Caller(world.people["agent"]), Caller(world.people["owner"])
    path = f"tickets/{world.here.ref}/"
    assigned = agent.post(path + "assign/", {"assignee": world.people["agent"].pk})
    assert assigned.json()["assignee"]["name"] == "agent", assigned.json()
    assert agent.post(path + "transition/", {"move": "start"}).json()["status"] == "in_progress"
    refused = agent.post(path + "transition/", {"move": "resolve", "resolution_kind": "fixed"})
    assert refused.status_code == 422
    resolved = agent.post(path + "transition/", {"move": "resolve", "resolution_kind": "fixed", "text": "New cable."})
    assert resolved.json()["status"] == "resolved", resolved.json()
    assert owner.post(path + "transition/", {"move": "confirm"}).json()["status"] == "closed"
    kinds = [event["kind"] for event in agent.get(path + "timeline/").json()["results"]]
    assert kinds[0] == "ticket_created"
    assert "resolved" in kinds


def test_pages_of_a_list_hold_each_ticket_once(world: World) -> None:
    caller = Caller(world.people["agent"])
    for number in range(5):
        body = {"subject": f"Ticket {number}", "body": "Words.", "queue": world.queue.code}
        assert caller.post("tickets/", body).status_code == 201
    everything = [row["ref"] for row in caller.get("tickets/?limit=100").json()["results"]]
    found, cursor = [], ""
    while True:
        page = caller.get(f"tickets/?limit=2{cursor}").json()
        found += [row["ref"] for row in page["results"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == everything
    assert len(found) == len(set(found))
