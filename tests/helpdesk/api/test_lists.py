"""What lists tell each standing: exactly what the oracle says that they see, whichever way it is asked for."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db.models import QuerySet

from helpdesk.choices import Audience, Role
from helpdesk.models import Announcement, Category, Organization, OrganizationMembership, Queue, Ticket, User
from helpdesk.permissions import Right
from tests.factories import (
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    TagFactory,
    UserFactory,
    make_agent,
)
from tests.helpdesk.api.caller import Caller
from tests.helpdesk.api.operations import (
    DESK,
    EVERYBODY,
    LEADERS,
    LOOKING_AFTER_PEOPLE,
    OPERATING,
    make_places,
)
from tests.helpdesk.oracle import Oracle
from tests.receiver import Receiver
from tests.together import all_told
from tests.world import World, make_world

FEW: Final = ("owner", "agent", "auditor")
_NAMES: Final = [*FEW, *(pytest.param(name, marks=pytest.mark.long) for name in sorted(EVERYBODY - {*FEW}))]
_ONE_AND_ALL: Final = ["agent", *(pytest.param(name, marks=pytest.mark.long) for name in sorted(EVERYBODY - {"agent"}))]
# What is told in full of tickets whose notes one reads.
_DETAILS: Final = "clocks,answers,waits"


@pytest.fixture
def made(receiver: Receiver) -> tuple[World, dict[str, Any]]:
    world, places = make_places(receiver.url())
    for ticket in (world.here, world.elsewhere, world.secret):
        ticket.tags.add(TagFactory.create(name=f"of {ticket.ref}"))
    return world, places


@pytest.fixture
def world() -> World:
    return make_world()


def refs(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.content
    rows = [row["ref"] for row in answer.json()["results"]]
    assert len(rows) == len(set(rows))
    return set(rows)


class Sight:
    """What somebody sees of the world's tickets, as the oracle tells it."""

    def __init__(self, world: World, name: str) -> None:
        self.name, self.person, oracle = name, world.people[name], Oracle()
        self.tickets = list(Ticket.objects.all())
        rights = {ticket.ref: oracle.rights(self.person, ticket) for ticket in self.tickets}
        self.seen = {ref for ref, held in rights.items() if Right.VIEW in held}
        self.with_notes = {ref for ref, held in rights.items() if Right.READ_NOTES in held}
        hidden = {one.ref for one in self.tickets if oracle.is_private(one)} if name == "auditor" else set()
        # What is private an auditor reads where it goes on record, and in no list.
        self.in_full = self.with_notes - hidden


@pytest.mark.django_db
@pytest.mark.parametrize("name", _NAMES)
def test_tickets_are_those_that_the_oracle_names(made: tuple[World, dict[str, Any]], name: str) -> None:
    world, _places = made
    sight = Sight(world, name)
    caller = Caller(sight.person)
    for query in ("", "ordering=created_at", "ordering=-created_at", "q=printer", "status=new,open,pending"):
        assert refs(caller.get(f"tickets/?limit=100&{query}")) == sight.seen, query
    told = caller.get(f"tickets/?expand={_DETAILS}").json()["results"]
    assert {row["ref"] for row in told if "priority" in row} == sight.in_full
    assert {row["ref"] for row in told if "clocks" in row} == sight.in_full
    for detail in ("requester", "assignee", "organization"):
        answer = caller.get(f"tickets/?expand={detail}")
        assert answer.status_code == (200 if name in LOOKING_AFTER_PEOPLE else 403), detail
        if answer.status_code == 200:
            full = {row["ref"] for row in answer.json()["results"] if "is_active" in (row.get(detail) or {})}
            assert full == {one.ref for one in sight.tickets if one.ref in sight.in_full and getattr(one, detail)}
    for ticket in sight.tickets:
        assert refs(caller.get(f"tickets/?q={ticket.ref}")) == {ticket.ref} & sight.seen, ticket
    for query, fits in public_ways(world):
        assert refs(caller.get(f"tickets/?{query}")) == refs_of(fits) & sight.seen, query
    for query, fits in desk_ways(sight):
        answer = caller.get(f"tickets/?{query}")
        if sight.with_notes:
            assert refs(answer) == refs_of(fits) & sight.in_full, query
        else:
            # Whether there is such a tag or queue is not told either.
            assert answer.status_code == 403, query


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["owner", "stranger", "organization_manager"])
def test_who_is_not_at_the_desk_learns_of_no_code_whether_there_is_such_a_category(world: World, name: str) -> None:
    shut, secret = CategoryFactory.create(queue=world.queue, is_active=False), world.secret.category
    assert secret is not None
    caller = Caller(world.people[name])
    sees = {world.secret.ref} if caller.get(f"tickets/{world.secret.ref}/").status_code == 200 else set()
    for code, found in ((secret.code, sees), (shut.code, set()), ("none-such", set())):
        assert refs(caller.get(f"tickets/?category={code}")) == found, code
        refused = caller.patch(f"tickets/{world.here.ref}/", {"category": code})
        nowhere = caller.patch(f"tickets/{world.here.ref}/", {"category": "nor-this"})
        assert (refused.status_code, refused.json()["detail"]) == (nowhere.status_code, nowhere.json()["detail"])
    assert Caller(world.people["agent"]).get("tickets/?category=none-such").status_code == 400


