"""The pages of people: their accounts, and that somebody can always look after the desk."""

from collections.abc import Callable

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from helpdesk.actions import assignment, setup, status, watching
from helpdesk.actors import SYSTEM
from helpdesk.choices import MoveName, Role
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, Ticket, TicketEvent, User
from helpdesk.selectors.watchers import watchers_of
from tests.factories import (
    NOW,
    OrganizationFactory,
    QueueFactory,
    TeamFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.helpdesk.admin.conftest import save
from tests.helpdesk.admin.test_setup import change, said

pytestmark = pytest.mark.django_db
ADD = "/admin/helpdesk/user/add/"


def test_person_is_added_and_can_claim_the_account(as_grace: Client) -> None:
    answer = save(as_grace, ADD, name="Ada", email="Ada@Example.org", role=Role.AGENT)
    assert answer.status_code == 302
    ada = User.objects.get(name="Ada")
    assert (ada.email, ada.role, ada.has_usable_password()) == ("ada@example.org", Role.AGENT, False)
    assert EmailAddress.objects.get(user=ada).verified is False
    event = AuditEvent.objects.latest("pk")
    assert (event.kind, event.subject_type, event.subject_id) == ("setup_added", "user", str(ada.pk))
    assert "ada" not in str(event.data).lower()


def test_change_of_a_role_is_on_record_with_both_roles(as_grace: Client, grace: User) -> None:
    ada = UserFactory.create(name="Ada Lovelace")
    assert save(as_grace, change(ada), role=Role.AGENT).status_code == 302
    event = AuditEvent.objects.latest("pk")
    assert event.data == {"fields": ["role"], "values": {"role": ["requester", "agent"]}}
    assert event.actor == grace


def test_name_goes_on_record_as_the_name_of_a_field_only(as_grace: Client) -> None:
    ada = UserFactory.create(name="Ada Byron")
    save(as_grace, change(ada), name="Ada Lovelace")
    assert AuditEvent.objects.latest("pk").data == {"fields": ["name"], "values": {}}


def test_deactivated_person_is_out_at_once(as_grace: Client, client_of: Callable[[User], Client]) -> None:
    mara = UserFactory.create(role=Role.AGENT)
    as_mara = client_of(mara)
    assert as_mara.get("/admin/").status_code == 200
    assert save(as_grace, change(mara), is_active=None).status_code == 302
    assert as_mara.get("/admin/").status_code == 302
    assert AuditEvent.objects.latest("pk").data["values"] == {"is_active": [True, False]}


@pytest.mark.parametrize("typed", [{"role": Role.REQUESTER}, {"is_active": None}])
def test_work_of_who_leaves_the_desk_is_given_back(as_grace: Client, grace: User, typed: dict[str, str | None]) -> None:
    team = TeamFactory.create()
    mara, queue = make_agent(team), QueueFactory.create(teams=[team])
    tickets = [make_ticket(queue=queue) for _ in range(3)]
    for ticket in tickets:
        assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    solved = tickets.pop()
    status.make_move(
        ticket=solved, move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=actor(mara), now=NOW
    )
    assert save(as_grace, change(mara), name="Mara Silva").status_code == 302
    assert Ticket.objects.filter(assignee=mara).count() == 3
    assert save(as_grace, change(mara), **typed).status_code == 302
    assert list(Ticket.objects.filter(assignee=mara)) == [solved]
    for ticket in tickets:
        event = TicketEvent.objects.filter(ticket=ticket).latest("seq")
        assert (event.kind, event.actor, event.data) == ("assigned", grace, {"from_id": mara.pk, "to_id": None})
        ticket.refresh_from_db()
        assert ticket.version == event.seq


@pytest.mark.parametrize("typed", [{"role": Role.REQUESTER}, {"is_active": None}])
def test_who_leaves_the_desk_watches_nothing_any_more(as_grace: Client, typed: dict[str, str | None]) -> None:
    team = TeamFactory.create()
    mara, ticket = make_agent(team), make_ticket(queue=QueueFactory.create(teams=[team]))
    watching.watch(ticket=ticket, by=actor(mara), now=NOW)
    assert save(as_grace, change(mara), name="Mara Silva").status_code == 302
    assert list(watchers_of(ticket)) == [mara]
    assert save(as_grace, change(mara), **typed).status_code == 302
    assert not ticket.watchers.exists()
    assert TicketEvent.objects.filter(ticket=ticket).latest("seq").kind == "watcher_removed"


def test_requester_goes_on_watching_when_their_name_is_mended(as_grace: Client) -> None:
    bob, ticket = UserFactory.create(name="Bbo"), make_ticket()
    watching.add_watcher(ticket=ticket, email=bob.email, by=actor(ticket.requester), now=NOW)
    assert save(as_grace, change(bob), name="Bob").status_code == 302
    assert list(watchers_of(ticket)) == [bob]


@pytest.mark.parametrize("typed", [{"role": Role.AGENT}, {"is_active": None}])
def test_nobody_takes_their_own_role_away(as_grace: Client, grace: User, typed: dict[str, str | None]) -> None:
    UserFactory.create(role=Role.ADMINISTRATOR)
    page = save(as_grace, change(grace), **typed)
    assert page.status_code == 422
    assert "Ask another administrator." in said(page)
    grace.refresh_from_db()
    assert (grace.role, grace.is_active) == (Role.ADMINISTRATOR, True)


def test_administrator_unseats_another_but_never_the_last(as_grace: Client, grace: User) -> None:
    other = UserFactory.create(role=Role.ADMINISTRATOR)
    assert save(as_grace, change(other), role=Role.AGENT).status_code == 302
    # Another system of that role mends nothing.
    UserFactory.create(role=Role.ADMINISTRATOR, is_integration=True)
    # Nobody but an administrator may change people today; the action holds for whoever may tomorrow.
    grace.role = Role.AGENT
    with pytest.raises(DomainError, match="is the last administrator"):
        setup.save_setup(change=setup.Change(grace, ["role"]), by=SYSTEM, now=NOW)


def test_action_refuses_who_has_not_the_right() -> None:
    person = UserFactory.create()
    person.role = Role.ADMINISTRATOR
    for role in set(Role) - {Role.ADMINISTRATOR}:
        by = actor(UserFactory.create(role=role))
        with pytest.raises(DomainError, match="You may not change this"):
            setup.save_setup(change=setup.Change(person, ["role"]), by=by, now=NOW)


def test_new_address_has_to_be_confirmed(as_grace: Client) -> None:
    ada = UserFactory.create(email="old@example.org")
    EmailAddress.objects.create(user=ada, email="old@example.org", primary=True, verified=True)
    assert save(as_grace, change(ada), email="New@example.org").status_code == 302
    ada.refresh_from_db()
    assert ada.email == "new@example.org"
    address = EmailAddress.objects.get(user=ada)
    assert (address.email, address.primary, address.verified) == ("new@example.org", True, False)


def test_link_that_went_to_the_old_address_confirms_no_new_one(as_grace: Client) -> None:
    ada = UserFactory.create(email="old@example.org")
    old = EmailAddress.objects.create(user=ada, email="old@example.org", primary=True, verified=False)
    key = EmailConfirmationHMAC.create(old).key
    assert EmailConfirmationHMAC.from_key(key) is not None
    assert save(as_grace, change(ada), email="new@example.org").status_code == 302
    assert EmailConfirmationHMAC.from_key(key) is None
    assert EmailAddress.objects.get(user=ada).email == "new@example.org"
    Client().post(reverse("account_confirm_email", args=[key]))
    assert EmailAddress.objects.get(user=ada).verified is False


def test_address_of_somebody_else_is_refused(as_grace: Client) -> None:
    ada, other = UserFactory.create(), UserFactory.create(email="taken@example.org")
    EmailAddress.objects.create(user=other, email="second@example.org", verified=True)
    for taken in ("TAKEN@example.org", "second@example.org"):
        assert "address" in said(save(as_grace, change(ada), email=taken))
    ada.refresh_from_db()
    assert ada.email not in {"taken@example.org", "second@example.org"}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.HEAD_OF_SUPPORT, Role.AUDITOR])
