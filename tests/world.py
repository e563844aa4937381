"""A small desk with one person of every standing and a ticket in every place: for tests of who may do what."""

from dataclasses import dataclass, field
from typing import Any

from helpdesk.actors import Actor
from helpdesk.choices import OrganizationRole, Role, TeamRole
from helpdesk.models import Organization, Queue, Region, Team, Ticket, User, Watcher
from tests.factories import (
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    RegionFactory,
    TeamFactory,
    TeamMembershipFactory,
    TierFactory,
    UserFactory,
    actor,
    make_ticket,
)

# Everybody who can come to the desk, by the standing that their name tells.
PEOPLE = (
    "owner", "watcher", "stranger", "organization_member", "organization_manager", "other_organization_manager",
    "agent", "other_agent", "idle_agent", "former_agent", "team_lead", "manager", "administrator", "auditor",
    "head_of_support", "insider", "regional_manager", "other_regional_manager", "oncall_coordinator", "quality_lead",
    "training_specialist", "process_lead", "deactivated_administrator",
)  # fmt: skip


@dataclass
class World:
    """`here` is the ticket that everything is about: of `owner` and their organisation, in the queue of one team.

    `secret` differs from it in its category alone, which is private to a team of `circle` that works no queue.
    """

    region: Region
    team: Team
    queue: Queue
    organization: Organization
    people: dict[str, User] = field(default_factory=dict)
    here: Ticket = field(init=False)
    elsewhere: Ticket = field(init=False)
    secret: Ticket = field(init=False)
    circle: Team = field(init=False)
    # Where the routes lead, for each ticket that is `here`; see `tests/config/test_routes.py`.
    places: dict[int, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """This person, whose standing is read once: what a walk through the routes does changes nobody's."""
        return self.known.setdefault(name, actor(self.people[name]))

    def everybody(self) -> list[tuple[str, User]]:
        """Names and persons, in a fixed order."""
        return [(name, self.people[name]) for name in PEOPLE]


def _member(user: User, team: Team, role: TeamRole = TeamRole.MEMBER, *, is_active: bool = True) -> None:
    TeamMembershipFactory.create(user=user, team=team, role=role, is_active=is_active)


def make_world() -> World:
    """Make it; of the tickets `elsewhere` shares nothing with `here`."""
    TierFactory.create(level=1)
    TierFactory.create(level=2)
    here, there = RegionFactory.create(), RegionFactory.create()
    team, other_team = TeamFactory.create(region=here), TeamFactory.create(region=there)
    queue, other_queue = QueueFactory.create(teams=[team]), QueueFactory.create(teams=[other_team])
    organization, other = OrganizationFactory.create(), OrganizationFactory.create()
    world = World(here, team, queue, organization)
    agents = {"agent", "other_agent", "idle_agent", "former_agent", "team_lead", "insider"}
    for name in PEOPLE:
        known = {role.value: role for role in Role}
        role = Role.AGENT if name in agents else known.get(name, Role.REQUESTER)
        if name == "other_regional_manager":
            role = Role.REGIONAL_MANAGER
        if name == "deactivated_administrator":
            role = Role.ADMINISTRATOR
        region = {"regional_manager": here, "other_regional_manager": there}.get(name)
        world.people[name] = UserFactory.create(
            name=name, role=role, region=region, is_active=name != "deactivated_administrator"
        )
    _member(world.people["agent"], team)
    _member(world.people["other_agent"], other_team)
    _member(world.people["former_agent"], team, is_active=False)
    _member(world.people["team_lead"], team, TeamRole.LEAD)
    for name, where, place in (
        ("owner", organization, OrganizationRole.MEMBER),
        ("organization_member", organization, OrganizationRole.MEMBER),
        ("organization_manager", organization, OrganizationRole.MANAGER),
        ("other_organization_manager", other, OrganizationRole.MANAGER),
    ):
        OrganizationMembershipFactory.create(user=world.people[name], organization=where, role=place)
    world.here = make_ticket(world.people["owner"], queue)
    Watcher.objects.create(ticket=world.here, user=world.people["watcher"])
    world.elsewhere = make_ticket(UserFactory.create(name="somebody else"), other_queue)
    world.circle = TeamFactory.create(region=here)
    _member(world.people["insider"], world.circle)
    category = CategoryFactory.create(queue=queue, restricted_to=[world.circle])
    world.secret = make_ticket(world.people["owner"], queue, category=category)
    Watcher.objects.create(ticket=world.secret, user=world.people["watcher"])
    return world
