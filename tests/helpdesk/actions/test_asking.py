"""For whom a ticket may be filed, by whom, and what they get to see of it."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actions._asking import MAX_A_DAY
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.tickets import ByAddress, create_ticket
from helpdesk.choices import Role
from helpdesk.errors import Code, DomainError
from helpdesk.models import (
    Category,
    Delivery,
    OrganizationDomain,
    OrganizationMembership,
    Ticket,
    TicketEvent,
    User,
    Watcher,
)
from helpdesk.permissions import Right, may
from tests.factories import NOW, CategoryFactory, OrganizationFactory, TierFactory, UserFactory, actor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    TierFactory.create(level=1)
    CategoryFactory.create(code="usual", queue=world.queue)
    OrganizationDomain.objects.create(organization=world.organization, domain="clinic.example")
    return world


def file(world: World, by: str, whom: User | ByAddress | None, **values: Any) -> Ticket:
    said: dict[str, Any] = {"subject": "No paper", "body": "None at all.", "now": NOW, **values}
    said.setdefault("category", Category.objects.get(code="usual"))
    return create_ticket(by=actor(world.people[by]), requester=whom, **said)


def test_manager_files_for_a_member_and_follows_it(world: World) -> None:
    manager, owner = world.people["organization_manager"], world.people["owner"]
    ticket = file(world, "organization_manager", owner, follow=True)
    assert (ticket.requester, ticket.organization) == (owner, world.organization)
    assert Watcher.objects.filter(ticket=ticket, user=manager).exists()
    assert TicketEvent.objects.get(ticket=ticket, seq=1).actor == manager
    consume_due(now=NOW, limit=50)
    assert {mail.recipient for mail in Delivery.objects.filter(ticket=ticket)} == {owner}
    assert may(actor(manager), Right.CONFIRM, ticket)


def test_manager_files_for_an_address_of_the_organisations_domain(world: World) -> None:
    ticket = file(world, "organization_manager", ByAddress("New.Person@Clinic.example"))
    person = ticket.requester
    assert (person.email, person.role, person.has_usable_password()) == (
        "new.person@clinic.example",
        "requester",
        False,
    )
    assert ticket.organization == world.organization
    assert not person.organizations.exists(), "only a confirmed address says where somebody belongs"
    assert not Watcher.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize("whom", ["stranger", "agent", "auditor", "other_organization_manager"])
def test_manager_files_for_nobody_else_and_is_told_nothing_about_them(world: World, whom: str) -> None:
    person = world.people[whom]
    said = set()
    for asked in (person, ByAddress(person.email), ByAddress("nobody-at-all@example.org")):
        with pytest.raises(DomainError) as refusal:
            file(world, "organization_manager", asked)
        assert refusal.value.field == "requester"
        said.add(str(refusal.value))
    assert len(said) == 1
    assert not User.objects.filter(email="nobody-at-all@example.org").exists()


def test_people_of_the_domain_who_are_no_customers_are_no_colleagues(world: World) -> None:
    for values in ({"role": Role.AGENT}, {"is_active": False}):
        person = UserFactory.create(email=f"{len(values)}{next(iter(values))}@clinic.example", **values)
        with pytest.raises(DomainError, match="cannot be added"):
            file(world, "organization_manager", ByAddress(person.email))


def test_own_name_or_address_is_oneself(world: World) -> None:
    manager = world.people["organization_manager"]
    for whom in (manager, ByAddress(manager.email.upper())):
        ticket = file(world, "organization_manager", whom, follow=True)
        assert ticket.requester == manager
        assert not Watcher.objects.filter(ticket=ticket).exists()


def test_member_and_manager_of_another_organisation_file_for_themselves_alone(world: World) -> None:
    for name in ("owner", "organization_member", "other_organization_manager"):
        with pytest.raises(DomainError) as refusal:
            file(world, name, world.people["owner" if name != "owner" else "organization_member"])
        assert refusal.value.code in {Code.FORBIDDEN, Code.WRONG}


def test_private_topic_is_filed_for_a_colleague_and_not_seen_by_who_filed_it(world: World) -> None:
    category = world.secret.category
    assert isinstance(category, Category)
    ticket = file(world, "organization_manager", world.people["owner"], category=category, follow=True)
    assert not may(actor(world.people["organization_manager"]), Right.VIEW, ticket)
    assert not Watcher.objects.filter(ticket=ticket).exists()


def test_agent_files_for_anybody_by_name_and_address_whose_account_is_open(world: World) -> None:
    ticket = file(world, "agent", ByAddress("a.b@example.net", "  Ann   B "), now=NOW + timedelta(hours=1))
    assert (ticket.requester.name, ticket.organization) == ("Ann B", None)
    assert file(world, "agent", ByAddress("a.b@example.net", "Somebody")).requester.name == "Ann B"
    with pytest.raises(DomainError, match="account is closed"):
        file(world, "agent", world.people["deactivated_administrator"])
    for address in ("", "nobody", "a@b"):
        with pytest.raises(DomainError) as refusal:
            file(world, "agent", ByAddress(address))
        assert refusal.value.field == "requester"


def test_nobody_files_for_others_without_end(world: World) -> None:
    first = file(world, "organization_manager", world.people["owner"])
    filed = TicketEvent.objects.get(ticket=first, seq=1)
    TicketEvent.objects.bulk_create(
        TicketEvent(
            ticket=first, seq=100 + n, kind=filed.kind, data=filed.data, actor_kind=filed.actor_kind, actor=filed.actor,
            channel=filed.channel, effective_at=NOW,
        )
        for n in range(MAX_A_DAY - 1)
    )  # fmt: skip
    with pytest.raises(DomainError, match="tickets for others today"):
        file(world, "organization_manager", world.people["owner"])
    assert file(world, "organization_manager", None)
    assert file(world, "organization_manager", world.people["owner"], now=NOW + timedelta(days=2))


def test_agent_names_one_of_the_persons_organisations_and_nobody_else_names_any(world: World) -> None:
    owner, other = world.people["owner"], OrganizationFactory.create()
    place = OrganizationMembership.objects.create(user=owner, organization=other)
    assert file(world, "agent", owner).organization == world.organization
    assert file(world, "agent", owner, organization=other).organization == other
    with pytest.raises(DomainError) as refusal:
        file(world, "organization_manager", owner, organization=other)
    assert refusal.value.code is Code.FORBIDDEN
    place.is_active = False
    place.save()
    with pytest.raises(DomainError) as refusal:
        file(world, "agent", owner, organization=other)
    assert refusal.value.field == "organization"


def test_who_takes_what_they_file_works_its_queue(world: World) -> None:
    owner = world.people["owner"]
    ticket = file(world, "agent", owner, take=True)
    assert (ticket.assignee, ticket.status) == (world.people["agent"], "open")
    with pytest.raises(DomainError) as refusal:
        file(world, "other_agent", owner, take=True)
    assert refusal.value.field == "assignee"
    assert Ticket.objects.filter(subject="No paper").count() == 1
