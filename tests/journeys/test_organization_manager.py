"""The story of somebody who manages an organisation: they ask for a colleague, follow it, and say that it is solved."""

from typing import Final

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from helpdesk.actions import conversation, status
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.deliveries import send_due
from helpdesk.choices import Channel, MoveName, OrganizationRole, ResolutionKind
from helpdesk.models import Ticket, User
from tests.factories import (
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TeamFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
)

FORM: Final = "/tickets/new/printing/"


def letters() -> list[tuple[str, str]]:
    """To whom the desk wrote since the last look, and what."""
    consume_due(now=timezone.now(), limit=50)
    send_due(now=timezone.now(), limit=50)
    sent = [(message.to[0], str(message.body)) for message in mail.outbox]
    mail.outbox.clear()
    return sent


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Who manages a clinic, two who belong to it, and who works for the desk."""
    TierFactory.create(level=1)
    team, clinic = TeamFactory.create(), OrganizationFactory.create(name="Harbour Clinic")
    CategoryFactory.create(queue=QueueFactory.create(teams=[team]), code="printing")
    found = {name: UserFactory.create(name=name, email=f"{name}@clinic.example") for name in ("jonas", "ida", "per")}
    for name, person in found.items():
        place = OrganizationRole.MANAGER if name == "jonas" else OrganizationRole.MEMBER
        OrganizationMembershipFactory.create(user=person, organization=clinic, role=place)
    # She never signed up: the receipt tells her how to get in.
    found["ida"].set_unusable_password()
    found["ida"].save()
    return {**found, "mara": make_agent(team, name="Mara Silva")}


def _file_for_ida(client: Client) -> Ticket:
    page = client.get(FORM)
    assert [person.name for person in page.context["colleagues"]] == ["ida", "jonas", "per"]
    typed = {"subject": "No paper on ward 3", "text": "Ida cannot print.", "follow": "on"}
    typed["key"] = page.context["form"].next_key
    # What fits nobody is said at its field, and nothing is lost.
    wrong = client.post(FORM, {**typed, "requester": "Hugo"})
    assert wrong.status_code == 422
    assert "Nobody in your organisation is called “Hugo”." in wrong.content.decode()
    assert "Ida cannot print." in wrong.content.decode()
    done = client.post(FORM, {**typed, "requester": "ida"}, follow=True)
    ticket = Ticket.objects.get()
    assert f"{ticket.ref} is filed for ida, who gets a mail about it." in done.content.decode()
    assert "filed by jonas" in done.content.decode()
    return ticket


def test_manager_asks_for_a_colleague_follows_it_and_confirms(client: Client, people: dict[str, User]) -> None:
    mara = actor(people["mara"], Channel.DESK)
    client.force_login(people["jonas"])
    ticket = _file_for_ida(client)
    ((to, receipt),) = letters()
    assert to == "ida@clinic.example"
    assert "jonas asked us for help for you." in receipt
    assert "Forgot your password?" in receipt
    conversation.reply(ticket=ticket, body="The tray is empty.", by=mara, now=timezone.now())
    assert {to for to, _text in letters()} == {"ida@clinic.example", "jonas@clinic.example"}
    status.make_move(
        ticket=ticket, move=MoveName.RESOLVE, by=mara, now=timezone.now(), text="Filled.",
        resolution_kind=ResolutionKind.FIXED,
    )  # fmt: skip
    assert "This solved it" in client.get(f"/tickets/{ticket.ref}/").content.decode()
    client.post(f"/tickets/{ticket.ref}/confirm/", {})
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_colleague_who_manages_nothing_is_not_asked_for_whom_it_is(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["per"])
    assert "For whom?" not in client.get(FORM).content.decode()
    client.post(FORM, {"subject": "Mine", "text": "For me.", "requester": "ida"})
    assert Ticket.objects.get(subject="Mine").requester == people["per"]
