"""Builds the places and brings in the people: what is missing is added, what is there stays."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Model

from config.demo_world import places, questions
from config.demo_world.people import DESK, PASSWORD, PEOPLE, VIPS, Person, mail_domains
from helpdesk.actions import invitations, people, preferences
from helpdesk.actions.setup import Change, save_setup
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, DeliveryChannel, Occasion, OrganizationRole, PrioritySource, Role, TeamRole
from helpdesk.models import (
    Announcement,
    Category,
    FirstTierRule,
    Invitation,
    Kind,
    Organization,
    OrganizationDomain,
    Queue,
    Region,
    StaffRole,
    Team,
    Tier,
    User,
)
from helpdesk.selectors.telling import quiet_hours_of


def build(now: datetime) -> dict[str, User]:
    """Everything on which the stories are played. Returns the people by their addresses."""
    regions = {region.code: region for region in Region.objects.all()}
    _build_queues(regions, now)
    for name, region in places.ORGANIZATIONS.items():
        if not Organization.objects.filter(name=name).exists():
            _add(Organization(name=name, region=regions[region]), now)
    _name_domains(now)
    teams = {team.name: team for team in Team.objects.all()}
    organizations = {organization.name: organization for organization in Organization.objects.all()}
    known = {user.email: user for user in User.objects.all()}
    missing = [person for person in PEOPLE if person.email not in known]
    for person in missing:
        known[person.email] = _person(person, regions, now)
        _place(person, known[person.email], teams, organizations, now)
        if person.handle in VIPS:
            known[person.email].is_vip = True
            save_setup(change=Change(known[person.email], ["is_vip"]), by=SYSTEM, now=now)
    _fill_roles(known, now)
    return known


def _name_domains(now: datetime) -> None:
    """By which addresses people find into their organisation."""
    domains = mail_domains()
    for organization in Organization.objects.filter(name__in=domains, domains__isnull=True):
        row = OrganizationDomain(organization=organization, domain=domains[organization.name])
        child = Change(row, ["organization", "domain", "is_active"])
        save_setup(change=Change(organization, [], children=[child]), by=SYSTEM, now=now)


def announce(now: datetime) -> None:
    """What the desk tells everybody these days, or told before."""
    for notice in places.NOTICES:
        if not Announcement.objects.filter(title=notice.title[0]).exists():
            first, last = (now + timedelta(days=days) for days in notice.days)
            row = Announcement(title=notice.title[0], body=notice.body[0], level=notice.level, audience=notice.audience)
            row.starts_at, row.ends_at = first, last
            row.translations = {"de": {"title": notice.title[1], "body": notice.body[1]}}
            _add(row, min(first, now))


def invite(now: datetime) -> None:
    """Somebody who was asked to join the desk, and has not answered yet."""
    if Invitation.objects.exists():
        return
    team = Team.objects.filter(name="Front desk Europe")
    ada = User.objects.get(email="ada@example.org")
    by = Actor(ada, Channel.DESK)
    invitations.invite(
        name="Robin Keller", email="robin.keller@example.org", role=Role.AGENT, teams=list(team), by=by, now=now
    )


def _fill_roles(known: dict[str, User], now: datetime) -> None:
    """The roles of the presets that nobody fills yet."""
    by_handle = {person.handle: known[person.email] for person in DESK}
    for role in StaffRole.objects.filter(code__in=places.ROLES, primary=None, backup=None):
        role.primary, role.backup = (by_handle[handle] for handle in places.ROLES[role.code])
        save_setup(change=Change(role, ["primary", "backup"]), by=SYSTEM, now=now)


def _add(row: Model, now: datetime, **links: list[Any]) -> None:
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    save_setup(change=Change(row, names, links), by=SYSTEM, now=now)


def leave_in_peace(users: Mapping[str, User], now: datetime) -> None:
    """A team lead who is told nothing by mail at night and on weekends, and of notes in the inbox alone."""
    by = Actor(users["sam@example.org"], Channel.PORTAL)
    if quiet_hours_of(by.person)._state.adding:
        preferences.set_quiet_hours(
            weekdays=range(1, 6), starts=time(19), ends=time(7, 30), whole_days=(6, 7), by=by, now=now
        )
        preferences.choose(choices={(Occasion.NOTES, DeliveryChannel.EMAIL): False}, by=by, now=now)


def _build_queues(regions: dict[str, Region], now: datetime) -> None:
    tiers = {tier.level: tier for tier in Tier.objects.all()}
    for name, team in places.TEAMS.items():
        if not Team.objects.filter(name=name).exists():
            _add(Team(name=name, tier=tiers[team.tier], region=regions[team.region]), now)
    code, words, plan = places.SECOND_TIER_FIRST
    if not FirstTierRule.objects.filter(code=code).exists():
        _add(FirstTierRule(code=code, name=words, plan={str(p): [level] for p, level in plan.items()}), now)
    for code, queue in places.QUEUES.items():
        row = Queue.objects.filter(code=code).first() or Queue(
            code=code,
            name=queue.name,
            description=queue.description,
            first_tier_rule=FirstTierRule.objects.get(code=queue.rule),
            default_priority=queue.priority,
            priority_source=queue.source,
            asks_impact=queue.source == PrioritySource.WEIGHED,
        )
        workers = [name for name, team in places.TEAMS.items() if code in team.queues]
        if row._state.adding or not row.teams.exists():
            _add(row, now, teams=list(Team.objects.filter(name__in=workers)))
    _build_topics(now)
    questions.ask(now)


def _build_topics(now: datetime) -> None:
    queues = {queue.code: queue for queue in Queue.objects.all()}
    for code, topic in places.TOPICS.items():
        if not Category.objects.filter(code=code).exists():
            german = dict(zip(("name", "description"), topic.german, strict=True))
            row = Category(
                code=code,
                name=topic.name,
                description=topic.description,
                queue=queues[topic.queue],
                kind=Kind.objects.filter(code=topic.kind).first(),
                position=topic.position,
                translations={"de": german},
            )
            _add(row, now, restricted_to=list(Team.objects.filter(name__in=topic.private_to)))
    for code, queue in places.MOVED_TOPICS.items():
        for row in Category.objects.filter(code=code, queue__is_default=True):
            row.queue = queues[queue]
            save_setup(change=Change(row, ["queue"]), by=SYSTEM, now=now)


def _person(person: Person, regions: dict[str, Region], now: datetime) -> User:
    return people.add_person(
        name=person.name,
        email=person.email,
        role=person.role,
        region=regions.get(person.region),
        language=person.language,
        time_zone=person.time_zone,
        password=PASSWORD if person.shown_as else None,
        by=SYSTEM,
        now=now,
    )


def _place(
    person: Person, user: User, teams: dict[str, Team], organizations: dict[str, Organization], now: datetime
) -> None:
    for name in person.teams:
        role = TeamRole.LEAD if name.endswith("*") else TeamRole.MEMBER
        people.join_team(user=user, team=teams[name.rstrip("*")], role=role, by=SYSTEM, now=now)
    for name in person.organizations:
        place = OrganizationRole.MANAGER if name.endswith("*") else OrganizationRole.MEMBER
        organization = organizations[name.rstrip("*")]
        people.join_organization(user=user, organization=organization, role=place, by=SYSTEM, now=now)
