"""Who follows a ticket, who may let them, and what they get to see and to say."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from helpdesk.actions import conversation, people, watching
from helpdesk.actors import SYSTEM
from helpdesk.choices import Channel, Role, Status
from helpdesk.errors import Code, DomainError
from helpdesk.models import Attachment, AuditEvent, Blob, Ticket, TicketEvent, User, Watcher
from helpdesk.permissions import Right, may
from helpdesk.selectors import conversation as said
from helpdesk.selectors import tickets
from helpdesk.selectors.watchers import watchers_of
from tests.factories import QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def add(d: Desk, email: str, name: str = "") -> Ticket:
    return watching.add_watcher(ticket=d.ticket, email=email, name=name, by=d.me(), now=LATER)


def names(ticket: Ticket) -> list[str]:
    return [str(person) for person in watchers_of(ticket)]


def test_stranger_who_is_added_becomes_somebody_who_can_claim_the_account(d: Desk) -> None:
    d.requester.time_zone = "Europe/Berlin"
    add(d, " Bob@Example.org ", "  Bob   Stone ")
    bob = User.objects.get(email="bob@example.org")
    assert (bob.name, bob.role, bob.has_usable_password(), bob.created_at) == ("Bob Stone", "requester", False, LATER)
    assert bob.time_zone == "Europe/Berlin"
    assert list(EmailAddress.objects.filter(user=bob).values_list("email", "primary", "verified")) == [
        ("bob@example.org", True, False)
    ]
    assert names(d.ticket) == ["Bob Stone"]
    assert d.record() == ["ticket_created", "watcher_added"]
    assert AuditEvent.objects.get(kind="person_added").actor == d.requester


def test_somebody_known_is_added_by_any_of_their_addresses_and_keeps_their_name(d: Desk) -> None:
    bob = UserFactory.create(name="Bob", email="bob@example.org")
    EmailAddress.objects.create(user=bob, email="stone@example.org", verified=True)
    add(d, "STONE@example.org", "Somebody")
    assert (names(d.ticket), User.objects.filter(name="Somebody").exists()) == (["Bob"], False)


def test_adding_twice_is_no_change(d: Desk) -> None:
    for _click in range(2):
        add(d, "bob@example.org")
    assert d.record().count("watcher_added") == 1


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "x" * 250 + "@example.org", "a b@example.org"])
def test_address_that_is_none_is_refused_at_its_field(d: Desk, address: str) -> None:
    with pytest.raises(DomainError) as refusal:
        add(d, address)
    assert refusal.value.field == "email"
    assert not Watcher.objects.exists()


def test_requester_auditor_and_closed_account_are_no_watchers(d: Desk) -> None:
    with pytest.raises(DomainError, match="is told anyway"):
        add(d, d.requester.email)
    for person in (UserFactory.create(role=Role.AUDITOR), UserFactory.create(is_active=False)):
        with pytest.raises(DomainError, match="cannot be added"):
            add(d, person.email)
    assert d.record() == ["ticket_created"]


def test_watcher_who_became_auditor_watches_no_longer(d: Desk) -> None:
    add(d, "bob@example.org")
    User.objects.filter(email="bob@example.org").update(role=Role.AUDITOR)
    assert names(d.ticket) == []
    assert not may(actor(User.objects.get(email="bob@example.org")), Right.REPLY, d.ticket)


def test_ticket_has_twenty_watchers_at_most(d: Desk) -> None:
    for number in range(20):
        watching.add_watcher(ticket=d.ticket, email=f"w{number}@example.org", by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="20 people follow"):
        watching.add_watcher(ticket=d.ticket, email="one@example.org", by=d.desk(), now=LATER)
    assert not User.objects.filter(email="one@example.org").exists()
    User.objects.filter(email="w0@example.org").update(is_active=False)
    watching.add_watcher(ticket=d.ticket, email="one@example.org", by=d.desk(), now=LATER)


def test_desk_does_not_write_to_itself(d: Desk, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Watchdesk <Desk@example.org>"
    with pytest.raises(DomainError, match="cannot be added"):
        add(d, "desk@example.org")


def test_requester_adds_ten_people_a_day_known_or_not(d: Desk) -> None:
    known = UserFactory.create()
    add(d, known.email)
    for number in range(9):
        add(d, f"w{number}@example.org")
    other = UserFactory.create()
    for address in (other.email, "new@example.org"):
        with pytest.raises(DomainError, match="tomorrow"):
            add(d, address)
    another = make_ticket(d.requester, d.queue)
    watching.add_watcher(ticket=another, email=known.email, by=d.me(), now=LATER)
    watching.add_watcher(ticket=d.ticket, email="new@example.org", by=d.me(), now=LATER + timedelta(days=1))
    assert Watcher.objects.filter(ticket=d.ticket).count() == 11


def test_nobody_is_written_to_by_adding_and_removing_without_end(d: Desk) -> None:
    bob = UserFactory.create()
    for _time in range(50):
        add(d, bob.email)
        watching.remove_watcher(ticket=d.ticket, who=bob, by=d.me(), now=LATER)
    with pytest.raises(DomainError, match="tomorrow"):
        add(d, bob.email)


def test_watcher_reads_public_words_answers_and_no_more(d: Desk) -> None:
    bob = UserFactory.create(email="bob@example.org")
    conversation.add_note(ticket=d.ticket, body="Secret.", by=d.desk(), now=LATER)
    add(d, bob.email)
    me = actor(bob)
    assert [message.body for message in said.messages(me, d.ticket)] == ["It smokes since nine."]
    assert list(tickets.followed_by(me)) == list(tickets.visible_to(me)) == [d.ticket]
    assert not tickets.requested_by(me).exists()
    conversation.reply(ticket=d.ticket, body="It smokes here too.", by=me, now=LATER)
    for what in (Right.ADD_WATCHER, Right.CONFIRM, Right.REOPEN, Right.WORK, Right.READ_NOTES):
        assert not may(me, what, d.ticket), what
    with pytest.raises(DomainError) as refusal:
        watching.add_watcher(ticket=d.ticket, email="c@example.org", by=me, now=LATER)
    assert refusal.value.code is Code.FORBIDDEN


def test_answer_of_a_watcher_is_one_of_the_requesters_side(d: Desk) -> None:
    bob = UserFactory.create(email="bob@example.org")
    add(d, bob.email)
    d.move(conversation.MoveName.ASK, d.desk(), "Which printer?")
    conversation.reply(ticket=d.ticket, body="The red one.", by=actor(bob), now=LATER)
    assert (d.now().status, d.now().unanswered_since) == (Status.OPEN, LATER)


def test_removed_watcher_is_out_at_once(d: Desk) -> None:
    bob = UserFactory.create(email="bob@example.org")
    add(d, bob.email)
    watching.remove_watcher(ticket=d.ticket, who=bob, by=d.me(), now=LATER)
    watching.remove_watcher(ticket=d.ticket, who=bob, by=d.me(), now=LATER)
    assert d.record()[1:] == ["watcher_added", "watcher_removed"]
    assert not tickets.visible_to(actor(bob)).exists()


def test_watcher_leaves_by_themselves_and_removes_nobody_else(d: Desk) -> None:
    bob, eve = UserFactory.create(email="bob@example.org"), UserFactory.create(email="eve@example.org")
    for person in (bob, eve):
        add(d, person.email)
    with pytest.raises(DomainError):
        watching.remove_watcher(ticket=d.ticket, who=bob, by=actor(eve), now=LATER)
    watching.remove_watcher(ticket=d.ticket, who=eve, by=actor(eve), now=LATER)
    assert list(watchers_of(d.ticket)) == [bob]


def test_colleague_follows_a_ticket_by_themselves(d: Desk) -> None:
    for _click in range(2):
        watching.watch(ticket=d.ticket, by=d.desk(2), now=LATER)
    event = TicketEvent.objects.get(kind="watcher_added")
    assert (event.actor_id, event.data) == (d.agents[1].pk, {"user_id": d.agents[1].pk, "with_words": False})
    with pytest.raises(DomainError, match="your own ticket"):
        watching.watch(ticket=d.ticket, by=d.me(), now=LATER)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINING_SPECIALIST, Role.AGENT, Role.REQUESTER])
def test_nobody_gives_themselves_the_right_to_speak_by_watching(d: Desk, role: Role) -> None:
    with pytest.raises(DomainError) as refusal:
        watching.watch(ticket=d.ticket, by=actor(UserFactory.create(role=role), Channel.DESK), now=LATER)
    assert refusal.value.code is Code.FORBIDDEN


def test_who_followed_the_old_ticket_follows_the_one_that_a_late_answer_starts(d: Desk) -> None:
    bob = UserFactory.create(name="Bob", email="bob@example.org")
    add(d, bob.email)
    d.resolve()
    d.move(conversation.MoveName.CONFIRM, d.me())
    late = LATER + timedelta(days=100)
    new = conversation.reply(ticket=d.ticket, body="Again.", by=actor(bob), now=late)
    assert new != d.ticket
    assert (new.requester, names(new)) == (d.requester, ["Bob"])
    assert may(actor(bob), Right.VIEW, new)


def test_agent_adds_watchers_and_stranger_does_not(d: Desk) -> None:
    watching.add_watcher(ticket=d.ticket, email="bob@example.org", by=d.desk(), now=LATER)
    watching.add_watcher(ticket=d.ticket, email="eve@example.org", by=SYSTEM, now=LATER)
    elsewhere = make_agent(TeamFactory.create())
    with pytest.raises(DomainError):
        watching.add_watcher(ticket=d.ticket, email="x@example.org", by=actor(elsewhere), now=LATER)
    assert Watcher.objects.count() == 2


def test_files_of_a_watched_ticket_are_listed_like_its_words(d: Desk) -> None:
    bob = UserFactory.create(email="bob@example.org")
    conversation.add_note(ticket=d.ticket, body="Secret.", by=d.desk(), now=LATER)
    for ticket in (d.ticket, make_ticket(queue=QueueFactory.create())):
        for message in ticket.messages.all():
            blob = Blob.objects.create(sha256="0" * 64, size=1, media_type="text/plain", key=f"{message.pk}")
            Attachment.objects.create(message=message, blob=blob, name=message.body)
    assert not said.attachments_visible_to(actor(bob)).exists()
    add(d, bob.email)
    assert [file.name for file in said.attachments_visible_to(actor(bob))] == ["It smokes since nine."]


def test_profile_is_ones_own_to_change(d: Desk) -> None:
    me = d.me()
    person = people.change_profile(name="  Ida  Berg ", time_zone="Asia/Tokyo", language="en", by=me, now=LATER)
    assert (person.name, person.time_zone) == ("Ida Berg", "Asia/Tokyo")
    people.change_profile(name="Ida Berg", time_zone="Asia/Tokyo", language="en", by=me, now=LATER)
    event = AuditEvent.objects.get(kind="profile_changed")
    assert event.data == {"fields": ["name", "time_zone"], "values": {"time_zone": "Asia/Tokyo"}}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_profile_that_cannot_be_is_refused_at_its_field(d: Desk, typed: dict[str, str], field: str) -> None:
    values = {"name": "Ida", "time_zone": "UTC", "language": "en"} | typed
    with pytest.raises(DomainError) as refusal:
        people.change_profile(**values, by=d.me(), now=LATER)
    assert refusal.value.field == field


def test_person_with_a_name_that_does_not_fit_is_not_added() -> None:
    with pytest.raises(DomainError, match="room for 120") as refusal:
        people.add_person(name="x" * 121, email="a@example.org", by=SYSTEM, now=LATER)
    assert refusal.value.field == "name"
