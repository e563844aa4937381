"""The table of rights against the oracle, in worlds drawn at random."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.choices import Channel, OrganizationRole, Priority, Role, TeamRole
from helpdesk.models import (
    Category,
    Organization,
    OrganizationMembership,
    Queue,
    Region,
    Team,
    TeamMembership,
    Ticket,
    User,
    Watcher,
)
from helpdesk.permissions import Right, scope
from helpdesk.selectors import tickets
from tests.factories import NOW, FirstTierRuleFactory, TierFactory, actor
from tests.helpdesk.oracle import Oracle

pytestmark = pytest.mark.django_db
ON_TICKETS = (
    Right.VIEW, Right.REPLY, Right.READ_NOTES, Right.WRITE_NOTES, Right.WORK, Right.ASSIGN, Right.ESCALATE,
    Right.CONFIRM, Right.REOPEN, Right.ADD_WATCHER, Right.ACKNOWLEDGE,
    Right.CHOOSE_POLICY,
)  # fmt: skip
LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Places:
    """Where people can belong, and where tickets can lie."""

    regions: list[Region]
    teams: list[Team]
    queues: list[Queue]
    categories: list[Category]
    organizations: list[Organization]


def _draw_places(random: Random) -> Places:
    """Few of each, with all that counts drawn: places that are closed, teams without a region, and so on."""
    some = random.random
    regions = Region.objects.bulk_create(Region(code=f"r{n}", name=f"Region {n}") for n in range(2))
    tier, rule = TierFactory.create(level=1), FirstTierRuleFactory.create()
    teams = Team.objects.bulk_create(
        Team(name=f"Team {n}", tier=tier, region=random.choice([None, *regions]), is_active=some() < 0.8)
        for n in range(3)
    )
    queues = Queue.objects.bulk_create(Queue(name=f"q{n}", code=f"q{n}", first_tier_rule=rule) for n in range(3))
    categories = Category.objects.bulk_create(
        Category(name=f"c{n}", code=f"c{n}", queue=queues[0], is_active=some() < 0.8) for n in range(3)
    )
    works, alone_sees = Queue.teams.through, Category.restricted_to.through
    works.objects.bulk_create(works(queue=queue, team=team) for queue in queues for team in teams if some() < 0.5)
    alone_sees.objects.bulk_create(
        alone_sees(category=category, team=team) for category in categories[1:] for team in teams if some() < 0.5
    )
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Organisation {n}", is_active=some() < 0.8) for n in range(2)
    )
    return Places(regions, teams, queues, categories, organizations)


def _draw_people(random: Random, places: Places) -> list[User]:
    some = random.random
    people = User.objects.bulk_create(
        User(
            name=f"Person {n}", email=f"p{n}@example.org", role=random.choice(Role.values), is_active=some() < 0.9,
            region=random.choice([None, *places.regions]),
        )
        for n in range(7)
    )  # fmt: skip
    TeamMembership.objects.bulk_create(
        TeamMembership(user=user, team=team, is_active=some() < 0.8, role=random.choice(TeamRole.values))
        for user in people
        for team in places.teams
        if some() < 0.4
    )
    OrganizationMembership.objects.bulk_create(
        OrganizationMembership(
            user=user, organization=one, is_active=some() < 0.8, role=random.choice(OrganizationRole.values)
        )
        for user in people
        for one in places.organizations
        if some() < 0.4
    )
    return people


def _draw_tickets(random: Random, places: Places, people: list[User]) -> list[Ticket]:
    some, tier = random.random, TierFactory.create(level=1)
    made = Ticket.objects.bulk_create(
        Ticket(
            subject="x", requester=random.choice(people), organization=random.choice([None, *places.organizations]),
            queue=random.choice(places.queues), category=random.choice([None, *places.categories]), tier=tier,
            priority=Priority.P3, channel=Channel.PORTAL, created_at=NOW, updated_at=NOW, status_since=NOW,
        )
        for _n in range(8)
    )  # fmt: skip
    Watcher.objects.bulk_create(
        Watcher(ticket=ticket, user=user, admitted=some() < 0.5) for ticket in made for user in people if some() < 0.25
    )
    return list(Ticket.objects.select_related("category", "queue", "organization", "requester"))


def _compare(random: Random) -> None:
    with transaction.atomic():
        places = _draw_places(random)
        people = _draw_people(random, places)
        made = _draw_tickets(random, places, people)
        oracle = Oracle()
        for person in people:
            who = actor(person)
            told_of = {ticket: oracle.rights(person, ticket) for ticket in made}
            for right in ON_TICKETS:
                told = {ticket for ticket in made if right in told_of[ticket]}
                assert {ticket for ticket in made if scope(who, right).covers(ticket)} == told, (person.role, right)
                assert set(tickets.visible_to(who, right)) == told, (person.role, right)
            sides = set(tickets.requested_by(who)), set(tickets.followed_by(who))
            assert set(tickets.concerning(who)) == sides[0] | sides[1]
        transaction.set_rollback(True)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_rights_are_those_of_the_oracle_in_any_world(random: Random) -> None:
    _compare(random)


@pytest.mark.long
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_rights_are_those_of_the_oracle_in_very_many_worlds(random: Random) -> None:
    _compare(random)