def test_who_sees_people_changes_none(as_role: Callable[[Role], Client], role: Role) -> None:
    ada, client = UserFactory.create(name="Ada"), as_role(role)
    page = client.get(change(ada))
    assert page.status_code == 200
    assert "English" in page.content.decode()
    assert client.post(change(ada), {"role": Role.ADMINISTRATOR}).status_code == 403
    assert client.post(ADD, {"name": "Eve"}).status_code == 403


def test_password_is_nowhere_on_the_page(as_grace: Client) -> None:
    ada = UserFactory.create()
    page = as_grace.get(change(ada)).content.decode()
    assert ada.password == "" or ada.password not in page
    assert 'name="password' not in page


def test_who_sets_a_mail_domain_is_told_before_how_many_people_join_by_it(as_grace: Client) -> None:
    harbour = OrganizationFactory.create()

    def confirmed(name: str) -> None:
        person = UserFactory.create(email=f"{name}@clinic.example")
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)

    confirmed("ada")
    page = save(as_grace, change(harbour), **{"domains-0-domain": "clinic.example"})
    assert "1 person with a confirmed address there will join." in said(page)
    assert 'name="domains-0-joining" value="1"' in page.content.decode()
    confirmed("bo")
    page = save(as_grace, change(harbour), **{"domains-0-domain": "clinic.example", "domains-0-joining": "1"})
    assert "2 people with confirmed addresses there will join." in said(page)
    assert not harbour.memberships.exists()
    done = save(as_grace, change(harbour), **{"domains-0-domain": "clinic.example", "domains-0-joining": "2"})
    assert done.status_code == 302
    assert harbour.memberships.count() == 2