def refs_of(rows: QuerySet[Ticket]) -> set[str]:
    return {ticket.ref for ticket in rows}


def public_ways(world: World) -> Iterator[tuple[str, QuerySet[Ticket]]]:
    """Ways to narrow a list that are everybody's."""
    owner, category = world.people["owner"], world.secret.category
    assert category is not None
    yield f"requester={owner.pk}", Ticket.objects.filter(requester=owner)
    yield f"organization={world.organization.pk}", Ticket.objects.filter(organization=world.organization)
    yield f"category={category.code}", Ticket.objects.filter(category=category)
    yield "channel=portal", Ticket.objects.filter(channel="portal")
    yield "created_before=2026-01-01T00:00:00Z", Ticket.objects.none()


def desk_ways(sight: Sight) -> Iterator[tuple[str, QuerySet[Ticket]]]:
    """Those of the desk alone."""
    for ticket in sight.tickets:
        yield f"queue={ticket.queue.code}", Ticket.objects.filter(queue=ticket.queue)
        yield f"priority={ticket.priority}", Ticket.objects.filter(priority=ticket.priority)
        yield f"tag=of {ticket.ref}", Ticket.objects.filter(tags__name=f"of {ticket.ref}")
    yield "tier=1", Ticket.objects.filter(tier__level=1)
    yield "tag=none such", Ticket.objects.none()
    yield "assignee=none", Ticket.objects.filter(assignee=None)
    yield "assignee=me", Ticket.objects.filter(assignee=sight.person)
    yield "updated_after=2026-01-01T00:00:00Z", Ticket.objects.all()
    yield "ordering=priority", Ticket.objects.all()
    yield "ordering=sla_due_at", Ticket.objects.filter(sla_due_at__isnull=False)
    yield "ordering=unanswered_since", Ticket.objects.filter(unanswered_since__isnull=False)


@pytest.mark.django_db
@pytest.mark.parametrize("name", _ONE_AND_ALL)
def test_token_of_a_queue_leads_to_its_tickets_alone(made: tuple[World, dict[str, Any]], name: str) -> None:
    world, places = made
    sight = Sight(world, name)
    for queue in (world.queue, world.elsewhere.queue):
        caller, within = Caller(sight.person, queues=(queue,)), refs_of(Ticket.objects.filter(queue=queue))
        for query in ("", "q=printer", "ordering=created_at", f"requester={world.people['owner'].pk}"):
            found = refs(caller.get(f"tickets/?{query}"))
            assert found <= within & sight.seen if "requester" in query else found == within & sight.seen, query
        for ticket, which in ((world.here, "here"), (world.elsewhere, "elsewhere"), (world.secret, "secret")):
            seen, read = ticket.ref in within & sight.seen, ticket.ref in within & sight.with_notes
            assert (caller.get(f"tickets/{ticket.ref}/").status_code == 200) is seen, ticket
            for kind, expected in (("public", seen), ("internal", read)):
                answer = caller.get(f"attachments/{places[f'{{{kind} {which}}}']}/")
                assert (answer.status_code == 200) is expected, (kind, which)
                if answer.streaming:
                    list(answer.streaming_content)
        assert {row["code"] for row in caller.get("queues/").json()} <= {queue.code}


