"""The set-up and people by the API: who reads what, in a constant number of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.models import Ticket
from tests.factories import CategoryFactory, CustomFieldFactory, TagFactory, TeamFactory, UserFactory, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.promises import make_policy, make_rows_of_promises
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


DESK, LOOKING = {"agent", "manager", "auditor", "administrator"}, {"manager", "auditor", "administrator"}


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("me/", {"owner", *DESK}),
        ("queues/", {"owner", *DESK}),
        ("categories/", {"owner", *DESK}),
        ("fields/", {"owner", *DESK}),
        ("announcements/", {"owner", *DESK}),
        ("organizations/", {"owner", *DESK}),
        ("teams/", DESK),
        ("tags/", DESK),
        ("people/", LOOKING),
        ("sla/policies/", LOOKING),
        ("sla/calendars/", LOOKING),
    ],
)
def test_reading_is_for_whom_the_pages_are(world: World, path: str, who: set[str]) -> None:
    for name in ("owner", *sorted(DESK)):
        assert Caller(world.people[name]).get(path).status_code == (200 if name in who else 403), name


def test_requester_is_told_no_internal_question_and_no_queue(world: World) -> None:
    topic = CategoryFactory.create(queue=world.queue)
    CustomFieldFactory.create(category=topic, queue=None, code="open", is_internal=False)
    CustomFieldFactory.create(category=topic, queue=None, code="shut", is_internal=True)
    caller = Caller(world.people["owner"])
    assert [row["key"] for row in caller.get("fields/").json()] == ["open"]
    assert caller.get("queues/").json() == []
    agent = Caller(world.people["agent"])
    assert {row["key"] for row in agent.get("fields/").json()} == {"open", "shut"}
    # Whose token leads to no queue is asked what others are asked.
    for scope in ("setup:read", "webhooks:write"):
        limited = Caller(world.people["administrator"], scope)
        assert [row["key"] for row in limited.get("fields/").json()] == ["open"], scope
    CustomFieldFactory.create(category=None, queue=world.queue, code="here")
    for path in ("categories/", "fields/"):
        assert world.queue.code not in caller.get(path).content.decode()
        assert {"queue"} & {name for row in caller.get(path).json() for name in row} == set()
        assert world.queue.code in agent.get(path).content.decode()
    assert [row["code"] for row in caller.get("categories/").json()] == [
        row["code"] for row in agent.get("categories/").json()
    ]


def test_token_that_writes_tickets_reads_what_that_takes(world: World) -> None:
    caller, owner = (Caller(world.people[name], "tickets:write") for name in ("agent", "owner"))
    for path in ("partners/", "criteria/", "tags/", "teams/", "queues/", "categories/", "fields/"):
        assert caller.get(path).status_code == 200, path
    assert caller.get("people/").status_code == 403
    assert [owner.get(path).status_code for path in ("partners/", "criteria/", "tags/", "teams/")] == [403] * 4


def test_organisation_is_told_in_full_where_its_address_tells_it(world: World) -> None:
    Ticket.objects.filter(pk=world.here.pk).update(organization=world.organization)
    address, listed = f"organizations/{world.organization.pk}/", "tickets/?expand=organization"
    one = f"tickets/{world.here.ref}/?expand=organization"
    for name, scope, found in (
        ("agent", "tickets:read", 404),
        ("administrator", "tickets:read", 404),
        ("administrator", "setup:read", 403),
        ("organization_manager", "figures:write", 403),
    ):
        caller = Caller(world.people[name], scope)
        assert caller.get(address).status_code == found, (name, scope)
        assert caller.get(listed).status_code == 403 or not caller.get("tickets/").json()["results"], (name, scope)
        assert caller.get(one).status_code in {403, 404}, (name, scope)
    assert Caller(world.people["organization_manager"], "figures:write").get("organizations/").status_code == 403
    assert Caller(world.people["organization_manager"], "tickets:read").get(address).status_code == 200
    both = Caller(world.people["administrator"], "tickets:read", "people:read")
    assert both.get(one).json()["organization"] == both.get(address).json()


def test_people_are_those_who_can_be_opened(world: World) -> None:
    UserFactory.create(is_integration=True)
    caller = Caller(world.people["administrator"])
    listed = caller.get("people/?limit=100").json()["results"]
    assert listed
    assert {caller.get(f"people/{row['id']}/").status_code for row in listed} == {200}


def test_policies_and_calendars_say_what_is_in_force(world: World) -> None:
    make_rows_of_promises()
    caller = Caller(world.people["administrator"])
    policies, calendars = caller.get("sla/policies/").json(), caller.get("sla/calendars/").json()
    assert policies
    assert calendars
    for kind, rows in (("policies", policies), ("calendars", calendars)):
        for row in rows:
            assert caller.get(f"sla/{kind}/{row['code']}/").json() == row
            answer = caller.get(f"sla/{kind}/{row['code']}/preview/")
            assert answer.status_code == (404 if row["draft"] is None else 200), answer.content
    assert caller.get("sla/policies/none/").status_code == 404


def test_agent_sees_people_only_where_a_ticket_names_them(world: World) -> None:
    caller = Caller(world.people["agent"])
    assert caller.get(f"people/{world.people['owner'].pk}/").status_code == 404
    assert caller.get("tickets/?expand=requester").status_code == 403
    told = Caller(world.people["manager"]).get(f"tickets/{world.here.ref}/?expand=requester").json()
    assert told["requester"]["email"] == world.people["owner"].email


def test_person_without_a_name_is_told_as_the_contract_says(world: World) -> None:
    person = UserFactory.create(name="")
    assert Caller(world.people["manager"]).get(f"people/{person.pk}/").json()["name"] == ""
    assert Caller(person).get("me/").json()["name"] == person.email
    contract = Client().get("/api/schema/?format=json").json()
    assert "minLength" not in contract["components"]["schemas"]["Person"]["properties"]["name"]


def test_administrator_adds_a_person(world: World) -> None:
    caller = Caller(world.people["administrator"])
    added = caller.post("people/", {"name": "New", "email": "new@example.org"})
    assert added.status_code == 201
    assert caller.get("people/?email=NEW@example.org").json()["results"] == [added.json()]
    assert caller.post("people/", {"name": "New", "email": "new@example.org"}).status_code == 422
    assert Caller(world.people["manager"]).post("people/", {"name": "x", "email": "x@example.org"}).status_code == 403


@pytest.mark.parametrize("path", ["tickets/", "tags/", "teams/", "people/", "sla/policies/"])
def test_queries_do_not_grow_with_rows(world: World, path: str) -> None:
    caller = Caller(world.people["administrator"])

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(path).json()
        return len(queries), len(answer["results"] if isinstance(answer, dict) else answer)

    asked()
    few, rows = asked()
    for _number in range(3):
        TagFactory.create()
        TeamFactory.create()
        make_policy()
        ticket = make_ticket(world.people["owner"], world.queue)
        ticket.tags.add(TagFactory.create())
        ticket.assignee = world.people["agent"]
        ticket.save()
    many, more = asked()
    assert more > rows or path == "people/"
    assert many <= few + 1