def test_mail_domains_are_set_up_with_their_organisation(as_grace: Client) -> None:
    harbour = OrganizationFactory.create(name="Harbour Clinic")
    page = save(as_grace, change(harbour), **{"domains-0-domain": "gmail.com"})
    assert "Anybody gets an address at gmail.com" in said(page)
    assert save(as_grace, change(harbour), **{"domains-0-domain": "@Clinic.Example"}).status_code == 302
    assert harbour.domains.get().domain == "clinic.example"
    page = save(as_grace, change(OrganizationFactory.create()), **{"domains-0-domain": "clinic.EXAMPLE"})
    assert "Another organisation has this domain." in said(page)
    assert save(as_grace, change(harbour), **{"domains-0-domain": "other.example"}).status_code == 302
    assert harbour.domains.get().domain == "clinic.example"
    assert save(as_grace, change(harbour), **{"domains-0-is_active": None}).status_code == 302
    assert harbour.domains.get().is_active is False
    assert AuditEvent.objects.latest("pk").data["organization_id"] == harbour.pk


def _suggest(client: Client, term: str = "") -> object:
    return client.get(
        "/admin/autocomplete/",
        {"app_label": "helpdesk", "model_name": "teammembership", "field_name": "user", "term": term},
    )


def test_suggestions_tell_people_of_one_name_apart(as_grace: Client) -> None:
    TeamFactory.create()
    for address in ("one@example.org", "two@example.org"):
        UserFactory.create(name="Ada Lovelace", email=address)
    UserFactory.create(name="Ada Left", is_active=False)
    found = [row["text"] for row in _suggest(as_grace, "ada").json()["results"]]  # type: ignore[attr-defined]
    assert found == ["Ada Lovelace · one@example.org", "Ada Lovelace · two@example.org"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.QUALITY_LEAD, Role.REGIONAL_MANAGER])
def test_suggestions_are_for_who_sees_people(as_role: Callable[[Role], Client], role: Role) -> None:
    assert _suggest(as_role(role)).status_code == 403  # type: ignore[attr-defined]


def test_closed_account_is_out_for_good_and_comes_back_by_a_new_password(as_grace: Client) -> None:
    ada = UserFactory.create(name="Ada")
    ada.set_password("correct horse battery")
    ada.save()
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    typed = {"login": ada.email, "password": "correct horse battery"}
    hers = Client()
    hers.post("/accounts/login/", typed)
    assert hers.get("/tickets/").status_code == 200
    key = default_token_generator.make_token(User.objects.get(pk=ada.pk))
    assert save(as_grace, change(ada), is_active=None).status_code == 302
    assert not UserSession.objects.filter(user=ada).exists()
    assert save(as_grace, change(ada), is_active="on").status_code == 302
    ada.refresh_from_db()
    assert ada.is_active
    assert hers.get("/tickets/").status_code == 302
    assert default_token_generator.check_token(ada, key) is False
    assert Client().post("/accounts/login/", typed).status_code == 200
