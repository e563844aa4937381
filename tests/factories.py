"""Rows for tests. What has an action is made by the action; these are the rows that everything rests on."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import factory
from django.db import connection

from helpdesk.actions.tickets import create_ticket
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Role
from helpdesk.models import (
    Announcement,
    Category,
    CustomField,
    FirstTierRule,
    Kind,
    Organization,
    OrganizationMembership,
    Partner,
    Queue,
    Region,
    StaffRole,
    Tag,
    Team,
    TeamMembership,
    Ticket,
    Tier,
    User,
)
from helpdesk.permissions import Right, holds

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# The smallest picture there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    role = Role.REQUESTER


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"region-{n}")
    name = factory.Sequence(lambda n: f"Region {n}")


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organisation {n}")


class OrganizationMembershipFactory(factory.django.DjangoModelFactory[OrganizationMembership]):
    class Meta:
        model = OrganizationMembership


class TierFactory(factory.django.DjangoModelFactory[Tier]):
    class Meta:
        model = Tier
        django_get_or_create = ("level",)

    level = 1
    name = factory.LazyAttribute(lambda tier: f"Tier {tier.level}")


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    tier = factory.SubFactory(TierFactory)


class TeamMembershipFactory(factory.django.DjangoModelFactory[TeamMembership]):
    class Meta:
        model = TeamMembership


class FirstTierRuleFactory(factory.django.DjangoModelFactory[FirstTierRule]):
    class Meta:
        model = FirstTierRule
        django_get_or_create = ("code",)

    code = "all-tier-1"
    name = "Every report starts at tier 1"
    plan = factory.LazyFunction(lambda: {str(priority): [1] for priority in (1, 2, 3, 4)})


class QueueFactory(factory.django.DjangoModelFactory[Queue]):
    class Meta:
        model = Queue
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Queue {n}")
    code = factory.Sequence(lambda n: f"queue-{n}")
    first_tier_rule = factory.SubFactory(FirstTierRuleFactory)

    @factory.post_generation
    def teams(self: Queue, create: bool, teams: list[Team] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and teams:
            self.teams.set(teams)


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    class Meta:
        model = Category
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Category {n}")
    code = factory.Sequence(lambda n: f"category-{n}")
    queue = factory.SubFactory(QueueFactory)

    @factory.post_generation
    def restricted_to(self: Category, create: bool, teams: list[Team] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and teams:
            self.restricted_to.set(teams)


class KindFactory(factory.django.DjangoModelFactory[Kind]):
    class Meta:
        model = Kind

    name = factory.Sequence(lambda n: f"Kind {n}")
    code = factory.Sequence(lambda n: f"kind-{n}")


class TagFactory(factory.django.DjangoModelFactory[Tag]):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"Tag {n}")


class PartnerFactory(factory.django.DjangoModelFactory[Partner]):
    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Partner {n}")


class StaffRoleFactory(factory.django.DjangoModelFactory[StaffRole]):
    class Meta:
        model = StaffRole

    name = factory.Sequence(lambda n: f"Role {n}")
    code = factory.Sequence(lambda n: f"role-{n}")


class AnnouncementFactory(factory.django.DjangoModelFactory[Announcement]):
    class Meta:
        model = Announcement

    title = factory.Sequence(lambda n: f"Announcement {n}")
    starts_at = NOW


class CustomFieldFactory(factory.django.DjangoModelFactory[CustomField]):
    class Meta:
        model = CustomField

    label = factory.Sequence(lambda n: f"Question {n}")
    code = factory.Sequence(lambda n: f"question-{n}")
    category = factory.SubFactory(CategoryFactory)


def actor(user: User, channel: Channel = Channel.PORTAL) -> Actor:
    """A fresh actor, whose standing is read anew."""
    return Actor(user, channel)


def choosing(by: Actor) -> Actor:
    """The same person as somebody who may choose queue and priority, which no requester may."""
    if holds(by, Right.FILE_FOR_OTHERS) or not holds(by, Right.FILE_TICKET):
        return by
    filer = Actor(by.user, by.channel, by.request_id)
    vars(filer)["standing"] = replace(by.standing, role=Role.AGENT)
    return filer


def make_agent(*teams: Team, **values: Any) -> User:
    """An agent in these teams."""
    agent = UserFactory.create(role=values.pop("role", Role.AGENT), **values)
    for team in teams:
        TeamMembershipFactory.create(team=team, user=agent)
    return agent


def make_ticket(
    requester: User | None = None,
    queue: Queue | None = None,
    on_behalf_of: User | None = None,
    **values: Any,
) -> Ticket:
    """A ticket as the portal files it, wherever; `on_behalf_of` is the requester where somebody else files it."""
    TierFactory.create(level=1)
    by = values.get("by") or actor(requester or UserFactory.create())
    return create_ticket(
        **{
            "subject": "The printer is on fire",
            "body": "It smokes since nine.",
            "now": NOW,
            "queue": queue or (None if "category" in values else QueueFactory.create()),
            "requester": on_behalf_of,
            **values,
            "by": by if on_behalf_of else choosing(by),
        }
    )


def copy_ticket(ticket: Ticket, count: int) -> None:
    """So many copies of a ticket, without what actions take for each."""
    columns = [f.column for f in Ticket._meta.concrete_fields if f.name not in {"id", "number", "recorded_at"}]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO helpdesk_ticket ({names}) SELECT {names} FROM helpdesk_ticket, generate_series(1, %s) "  # noqa: S608 - names of our own columns
            "WHERE id = %s",
            [count, ticket.pk],
        )
