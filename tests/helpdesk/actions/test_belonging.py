"""A confirmed address says where somebody belongs; one that is not confirmed says nothing."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from helpdesk.actions import accounts, people
from helpdesk.actions.setup import Change, save_setup
from helpdesk.actors import SYSTEM
from helpdesk.choices import OrganizationRole, Role
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, Organization, OrganizationDomain, OrganizationMembership, User
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    UserFactory,
    actor,
    make_ticket,
)

pytestmark = pytest.mark.django_db


def clinic(domain: str = "clinic.example", name: str = "Harbour Clinic") -> Organization:
    made = OrganizationFactory.create(name=name)
    give_domain(made, domain)
    return made


def give_domain(organization: Organization, domain: str) -> None:
    row = OrganizationDomain(organization=organization, domain=domain)
    child = Change(row, ["organization", "domain", "is_active"])
    save_setup(change=Change(organization, [], children=[child]), by=SYSTEM, now=NOW)


def newcomer(address: str, **values: object) -> User:
    """Somebody whose address nobody has confirmed yet."""
    person = UserFactory.create(email=address.lower(), **values)
    EmailAddress.objects.create(user=person, email=address.lower(), primary=True, verified=False)
    return person


def follow_link(person: User) -> None:
    key = EmailConfirmationHMAC.create(EmailAddress.objects.get(user=person, email=person.email)).key
    Client().post(reverse("account_confirm_email", args=[key]))


def place_of(person: User) -> OrganizationMembership | None:
    return OrganizationMembership.objects.filter(user=person).first()


def test_who_confirms_an_address_becomes_a_member_and_later_tickets_belong_there() -> None:
    harbour, ada = clinic(), newcomer("ada@clinic.example")
    before = make_ticket(ada)
    follow_link(ada)
    place = place_of(ada)
    assert place is not None
    assert (place.organization, place.role) == (harbour, OrganizationRole.MEMBER)
    assert before.organization is None
    assert make_ticket(ada).organization == harbour
    event = AuditEvent.objects.get(kind="organization_joined")
    assert (event.subject_type, event.subject_id, event.actor) == ("organization", str(harbour.pk), ada)
    assert "clinic" not in str(event.data)


def test_who_confirms_nothing_belongs_nowhere() -> None:
    clinic()
    ada = newcomer("ada@clinic.example")
    person = people.add_person(name="Bo", email="bo@clinic.example", by=SYSTEM, now=NOW)
    accounts.register(user=User(name="Eve", email="eve@clinic.example"), by=actor(ada), now=NOW)
    make_ticket(ada)
    assert place_of(ada) is None
    assert place_of(person) is None
    assert not OrganizationMembership.objects.exists()


def test_who_chooses_a_password_by_a_mailed_link_has_confirmed_the_address() -> None:
    harbour, ada = clinic(), newcomer("ada@clinic.example")
    accounts.prove_address(user=ada, by=actor(ada), now=NOW)
    place = place_of(ada)
    assert place is not None
    assert place.organization == harbour


@pytest.mark.parametrize(
    ("domain", "address", "belongs"),
    [
        ("Clinic.Example", "ADA@CLINIC.EXAMPLE", True),
        ("müller.example", "ada@xn--mller-kva.example", True),
        ("xn--mller-kva.example", "ada@müller.example", True),
        ("clinic.example", "ada@mail.clinic.example", False),
        ("mail.clinic.example", "ada@clinic.example", False),
        ("clinic.example", "ada@clinic.example.evil.example", False),
        ("clinic.example", "ada@notclinic.example", False),
    ],
)
def test_domain_fits_exactly(domain: str, address: str, belongs: bool) -> None:
    clinic(domain)
    ada = newcomer(address)
    follow_link(ada)
    assert (place_of(ada) is not None) is belongs


def test_who_has_a_place_keeps_it_and_a_closed_one_stays_closed() -> None:
    harbour, fjord = clinic(), OrganizationFactory.create()
    ada, bo = newcomer("ada@clinic.example"), newcomer("bo@clinic.example")
    OrganizationMembershipFactory.create(user=ada, organization=fjord)
    OrganizationMembershipFactory.create(user=bo, organization=harbour, is_active=False)
    for person in (ada, bo):
        follow_link(person)
    assert OrganizationMembership.objects.get(user=ada).organization == fjord
    assert OrganizationMembership.objects.get(user=bo).is_active is False


def test_who_works_for_the_desk_becomes_nobodys_customer() -> None:
    clinic()
    mara = newcomer("mara@clinic.example", role=Role.AGENT)
    follow_link(mara)
    assert place_of(mara) is None


@pytest.mark.parametrize("what", ["domain", "organization"])
def test_what_was_closed_takes_nobody_in(what: str) -> None:
    harbour, ada = clinic(), newcomer("ada@clinic.example")
    if what == "domain":
        harbour.domains.update(is_active=False)
    else:
        Organization.objects.filter(pk=harbour.pk).update(is_active=False)
    follow_link(ada)
    assert place_of(ada) is None


def test_domain_belongs_to_one_organisation() -> None:
    harbour, fjord = clinic(), OrganizationFactory.create()
    with pytest.raises(DomainError, match=r"“clinic\.example” belongs to Harbour Clinic"):
        give_domain(fjord, "CLINIC.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationDomain.objects.create(organization=fjord, domain="clinic.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationDomain.objects.create(organization=fjord, domain="Upper.example")
    row = harbour.domains.get()
    row.is_active = False
    save_setup(change=Change(harbour, [], children=[Change(row, ["is_active"])]), by=SYSTEM, now=NOW)
    give_domain(fjord, "clinic.example")
    assert fjord.domains.get().domain == "clinic.example"


def test_public_domain_is_refused() -> None:
    with pytest.raises(DomainError, match=r"Anybody gets an address at gmail\.com"):
        clinic("GMail.com")


def test_new_domain_takes_in_who_confirmed_an_address_there_before_and_nobody_else() -> None:
    fjord = OrganizationFactory.create()
    there = [newcomer(f"{name}@clinic.example") for name in ("ada", "placed", "former", "agent", "closed")]
    ada, placed, former, agent, closed = there
    unconfirmed, elsewhere = newcomer("eve@clinic.example"), newcomer("x@mail.clinic.example")
    for person in (*there, elsewhere):
        EmailAddress.objects.filter(user=person).update(verified=True)
    OrganizationMembershipFactory.create(user=placed, organization=fjord)
    User.objects.filter(pk=agent.pk).update(role=Role.AGENT)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    harbour = OrganizationFactory.create()
    OrganizationMembershipFactory.create(user=former, organization=harbour, is_active=False)
    give_domain(harbour, "clinic.example")
    assert list(OrganizationMembership.objects.filter(organization=harbour, is_active=True)) == [place_of(ada)]
    event = AuditEvent.objects.get(kind="organization_joined")
    assert (event.data["user_id"], event.data["domain_id"]) == (ada.pk, harbour.domains.get().pk)
    assert place_of(unconfirmed) is place_of(elsewhere) is None
    # One that is closed and opened again takes in who came meanwhile; saving it anew takes in nobody twice.
    late = newcomer("late@clinic.example")
    row = harbour.domains.get()
    for is_active in (False, True):
        row.is_active = is_active
        save_setup(change=Change(harbour, [], children=[Change(row, ["is_active"])]), by=SYSTEM, now=NOW)
        EmailAddress.objects.filter(user=late).update(verified=True)
    assert OrganizationMembership.objects.filter(organization=harbour, is_active=True).count() == 2
