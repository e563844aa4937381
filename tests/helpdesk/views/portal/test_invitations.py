"""Staff are invited by mail: one link, once, for some days, for one person."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from helpdesk.actions import invitations
from helpdesk.actions.deliveries import send_due
from helpdesk.adapters.letters import compose
from helpdesk.choices import Role
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, Delivery, Invitation, TeamMembership, User
from tests.factories import TeamFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.entrance import PASSWORD, ClientOf, is_in, link_in, log_in, mails, with_account
from tests.together import together

pytestmark = pytest.mark.django_db
PAGE = "/admin/people/invitations/"


@pytest.fixture
def boss() -> User:
    return with_account(f"boss-{secrets.token_hex(4)}@example.org", name="Ada Stern", role=Role.ADMINISTRATOR)


@pytest.fixture
def desk(client_of: ClientOf, boss: User) -> Client:
    return client_of(boss)


def invite(desk: Client, **typed: Any) -> Any:
    return desk.post(
        PAGE, {"name": "Robin Keller", "email": "Robin@example.org", "role": "agent", **typed}, follow=True
    )


def join(client: Client, link: str, **typed: str) -> Any:
    return client.post(link, {"name": "Robin K.", "password": PASSWORD, "time_zone": "Europe/Berlin", **typed})


def test_invited_person_joins_by_the_mailed_link(desk: Client, boss: User, client_of: ClientOf) -> None:
    team = TeamFactory.create(name="Front desk")
    assert "Robin Keller is invited." in text_of(invite(desk, teams=[team.pk]))
    ((subject, body),) = mails()
    assert subject == "You are invited to the desk of Watchdesk"
    assert "Ada Stern invites you" in body
    assert not User.objects.filter(email="robin@example.org").exists()
    client, link = client_of(), link_in(mails()[0])
    page = client.get(link)
    assert "Your role: Agent. Your teams: Front desk." in text_of(page)
    answer = join(client, link)
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    robin = User.objects.get(email="robin@example.org")
    assert (robin.name, robin.role, robin.time_zone) == ("Robin K.", Role.AGENT, "Europe/Berlin")
    assert TeamMembership.objects.get(user=robin).team == team
    assert EmailAddress.objects.get(user=robin).verified
    event = AuditEvent.objects.get(kind="invitation_accepted")
    assert (event.actor, event.data["role"]) == (robin, [None, "agent"])
    assert "Accepted" in text_of(desk.get(PAGE))
    again = client_of().get(link)
    assert again.status_code == 410
    assert join(client_of(), link, password="another one of mine").status_code == 410


def test_who_asks_for_help_here_already_keeps_the_account_and_is_promoted(desk: Client, client_of: ClientOf) -> None:
    robin = with_account("robin@example.org", name="Robin Keller")
    ticket = make_ticket(robin)
    old = client_of()
    log_in(old, robin.email)
    invite(desk)
    client, link = client_of(), link_in(mails()[0])
    page = client.get(link)
    assert "You have an account with robin@example.org already" in text_of(page)
    assert 'name="password"' not in page.content.decode()
    assert client.post(link)["Location"] == "/accounts/login/"
    robin.refresh_from_db()
    assert (robin.role, robin.check_password(PASSWORD), robin.name) == (Role.AGENT, True, "Robin Keller")
    assert ticket.requester == robin
    assert not is_in(client)
    assert not is_in(old)
    assert log_in(client_of(), robin.email)["Location"] == "/admin/"


def test_who_was_written_down_chooses_a_password(desk: Client, client_of: ClientOf) -> None:
    robin = UserFactory.create(email="robin@example.org", name="Robin Keller")
    robin.set_unusable_password()
    robin.save()
    invite(desk)
    client, link = client_of(), link_in(mails()[0])
    assert "Choose a password to log in with." in text_of(client.get(link))
    assert client.post(link, {"password": PASSWORD})["Location"] == "/admin/"
    robin.refresh_from_db()
    assert (robin.role, robin.check_password(PASSWORD)) == (Role.AGENT, True)
    assert EmailAddress.objects.get(user=robin).verified


@pytest.mark.parametrize("password", ["12345678", "short", "robin@example.org", ""])
def test_weak_password_is_refused_in_words(desk: Client, client_of: ClientOf, password: str) -> None:
    invite(desk)
    page = join(client_of(), link_in(mails()[0]), password=password)
    assert page.status_code == 422
    assert 'href="#id_password"' in page.content.decode()
    assert not User.objects.filter(email="robin@example.org").exists()


def test_opening_the_link_changes_nothing(desk: Client, client_of: ClientOf) -> None:
    invite(desk)
    for _time in range(3):
        assert client_of().get(link_in(mails()[0])).status_code == 200
    assert not User.objects.filter(email="robin@example.org").exists()


def test_link_ends(desk: Client, client_of: ClientOf) -> None:
    invite(desk)
    link = link_in(mails()[0])
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert join(client_of(), link).status_code == 410
        assert "The link is too old" in text_of(desk.get(PAGE))
    one = Invitation.objects.get()
    desk.post(f"{PAGE}{one.pk}/again/")
    newer = link_in(compose(Delivery.objects.latest("pk")))
    assert newer != link
    assert join(client_of(), link).status_code == 410
    desk.post(f"{PAGE}{one.pk}/withdraw/")
    assert join(client_of(), newer).status_code == 410
    page = desk.post(f"{PAGE}{one.pk}/again/", follow=True)
    assert "This invitation was accepted or withdrawn already." in text_of(page)
    kinds = AuditEvent.objects.filter(subject_type="invitation").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["invitation_sent", "invitation_sent_again", "invitation_withdrawn"]


def test_mail_of_a_withdrawn_invitation_does_not_leave(desk: Client, mailoutbox: list[Any]) -> None:
    invite(desk)
    desk.post(f"{PAGE}{Invitation.objects.get().pk}/withdraw/")
    send_due(now=timezone.now(), limit=5)
    assert mailoutbox == []
    invite(desk)
    send_due(now=timezone.now(), limit=5)
    assert [mail.to for mail in mailoutbox] == [["robin@example.org"]]


def test_invitation_of_who_lost_the_right_does_not_hold(desk: Client, boss: User, client_of: ClientOf) -> None:
    invite(desk)
    boss.role = Role.AGENT
    boss.save()
    page = join(client_of(), link_in(mails()[0]))
    assert page.status_code == 403
    assert "This invitation does not hold any more." in text_of(page)
    assert not User.objects.filter(email="robin@example.org").exists()


@pytest.mark.parametrize("forged", ["x", "a:b:c", "%00", "W1wiMVwiXQ:1:x"])
def test_forged_link_is_none(client_of: ClientOf, forged: str) -> None:
    assert client_of().get(f"/accounts/invitation/{forged}/").status_code == 410


def test_link_of_somebody_else_asks_to_log_out_first(desk: Client, client_of: ClientOf) -> None:
    invite(desk)
    link = link_in(mails()[0])
    ida = client_of(with_account("ida@example.org", name="Ida Berg"))
    assert "This invitation is for robin@example.org, and you are logged in as Ida Berg." in text_of(ida.post(link))
    assert not User.objects.filter(email="robin@example.org").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Write the name."),
        ({"name": "\u200b"}, "Write the name."),
        ({"email": "nonsense"}, "Write an address like name@example.org."),
        ({"role": "requester"}, "Choose a role at the desk."),
        ({"email": "colleague@example.org"}, "Colleague works here already."),
        ({"email": "gone@example.org"}, "Gone has a closed account with this address."),
        ({"email": "WAITING@example.org"}, "This address is invited already."),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk: Client, typed: dict[str, str], words: str) -> None:
    UserFactory.create(name="Colleague", email="colleague@example.org", role=Role.AGENT)
    UserFactory.create(name="Gone", email="gone@example.org", is_active=False)
    invite(desk, email="waiting@example.org")
    page = invite(desk, **typed)
    assert page.status_code in {409, 422}
    assert words in text_of(page)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.HEAD_OF_SUPPORT, Role.AUDITOR, Role.AGENT])
def test_nobody_else_invites(desk: Client, client_of: ClientOf, role: Role) -> None:
    invite(desk)
    one, other = Invitation.objects.get(), UserFactory.create(role=role)
    client = client_of(other)
    assert client.get(PAGE).status_code == 403
    assert invite(client, email="eve@example.org").status_code == 403
    for what in ("again", "withdraw"):
        assert client.post(f"{PAGE}{one.pk}/{what}/").status_code == 403
    with pytest.raises(DomainError, match="You may not invite people"):
        invitations.invite(
            name="Eve", email="eve@example.org", role=Role.AGENT, teams=[], by=actor(other), now=timezone.now()
        )


def test_page_costs_the_same_for_one_and_for_three(desk: Client, queries_of: Any) -> None:
    teams = [team.pk for team in (TeamFactory.create(), TeamFactory.create())]
    invite(desk, teams=teams)
    one = queries_of(desk, PAGE)
    for name in ("a", "b"):
        invite(desk, email=f"{name}@example.org", teams=teams)
    assert queries_of(desk, PAGE) == one


@pytest.mark.django_db(transaction=True)
def test_link_that_is_followed_twice_at_once_makes_one_person(desk: Client, client_of: ClientOf) -> None:
    invite(desk)
    link = link_in(mails()[0])
    answers = together(*(lambda: join(client_of(), link) for _time in range(2)))
    assert min(answer.status_code for answer in answers) == 302
    assert User.objects.filter(email="robin@example.org").count() == 1
    assert AuditEvent.objects.filter(kind="invitation_accepted").count() == 1
