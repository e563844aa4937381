"""What agents do with a ticket, and what they are told when it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helpdesk.actions import assignment, conversation, status
from helpdesk.choices import FieldKind, Role, Status, Visibility
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import FieldValue, Message, Queue, Team, Ticket, User
from tests.factories import NOW, CustomFieldFactory, UserFactory, actor, make_agent
from tests.helpdesk.views.desk.pages import post, text_of, url

KEY = "6a2f9a0e-6f0a-4b53-9a5e-0d6f3c9a1b11"


@pytest.fixture
def nia(team: Team) -> User:
    return make_agent(team, name="Nia Fofana")


def _told(client: Client, response: Any) -> str:
    """The page that a success leads to."""
    assert response.status_code == 302
    return text_of(client.get(response["Location"]))


def test_reply_is_sent_and_said(ticket: Ticket, as_mara: Client) -> None:
    page = _told(as_mara, post(as_mara, ticket, "reply", text="Hello **Ada**"))
    assert "Your reply is sent." in page
    message = Message.objects.latest("pk")
    assert (message.body, message.visibility, message.channel) == ("Hello **Ada**", Visibility.PUBLIC, "desk")


def test_note_is_added_for_the_desk_alone(ticket: Ticket, as_mara: Client) -> None:
    page = _told(as_mara, post(as_mara, ticket, "note", text="Between us"))
    assert "Only the desk reads it." in page
    assert Message.objects.latest("pk").visibility == Visibility.INTERNAL


def test_empty_reply_is_refused_at_its_field(ticket: Ticket, as_mara: Client) -> None:
    response = post(as_mara, ticket, "reply", text=" ")
    assert response.status_code == 422
    assert 'href="#reply-text"' in response.content.decode()
    assert Message.objects.count() == 1


def test_files_come_with_a_reply(ticket: Ticket, as_mara: Client) -> None:
    file = SimpleUploadedFile("log.txt", b"all is well")
    page = _told(as_mara, post(as_mara, ticket, "reply", text="See the log", files=[file]))
    assert "log.txt" in page


def test_files_survive_a_refusal(ticket: Ticket, as_mara: Client) -> None:
    refused = post(as_mara, ticket, "note", text="", files=[SimpleUploadedFile("log.txt", b"all is well")])
    assert "log.txt" in text_of(refused)
    note = refused.context["panels"]["note"].uploads.kept[0].note
    _told(as_mara, post(as_mara, ticket, "note", text="See the log", kept=note))
    assert [file.name for file in Message.objects.latest("pk").attachments.all()] == ["log.txt"]


def test_stale_reply_keeps_its_text_and_goes_out_the_second_time(ticket: Ticket, ada: User, as_mara: Client) -> None:
    ticket.refresh_from_db()
    conversation.reply(ticket=ticket, body="It stopped by itself.", by=actor(ada), now=NOW)
    response = post(as_mara, ticket, "reply", text="My long answer", key=KEY)
    page = response.content.decode()
    assert response.status_code == 409
    assert "My long answer" in page
    assert "Somebody wrote while you were writing" in page
    assert "It stopped by itself." in page
    again = as_mara.post(
        url(ticket, "reply"), {"text": "My long answer", "key": KEY, "seen_version": response.context["ticket"].version}
    )
    assert again.status_code == 302


def test_same_form_sent_twice_counts_once(ticket: Ticket, as_mara: Client) -> None:
    for _time in range(2):
        assert post(as_mara, ticket, "reply", text="Once", key=KEY).status_code == 302
    assert Message.objects.filter(body="Once").count() == 1


def test_of_two_who_take_at_once_the_second_is_told(
    ticket: Ticket, as_mara: Client, nia: User, mara: User, client_of: Callable[[User], Client]
) -> None:
    as_nia = client_of(nia)
    assert post(as_mara, ticket, "assign", to=mara.pk, seen_assignee="", take="1").status_code == 302
    second = post(as_nia, ticket, "assign", to=nia.pk, seen_assignee="", take="1")
    assert second.status_code == 409
    assert "Mara Silva took this ticket meanwhile." in text_of(second)
    ticket.refresh_from_db()
    assert ticket.assignee == mara


def test_ticket_is_given_to_somebody_and_to_nobody(ticket: Ticket, as_mara: Client, nia: User) -> None:
    page = _told(as_mara, post(as_mara, ticket, "assign", to=nia.pk, seen_assignee=""))
    assert f"Nia Fofana has {ticket.ref} now." in page
    page = _told(as_mara, post(as_mara, ticket, "assign", to="", seen_assignee=nia.pk))
    assert f"Nobody has {ticket.ref} now." in page


def test_assignment_can_be_taken_back(ticket: Ticket, as_mara: Client, mara: User, nia: User) -> None:
    post(as_mara, ticket, "assign", to=nia.pk, seen_assignee="")
    telling = as_mara.get(url(ticket)).context["tellings"][0]
    assert as_mara.post(telling.url, telling.fields).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_reply_asks_and_resolves_in_one_go(ticket: Ticket, as_mara: Client) -> None:
    post(as_mara, ticket, "move/ask", text="Which one?", beside="reply")
    refused = post(as_mara, ticket, "move/resolve", text="New cable.", resolution_kind="", beside="reply")
    assert refused.status_code == 422
    assert refused.context["panels"]["reply"].is_open
    assert "New cable.</textarea>" in refused.content.decode()
    assert "Choose how it was solved." in text_of(refused)
    page = _told(as_mara, post(as_mara, ticket, "move/resolve", text="New cable.", resolution_kind="fixed"))
    assert "“Resolved” now." in page


def test_reply_that_resolves_asks_for_the_answers_that_are_missing(
    ticket: Ticket, as_mara: Client, queue: Queue
) -> None:
    wanted = {"category": None, "queue": queue, "label": "What was it?", "is_required_to_resolve": True}
    CustomFieldFactory.create(**wanted, code="cause", kind=FieldKind.CHOICE, options=["Paper", "Toner"])
    post(as_mara, ticket, "move/start")
    ticket.refresh_from_db()
    shown = as_mara.get(url(ticket)).context["panels"]["reply"]
    assert [str(field.label) for field in shown.resolving.demanded] == ["How was it solved?", "What was it?"]
    said = {"text": "New cable.", "resolution_kind": "fixed", "beside": "reply"}
    refused = post(as_mara, ticket, "move/resolve", **said)
    assert refused.status_code == 422
    reply = refused.context["panels"]["reply"]
    assert reply.is_resolve_refused
    assert reply.resolving["resolution_kind"].value() == "fixed"
    assert 'id="reply-answer-queue.cause_error"' in refused.content.decode()
    # What was chosen for it is not lost by a reply that is refused for something else.
    other = post(as_mara, ticket, "reply", **{"text": "", "resolution_kind": "fixed", "answer-queue.cause": "Toner"})
    assert other.context["panels"]["reply"].resolving["answer-queue.cause"].value() == "Toner"
    post(as_mara, ticket, "move/resolve", **said, **{"answer-queue.cause": "Toner"})
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert FieldValue.objects.get(ticket=ticket).answer == "Toner"


def test_ticket_is_not_given_to_somebody_of_another_queue(ticket: Ticket, as_mara: Client) -> None:
    stranger = make_agent(name="Otto")
    response = post(as_mara, ticket, "assign", to=stranger.pk, seen_assignee="")
    assert response.status_code == 422
    assert "Nobody who works here is called" in text_of(response)


def test_assigning_to_nobody_in_particular_is_asked_about(ticket: Ticket, as_mara: Client) -> None:
    response = post(as_mara, ticket, "assign", to="", wants="1", seen_assignee="")
    assert response.status_code == 422
    assert "Write the name of somebody who works here." in text_of(response)


def test_administrator_takes_a_ticket_without_being_in_a_team(
    ticket: Ticket, client_of: Callable[[User], Client]
) -> None:
    boss = UserFactory.create(role=Role.ADMINISTRATOR, name="Grace")
    client = client_of(boss)
    page = _told(client, post(client, ticket, "assign", to=boss.pk, seen_assignee="", take="1"))
    assert f"You have {ticket.ref} now." in page


@pytest.mark.parametrize(
    ("name", "data", "after"),
    [
        ("start", {}, Status.IN_PROGRESS),
        ("ask", {"text": "Which one?"}, Status.PENDING),
        ("hold", {"text": "The supplier."}, Status.ON_HOLD),
        ("resolve", {"text": "New cable.", "resolution_kind": "fixed"}, Status.RESOLVED),
    ],
)
def test_moves_move(ticket: Ticket, as_mara: Client, name: str, data: dict[str, str], after: Status) -> None:
    page = _told(as_mara, post(as_mara, ticket, f"move/{name}", **data))
    assert f"{ticket.ref} is “{after.label}” now." in page


@pytest.mark.parametrize(
    ("data", "words", "field"),
    [
        ({"text": "", "resolution_kind": "fixed"}, "Write how it was solved", "text"),
        ({"text": "New cable.", "resolution_kind": ""}, "Choose how it was solved.", "resolution_kind"),
    ],
)
def test_move_says_at_its_field_what_it_lacks(
    ticket: Ticket, as_mara: Client, data: dict[str, str], words: str, field: str
) -> None:
    response = post(as_mara, ticket, "move/resolve", **data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'href="#resolve-{field}"' in page
    assert data["text"] in page


def test_words_of_a_move_that_is_illegal_meanwhile_are_not_lost(ticket: Ticket, as_mara: Client, nia: User) -> None:
    status.make_move(
        ticket=ticket, move=MoveName.RESOLVE, text="New cable.", resolution_kind="fixed", by=actor(nia), now=NOW
    )
    response = post(as_mara, ticket, "move/hold", text="We wait for the supplier.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "is not possible while the ticket is “Resolved”" in page
    assert "We wait for the supplier.</textarea>" in page
    assert "/move/hold/" not in page


def test_ticket_climbs_with_a_reason_and_never_without(ticket: Ticket, as_mara: Client) -> None:
    refused = post(as_mara, ticket, "escalate", text="")
    assert refused.status_code == 422
    assert 'href="#escalate-text"' in refused.content.decode()
    page = _told(as_mara, post(as_mara, ticket, "escalate", text="Needs an engineer"))
    assert f"{ticket.ref} is at Tier 2 now." in page
    ticket.refresh_from_db()
    assert "Tier 1 now" in _told(as_mara, post(as_mara, ticket, "deescalate", text="Was the cable"))


def test_of_two_who_escalate_at_once_one_climbs(
    ticket: Ticket, as_mara: Client, nia: User, client_of: Callable[[User], Client]
) -> None:
    assert post(as_mara, ticket, "escalate", text="Needs an engineer").status_code == 302
    second = post(client_of(nia), ticket, "escalate", text="Too hard for me")
    assert second.status_code == 409
    assert "This ticket changed while you were looking at it." in text_of(second)
    assert "Too hard for me" in second.content.decode()


@pytest.mark.parametrize("action", ["reply", "note", "assign", "move/start", "escalate", "deescalate"])
def test_auditor_writes_nothing(ticket: Ticket, client_of: Callable[[User], Client], action: str) -> None:
    client = client_of(UserFactory.create(role=Role.AUDITOR))
    ticket.refresh_from_db()
    assert post(client, ticket, action, text="Words").status_code == 403
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before


@pytest.mark.parametrize("name", ["triage", "answer", "hand_over", "close", "nonsense"])
def test_what_follows_by_itself_has_no_address(ticket: Ticket, as_mara: Client, name: str) -> None:
    assert post(as_mara, ticket, f"move/{name}").status_code == 404


@pytest.mark.parametrize("action", ["reply", "note", "assign", "move/start", "escalate", "deescalate"])
def test_nothing_is_done_by_a_link(ticket: Ticket, as_mara: Client, action: str) -> None:
    assert as_mara.get(url(ticket, action)).status_code == 405


def test_form_of_another_site_is_refused(ticket: Ticket, mara: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mara)
    assert post(client, ticket, "reply", text="Forged").status_code == 403


def test_assignment_by_somebody_else_does_not_hold_up_a_reply(ticket: Ticket, as_mara: Client, nia: User) -> None:
    assignment.assign(ticket=ticket, to=nia, seen_assignee_id=None, by=actor(nia), now=NOW)
    assert post(as_mara, ticket, "reply", text="Hello").status_code == 302