@pytest.mark.django_db(transaction=True)
def test_changes_are_of_what_the_oracle_says_they_see(receiver: Receiver, count: Any) -> None:
    """What is not committed did not change yet; to empty a database takes longer than to ask it, so one test asks."""
    world, _places = make_places(receiver.url())
    all_told()
    for name in count(FEW, sorted(EVERYBODY)):
        sight = Sight(world, name)
        caller = Caller(sight.person)
        answer = caller.get(f"tickets/changes/?expand={_DETAILS}")
        assert refs(answer) == sight.seen, name
        assert {row["ref"] for row in answer.json()["results"] if "priority" in row} == sight.in_full, name
        assert {row["ref"] for row in answer.json()["results"] if "clocks" in row} == sight.in_full, name
        queue = world.elsewhere.queue
        limited = refs(Caller(sight.person, queues=(queue,)).get("tickets/changes/"))
        assert limited == refs_of(Ticket.objects.filter(queue=queue)) & sight.seen, name
        for scope in ("people:read", "setup:read", "figures:write", "webhooks:write"):
            assert refs(Caller(sight.person, scope).get("tickets/changes/")) == set(), (name, scope)


@pytest.mark.django_db
@pytest.mark.parametrize("name", _NAMES)
def test_lists_of_the_set_up_are_what_the_pages_offer(made: tuple[World, dict[str, Any]], name: str) -> None:
    world, _places = made
    person = world.people[name]
    caller = Caller(person)
    UserFactory.create(name="Robot", role=Role.AGENT, is_integration=True)
    # Who is of the desk by their role, or works tickets of some queue or private category there.
    of_desk = name in DESK
    queues = caller.get("queues/").json()
    assert {row["code"] for row in queues} == {queue.code for queue in queues_of(world, name)}
    categories = caller.get("categories/").json()
    assert {row["code"] for row in categories} == set(Category.objects.values_list("code", flat=True))
    assert all(("queue" in row) is of_desk for row in categories)
    told = {row["title"] for row in caller.get("announcements/").json()}
    ours = OrganizationMembership.objects.filter(user=person, organization=world.organization).exists()
    assert told == {
        Audience.EVERYBODY.value,
        Audience.SIGNED_IN.value,
        *([Audience.ORGANIZATION.value] if ours else []),
        *([Audience.STAFF.value] if of_desk else []),
    }
    assert Announcement.objects.count() == len(Audience)
    everybody, own = name in LOOKING_AFTER_PEOPLE, places_of(person)
    # Neither that they belonged to one, nor one that is closed.
    OrganizationMembershipFactory.create(user=person, organization=OrganizationFactory.create(), is_active=False)
    OrganizationMembershipFactory.create(user=person, organization=OrganizationFactory.create(is_active=False))
    rows = caller.get("organizations/").json()["results"]
    assert {row["id"] for row in rows} == (set(Organization.objects.values_list("pk", flat=True)) if everybody else own)
    if everybody:
        listed = {row["id"] for row in caller.get("people/?limit=100").json()["results"]}
        assert listed == {one.pk for one in User.objects.filter(is_integration=False)}
    keys = {row["key"] for row in caller.get("fields/").json()}
    assert ("inside" in keys) is (world.queue in queues_of(world, name))
    assert ("shown" in keys) is (world.queue in queues_of(world, name) or not of_desk)


def places_of(person: User) -> set[int]:
    """The organisations that somebody belongs to in the world."""
    return set(OrganizationMembership.objects.filter(user=person).values_list("organization", flat=True))


def queues_of(world: World, name: str) -> set[Queue]:
    """The queues whose tickets somebody sees, but for those of single ones."""
    here, there = {world.queue}, {world.elsewhere.queue}
    if name in LEADERS | OPERATING | {"auditor"}:
        return set(Queue.objects.all())
    own = {"agent": here, "team_lead": here, "regional_manager": here}
    own |= {"other_agent": there, "other_regional_manager": there}
    return own.get(name, set())


@pytest.mark.django_db
def test_each_webhook_is_listed_for_whom_it_may_tell(made: tuple[World, dict[str, Any]]) -> None:
    world, places = made
    agent = make_agent(world.team, role=Role.ADMINISTRATOR)
    assert {row["id"] for row in Caller(agent).get("webhooks/").json()["results"]} == {
        places["{hook}"],
        places["{other hook}"],
    }
    # These tell of all queues.
    limited = Caller(agent, queues=(world.queue,))
    assert limited.get("webhooks/").json()["results"] == []
    for path in ("", "deliveries/"):
        assert limited.get(f"webhooks/{places['{hook}']}/{path}").status_code == 404
    for path in ("test/", "rotate/", f"deliveries/{places['{delivery}']}/replay/"):
        assert limited.post(f"webhooks/{places['{hook}']}/{path}", {}).status_code == 404
