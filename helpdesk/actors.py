"""Who is doing something: a person or the desk itself, by which way, with what standing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.db.models import Q, QuerySet, Value

from helpdesk.choices import ActorKind, Channel, OrganizationRole, Role, TeamRole
from helpdesk.keeping import kept
from helpdesk.models import Category, OrganizationMembership, Queue, TeamMembership, User
from helpdesk.prepared import prepared


@dataclass(frozen=True, slots=True)
class Standing:
    """What an actor's role and memberships come to, as ids of rows; `permissions` reads nothing else.

    `role` is None for who has no standing at all: a deactivated person. The private categories are all that are
    restricted to teams, whosever; those of one's own active teams are `team_category_ids`, those of teams that one
    leads `led_category_ids`.
    """

    role: Role | None
    user_id: int | None = None
    team_queue_ids: frozenset[int] = frozenset()
    led_queue_ids: frozenset[int] = frozenset()
    region_queue_ids: frozenset[int] = frozenset()
    managed_organization_ids: frozenset[int] = frozenset()
    private_category_ids: frozenset[int] = frozenset()
    team_category_ids: frozenset[int] = frozenset()
    led_category_ids: frozenset[int] = frozenset()
    # The one ticket of a guest's link; nothing else of the person counts then.
    guest_ticket_id: int | None = None


def _standing_of(user: User) -> Standing:
    if not user.is_active:
        return Standing(role=None)
    role = Role(user.role)
    managed, restricted = _managed_and_restricted(user)
    teams = dict(_teams_of(user.pk)) if user.is_staff else {}
    team, led, region = _queues_of(user, teams) if user.is_staff else (frozenset[int](),) * 3
    return Standing(
        role,
        user.pk,
        team,
        led,
        region,
        managed,
        private_category_ids=frozenset(category for category, _team in restricted),
        team_category_ids=frozenset(category for category, team_id in restricted if team_id in teams),
        led_category_ids=frozenset(category for category, team_id in restricted if teams.get(team_id) == TeamRole.LEAD),
    )


@prepared
def _teams_of(user: int) -> QuerySet[TeamMembership, tuple[int, str]]:
    rows = TeamMembership.objects.filter(user=user, is_active=True, team__is_active=True)
    return rows.values_list("team_id", "role")


def _managed_and_restricted(user: User) -> tuple[frozenset[int], list[tuple[int, int]]]:
    """The organisations that somebody manages, and the teams of all private categories: one query for both."""
    rows = list(_managed_and_all_restricted(user.pk))
    return frozenset(pk for none, pk in rows if not none), [row for row in rows if row[0]]


@prepared
def _managed_and_all_restricted(user: int) -> QuerySet[OrganizationMembership, tuple[int, int]]:
    managed = OrganizationMembership.objects.filter(
        user=user,
        role=OrganizationRole.MANAGER,
        is_active=True,
        organization__is_active=True,
    ).values_list(Value(0), "organization_id")
    # The few rows of the whole desk; a category has no id 0.
    restricted: Any = Category.restricted_to.through.objects.values_list("category_id", "team_id")
    return managed.union(restricted, all=True)


def _queues_of(user: User, teams: Mapping[int, str]) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """The ids of the queues of a staff member's teams, of those teams that they lead, and of their region's."""
    # Whoever is in no team and of no region, as those who run the desk are, needs no question.
    is_somewhere = bool(teams or user.region_id)
    rows = _queues(list(teams), user.region_id or 0, has_region=bool(user.region_id)) if is_somewhere else ()
    team, led, region = set[int](), set[int](), set[int]()
    for queue_id, team_id, region_id in rows:
        if team_id in teams:
            team.add(queue_id)
            if teams[team_id] == TeamRole.LEAD:
                led.add(queue_id)
        if user.region_id and region_id == user.region_id:
            region.add(queue_id)
    return frozenset(team), frozenset(led), frozenset(region)


@prepared
def _queues(teams: Sequence[int], region: int, *, has_region: bool) -> QuerySet[Queue, tuple[int, int, int | None]]:
    of_region = Q(teams__region_id=region, teams__is_active=True) if has_region else Q(pk__in=())
    rows = Queue.objects.filter(Q(teams__among=teams) | of_region)
    return rows.values_list("pk", "teams__pk", "teams__region_id")


@dataclass(frozen=True)
class Actor:
    """Whoever does or reads something. The desk itself has no user.

    `scopes` are the names of the rights that a token is limited to; None is no limit.
    """

    user: User | None
    channel: Channel
    request_id: str = ""
    scopes: frozenset[str] | None = field(default=None)
    # The queues beyond which a token leads nowhere, whatever its person may do; None is no limit.
    queue_ids: frozenset[int] | None = None
    # Who came by a mailed link is a guest, whoever they are: the id of the link's ticket, 0 while there is none yet.
    guest_ticket_id: int | None = None

    @property
    def kind(self) -> ActorKind:
        """A person, a guest, or the desk."""
        if self.user is None:
            return ActorKind.SYSTEM
        return ActorKind.PERSON if self.guest_ticket_id is None else ActorKind.GUEST

    @property
    def person(self) -> User:
        """The person who acts. Raises ValueError for the desk itself: it is nobody's requester or author."""
        if self.user is None:
            raise ValueError("The desk itself is no person.")
        return self.user

    @property
    def person_id(self) -> int:
        """The id of the person, for queries; nobody's for the desk itself, which asked for nothing."""
        return 0 if self.user is None else self.user.pk

    @cached_property
    def standing(self) -> Standing:
        """Role and memberships; read once, with three queries at most."""
        if self.user is None:
            return Standing(role=None)
        if self.guest_ticket_id is not None:
            role = Role.REQUESTER if self.user.is_active else None
            return Standing(role, self.user.pk, guest_ticket_id=self.guest_ticket_id)
        person = self.user
        # All that it follows from: these columns, which each request reads, and the set-up.
        return kept(
            ("standing", person.pk, person.role, person.region_id, person.is_active), lambda: _standing_of(person)
        )


SYSTEM: Final = Actor(user=None, channel=Channel.SYSTEM)
