"""Mail through a real server: who is told what, in whose language, and what happens when the server refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.actions import assignment, conversation, deliveries, status, tiers, watching
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import Channel, MoveName, Role
from helpdesk.models import Brand, Delivery, TeamMembership, Ticket, User
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TeamFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.mailserver import MailServer, mail_server

__all__ = ["mail_server"]
pytestmark = pytest.mark.django_db


def leave(**later: float) -> None:
    """Let consumers and senders do all that is due."""
    now = timezone.now() + timedelta(**later)
    consume_due(now=now, limit=500)
    deliveries.send_due(now=now, limit=500)


class Story:
    def __init__(self) -> None:
        self.team = TeamFactory.create(tier=TierFactory.create(level=1))
        TierFactory.create(level=2)
        self.ida: User = UserFactory.create(name="Ida Berg", email="ida@example.org")
        self.mara = make_agent(self.team, name="Mara Silva", email="mara@example.org")
        self.ticket: Ticket = make_ticket(self.ida, QueueFactory.create(teams=[self.team]))
        self.desk, self.me = actor(self.mara, Channel.DESK), actor(self.ida)

    def take(self) -> None:
        assignment.assign(ticket=self.ticket, to=self.mara, seen_assignee_id=None, by=self.desk, now=NOW)

    def move(self, move: MoveName, text: str = "", kind: str = "", *, by_requester: bool = False) -> None:
        by = self.me if by_requester else self.desk
        status.make_move(ticket=self.ticket, move=move, by=by, now=NOW, text=text, resolution_kind=kind)

    def reply(self, text: str, *, by_requester: bool = False) -> None:
        by = self.me if by_requester else self.desk
        conversation.reply(ticket=self.ticket, body=text, by=by, now=NOW)


@pytest.fixture
def s() -> Story:
    return Story()


def words(server: MailServer, address: str) -> list[str]:
    """The second paragraph of each mail to an address: what happened."""
    return [mail.get_body(("plain",)).get_content().splitlines()[2] for mail in server.to(address)]  # type: ignore[union-attr]


def test_requester_and_assignee_are_told_of_what_the_other_does(s: Story, mail_server: MailServer) -> None:
    s.take()
    s.move(MoveName.ASK, "Which printer?")
    s.reply("The red one.", by_requester=True)
    s.move(MoveName.START)
    s.move(MoveName.HOLD, "The vendor sleeps.")
    s.move(MoveName.RESOLVE, "Put it out.", "fixed")
    s.move(MoveName.REJECT, "It burns.", by_requester=True)
    s.move(MoveName.RESOLVE, "Sand.", "fixed")
    s.move(MoveName.CONFIRM, by_requester=True)
    leave()
    assert words(mail_server, "ida@example.org") == [
        "We have received your report and will answer here.",
        "Mara Silva answered you. We need your answer to go on.",
        "Mara Silva is working on it.",
        "Your ticket has to wait for somebody else; we go on as soon as we can.",
        "Mara Silva believes that this is solved. Please tell us whether it is.",
        "Mara Silva believes that this is solved. Please tell us whether it is.",
    ]
    assert words(mail_server, "mara@example.org") == [
        "Ida Berg answered. The ticket is open again.",
        "Ida Berg says that it is still a problem. The ticket is open again.",
        "Ida Berg confirmed that it is solved. The ticket is closed.",
    ]


def test_assignee_is_told_what_a_colleague_does_with_their_ticket(s: Story, mail_server: MailServer) -> None:
    s.take()
    sam = actor(make_agent(s.team, name="Sam Rivera"), Channel.DESK)
    for move, text, kind in (
        (MoveName.HOLD, "The vendor sleeps.", ""),
        (MoveName.START, "", ""),
        (MoveName.RESOLVE, "Sand.", "fixed"),
    ):
        status.make_move(ticket=s.ticket, move=move, by=sam, now=NOW, text=text, resolution_kind=kind)
    status.close_quiet(now=NOW + timedelta(days=30), limit=1)
    leave()
    assert words(mail_server, "mara@example.org") == [
        "Sam Rivera put this ticket on hold.",
        "Sam Rivera is working on it.",
        "Sam Rivera resolved this ticket.",
        "The ticket closed by itself: the requester said nothing more.",
    ]


def test_requester_is_told_when_somebody_confirms_for_them(s: Story, mail_server: MailServer) -> None:
    place = OrganizationMembershipFactory.create(
        organization=OrganizationFactory.create(), user=UserFactory.create(), role="manager"
    )
    Ticket.objects.update(organization=place.organization)
    s.move(MoveName.RESOLVE, "Sand.", "fixed")
    status.make_move(ticket=s.ticket, move=MoveName.CONFIRM, by=actor(place.user), now=NOW)
    leave()
    assert words(mail_server, "ida@example.org")[-1] == "Thank you. Your ticket is closed."


def test_mail_of_a_ticket_has_its_reference_and_a_thread_of_its_own(s: Story, mail_server: MailServer) -> None:
    s.reply("Hello.")
    leave()
    first, second = mail_server.to("ida@example.org")
    assert first["Subject"] == second["Subject"] == f"[{s.ticket.ref}] The printer is on fire"
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert f"/tickets/{s.ticket.ref}/" in first.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_internal_words_are_never_mailed_to_the_requester(s: Story, mail_server: MailServer) -> None:
    s.take()
    conversation.add_note(ticket=s.ticket, body="Secret-1", by=s.desk, now=NOW)
    s.move(MoveName.HOLD, "Secret-2")
    tiers.escalate(ticket=s.ticket, reason="Secret-3", by=s.desk, now=NOW)
    leave()
    sent = b"".join(bytes(mail) for mail in mail_server.to("ida@example.org"))
    assert mail_server.to("ida@example.org")
    assert b"Secret" not in sent


def test_note_is_mailed_to_the_assignee_who_may_read_it(s: Story, mail_server: MailServer) -> None:
    s.take()
    other = make_agent(s.team)
    conversation.add_note(ticket=s.ticket, body="Look at the fuse.", by=actor(other), now=NOW)
    leave()
    assert "Look at the fuse." in mail_server.to("mara@example.org")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_who_lost_the_right_meanwhile_gets_no_mail(s: Story, mail_server: MailServer) -> None:
    s.take()
    s.reply("Anybody there?", by_requester=True)
    TeamMembership.objects.update(is_active=False)
    leave()
    assert mail_server.to("mara@example.org") == []
    assert Delivery.objects.get(recipient=s.mara).cancel_reason == "unwanted"


def test_deactivated_person_gets_no_mail(s: Story, mail_server: MailServer) -> None:
    User.objects.filter(pk=s.ida.pk).update(is_active=False)
    leave()
    assert mail_server.mails == []


def test_nobody_is_told_of_what_they_did_themselves_but_for_the_receipt(s: Story, mail_server: MailServer) -> None:
    s.take()
    s.reply("One.", by_requester=True)
    leave()
    assert words(mail_server, "ida@example.org") == ["We have received your report and will answer here."]


def test_script_in_a_ticket_is_inert_in_its_mail(mail_server: MailServer) -> None:
    evil = "<script>alert(1)</script>"
    make_ticket(UserFactory.create(name=evil, email="e@example.org"), subject=evil, body=f"{evil} **bold**")
    leave()
    html = mail_server.to("e@example.org")[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in html
    assert "<strong>bold</strong>" in html


def test_line_breaks_in_a_subject_start_no_header(mail_server: MailServer) -> None:
    make_ticket(UserFactory.create(email="e@example.org"), subject="Hello\r\nBcc: all@example.org")
    leave()
    mail = mail_server.to("e@example.org")[0]
    assert mail["Bcc"] is None
    assert mail["Subject"].endswith("Hello Bcc: all@example.org")


def test_refused_address_is_given_up_at_once(s: Story, mail_server: MailServer) -> None:
    mail_server.rcpt_answer = "550 No such mailbox here"
    leave()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("given_up", 1)
    assert "No such mailbox" in delivery.last_error


@pytest.mark.parametrize("answer", ["451 Try again later", "421 Busy"])
def test_server_that_is_busy_is_tried_again_with_the_same_message_id(
    s: Story, mail_server: MailServer, answer: str
) -> None:
    mail_server.data_answer = answer
    leave()
    assert Delivery.objects.get().state == "waiting"
    mail_server.data_answer = ""
    leave(minutes=2)
    delivery = Delivery.objects.get()
    assert [mail["Message-ID"] for mail in mail_server.mails] == [delivery.provider_id]
    assert str(delivery.token) in delivery.provider_id


def test_server_that_is_down_loses_nothing(s: Story, settings: object, mail_server: MailServer) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # type: ignore[attr-defined]
    leave()
    assert Delivery.objects.get().state == "waiting"
    settings.EMAIL_PORT = port  # type: ignore[attr-defined]
    leave(minutes=2)
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize(
    ("language", "spoken", "said"),
    [("de", "de", "Ihre Meldung ist bei uns eingegangen"), ("fr", "en", "We have received your report")],
)
def test_mail_speaks_the_readers_language_if_the_desk_offers_it(
    mail_server: MailServer, language: str, spoken: str, said: str
) -> None:
    make_ticket(UserFactory.create(language=language, email="d@example.org"))
    leave()
    html = mail_server.to("d@example.org")[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f'lang="{spoken}"' in html
    assert said in html


def test_auditor_as_requester_reads_like_everybody(mail_server: MailServer) -> None:
    auditor = UserFactory.create(role=Role.AUDITOR, email="a@example.org")
    agent = make_agent(TeamFactory.create())
    make_ticket(agent, on_behalf_of=auditor)
    leave()
    assert len(mail_server.to("a@example.org")) == 1


def test_mail_goes_out_under_the_brand(s: Story, mail_server: MailServer) -> None:
    Brand.objects.create(name="Nordlicht Help", accent="#7a1f5c")
    leave()
    (mail,) = mail_server.to("ida@example.org")
    assert mail["From"].startswith("Nordlicht Help <")
    assert mail.get_body(("plain",)).get_content().rstrip().endswith("Nordlicht Help")  # type: ignore[union-attr]
    assert "#7a1f5c" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_watcher_is_told_what_the_requester_is_told_in_words_of_their_own(s: Story, mail_server: MailServer) -> None:
    s.take()
    watching.add_watcher(ticket=s.ticket, email="bob@example.org", by=s.me, now=NOW)
    s.move(MoveName.ASK, "Which printer?")
    s.reply("The red one.", by_requester=True)
    s.move(MoveName.START)
    conversation.add_note(ticket=s.ticket, body="Secret", by=s.desk, now=NOW)
    s.move(MoveName.RESOLVE, "Put it out.", "fixed")
    s.move(MoveName.REJECT, "It burns.", by_requester=True)
    s.move(MoveName.RESOLVE, "Sand.", "fixed")
    status.close_quiet(now=NOW + timedelta(days=30), limit=1)
    leave()
    assert words(mail_server, "bob@example.org") == [
        (
            "Ida Berg added you to this ticket. You can read it and answer, and get a mail of each answer. "
            "If you are here for the first time, choose “Forgot your password?” at the entrance to get in."
        ),
        "Mara Silva answered. We need an answer to go on.",
        "Ida Berg answered.",
        "Mara Silva believes that this is solved.",
        "Ida Berg said that it is still a problem. We go on.",
        "Mara Silva believes that this is solved.",
        "Nobody said more after this was solved, so the ticket is closed now.",
    ]
    sent = b"".join(bytes(mail) for mail in mail_server.to("bob@example.org"))
    assert b"Secret" not in sent
    assert b"Your ticket" not in sent
    assert f"/tickets/{s.ticket.ref}/".encode() in sent
    assert b"Hello bob@example.org," in sent


def test_watchers_words_are_mailed_to_requester_and_assignee_and_not_to_themselves(
    s: Story, mail_server: MailServer
) -> None:
    s.take()
    watching.add_watcher(ticket=s.ticket, email="bob@example.org", name="Bob", by=s.me, now=NOW)
    conversation.reply(ticket=s.ticket, body="Here too.", by=actor(User.objects.get(email="bob@example.org")), now=NOW)
    leave()
    assert words(mail_server, "ida@example.org")[-1] == "Bob answered you."
    assert words(mail_server, "mara@example.org") == ["Bob answered."]
    assert len(mail_server.to("bob@example.org")) == 1


def test_removed_watcher_gets_no_further_mail_whatever_else_they_may_read(s: Story, mail_server: MailServer) -> None:
    grace = UserFactory.create(role=Role.MANAGER, email="grace@example.org")
    watching.watch(ticket=s.ticket, by=actor(grace, Channel.DESK), now=NOW)
    s.reply("One.")
    leave()
    s.reply("Two.")
    watching.remove_watcher(ticket=s.ticket, who=grace, by=actor(grace, Channel.DESK), now=NOW)
    leave()
    assert words(mail_server, "grace@example.org") == ["Mara Silva answered."]
    assert b"/admin/" in bytes(mail_server.to("grace@example.org")[0])


def test_assignee_who_watches_gets_one_mail(s: Story, mail_server: MailServer) -> None:
    s.take()
    watching.watch(ticket=s.ticket, by=s.desk, now=NOW)
    s.reply("One.", by_requester=True)
    leave()
    assert words(mail_server, "mara@example.org") == ["Ida Berg answered."]


def test_late_answer_is_told_to_those_who_followed(s: Story, mail_server: MailServer) -> None:
    for name in ("bob", "eve"):
        watching.add_watcher(ticket=s.ticket, email=f"{name}@example.org", by=s.me, now=NOW)
    s.move(MoveName.RESOLVE, "Sand.", "fixed")
    s.move(MoveName.CONFIRM, by_requester=True)
    eve = User.objects.get(email="eve@example.org")
    later = NOW + timedelta(days=90)
    conversation.reply(ticket=s.ticket, body="Again.", by=actor(eve), now=later)
    leave()
    told = words(mail_server, "bob@example.org")
    assert told[-1] == "eve@example.org answered a closed ticket that you follow. That started this new one."
    assert words(mail_server, "ida@example.org")[-1] == "We have received your report and will answer here."
    assert len(mail_server.to("eve@example.org")) == len(told) - 1


def test_mails_of_a_run_go_by_one_conversation_as_long_as_the_server_goes_along(
    s: Story, mail_server: MailServer
) -> None:
    for number in range(4):
        s.reply(f"Word {number}.")
    consume_due(now=timezone.now(), limit=500)
    with deliveries.sessions():
        deliveries.send_due(now=timezone.now(), limit=3)
        mail_server.noop_answer = "421 Bye"
        deliveries.send_due(now=timezone.now(), limit=1)
        mail_server.noop_answer, mail_server.data_answer = "250 OK", "451 Not now"
        deliveries.send_due(now=timezone.now(), limit=1)
        mail_server.data_answer = ""
        deliveries.send_due(now=timezone.now() + timedelta(minutes=1), limit=1)
    first, *others, fourth, fifth = mail_server.conversations
    assert others == [first, first]
    assert len({id(one) for one in (first, fourth, fifth)}) == 3
    assert not Delivery.objects.filter(sent_at=None).exists()
