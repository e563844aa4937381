"""Tickets and problems that the caller may not see are told by nothing that leads to them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import conversation, deliveries, linking, merging, webhooks
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.problems import open_problem
from helpdesk.actions.webhooks import Wanted
from helpdesk.choices import Channel, Relation, Status
from helpdesk.models import Ticket
from tests.factories import NOW, TeamMembershipFactory, actor, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.receiver import Receiver
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def by(world: World, name: str) -> Any:
    return actor(world.people[name], Channel.DESK)


def leads(caller: Caller, ticket: Ticket) -> dict[str, Any]:
    """What a ticket is told to lead to, which is the same in a list."""
    only = "fields=follows,merged_into,problem,hidden"
    told: dict[str, Any] = caller.get(f"tickets/{ticket.ref}/?{only}").json()
    for path in ("tickets/", "tickets/changes/"):
        rows = caller.get(f"{path}?{only}").json()["results"]
        assert [row for row in rows if row["ref"] == ticket.ref] in ([told], []), path
    return told


def data_of(caller: Caller, ticket: Ticket, kind: str) -> list[Any]:
    events = caller.get(f"tickets/{ticket.ref}/timeline/").json()["results"]
    return [event["data"] for event in events if event["kind"] == kind]


def test_ticket_leads_to_nothing_that_its_reader_does_not_see(world: World) -> None:
    problem = open_problem(title="Leak", by=by(world, "administrator"), now=NOW)
    Ticket.objects.filter(pk=world.here.pk).update(follows=world.elsewhere, problem=problem)
    nothing = {"ref": world.here.ref, "follows": None, "merged_into": None, "problem": problem.ref}
    told = {**nothing, "follows": world.elsewhere.ref}
    administrator, agent = world.people["administrator"], Caller(world.people["agent"])
    limited = Caller(administrator, queues=(world.queue,))
    assert leads(Caller(administrator), world.here) == {**told, "hidden": []}
    assert leads(agent, world.here) == leads(limited, world.here) == {**nothing, "hidden": ["follows"]}
    # A problem becomes private with its category.
    type(problem).objects.filter(pk=problem.pk).update(category=world.secret.category)
    assert leads(agent, world.here) == {**nothing, "problem": None, "hidden": ["follows", "problem"]}
    assert leads(Caller(administrator), world.here) == {**told, "problem": None, "hidden": ["problem"]}
    assert "follows" not in Caller(world.people["owner"]).get(f"tickets/{world.here.ref}/").json()


def test_ticket_that_went_where_its_reader_does_not_see_tells_only_that(world: World) -> None:
    merging.merge(ticket=world.here, into=world.elsewhere, by=by(world, "administrator"), now=NOW, knowing=True)
    agent, administrator = Caller(world.people["agent"]), Caller(world.people["administrator"])
    assert (leads(agent, world.here)["merged_into"], leads(agent, world.here)["hidden"]) == (None, ["merged_into"])
    assert leads(administrator, world.here)["merged_into"] == world.elsewhere.ref
    assert [data["other_id"] for data in data_of(agent, world.here, "merged")] == [None]
    assert [data["other_id"] for data in data_of(administrator, world.here, "merged")] == [world.elsewhere.pk]


def test_record_tells_no_id_of_what_its_reader_does_not_see(world: World) -> None:
    TeamMembershipFactory.create(user=world.people["insider"], team=world.team)
    linking.link(ticket=world.here, other=world.secret, relation=Relation.RELATES, by=by(world, "insider"), now=NOW)
    Ticket.objects.filter(pk=world.here.pk).update(
        status=Status.CLOSED, resolved_at=NOW, closed_at=NOW, resolution_kind="fixed"
    )
    late = NOW + timedelta(days=400)
    after = conversation.reply(ticket=world.here, body="Again.", by=by(world, "owner"), now=late)
    assert after.follows_id == world.here.pk
    agent, insider = Caller(world.people["agent"]), Caller(world.people["insider"])
    assert data_of(agent, after, "ticket_created")[0]["follows_id"] == world.here.pk
    assert data_of(agent, world.here, "followed_up") == [{"by_ticket_id": after.pk}]
    # What follows on it becomes private, or what it goes on from.
    for hidden, shown in ((after, world.here), (world.here, after)):
        Ticket.objects.filter(pk=hidden.pk).update(category=world.secret.category)
        kind, name = ("followed_up", "by_ticket_id") if shown == world.here else ("ticket_created", "follows_id")
        assert [data[name] for data in data_of(agent, shown, kind)] == [None]
        assert [data[name] for data in data_of(insider, shown, kind)] == [hidden.pk]
        Ticket.objects.filter(pk=hidden.pk).update(category=None)
    assert [data["other_id"] for data in data_of(agent, world.here, "linked")] == [None]
    assert [data["other_id"] for data in data_of(insider, world.here, "linked")] == [world.secret.pk]


def test_webhook_tells_no_more_than_it_is_narrowed_to(world: World, receiver: Receiver) -> None:
    Ticket.objects.filter(pk=world.here.pk).update(follows=world.elsewhere)
    for path, queues in (("/all", []), ("/here", [world.queue.pk])):
        wanted = Wanted(path, receiver.url(path), queue_ids=queues)
        webhooks.add_webhook(wanted=wanted, by=by(world, "administrator"), now=timezone.now())
    linking.link(
        ticket=world.here, other=world.elsewhere, relation=Relation.RELATES, by=by(world, "administrator"), now=NOW
    )
    consume_due(now=timezone.now(), limit=100)
    deliveries.send_due(now=timezone.now(), limit=100)
    bodies = [(path, json.loads(body)["data"]) for path, _headers, body in receiver.calls]
    told = {path: data for path, data in bodies if data["ticket"]["ref"] == world.here.ref}
    ref, pk = world.elsewhere.ref, world.elsewhere.pk
    assert (told["/all"]["ticket"]["follows"], told["/all"]["event"]["data"]["other_id"]) == (ref, pk)
    assert (told["/here"]["ticket"]["follows"], told["/here"]["event"]["data"]["other_id"]) == (None, None)
    assert told["/here"]["ticket"]["hidden"] == ["follows"]


def test_what_tickets_lead_to_is_asked_in_one_query(world: World) -> None:
    caller = Caller(world.people["agent"])

    def asked() -> int:
        ticket = make_ticket(world.people["owner"], world.queue)
        Ticket.objects.filter(pk=ticket.pk).update(follows=world.elsewhere)
        with CaptureQueriesContext(connection) as queries:
            assert caller.get("tickets/").json()["results"][0]["hidden"] == ["follows"]
        return len(queries)

    asked()
    assert asked() == asked()
