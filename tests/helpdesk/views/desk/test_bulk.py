"""Several tickets at once: named before, told after, each for itself."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, conversation
from helpdesk.choices import Channel, MoveName, Priority, Role, Status
from helpdesk.models import Message, Queue, Team, Ticket, TicketEvent, User
from helpdesk.views.desk.bulk import MOST
from helpdesk.views.desk.bulk_tasks import TASKS
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import text_of

BULK = "/admin/tickets/bulk/"
LIST = "/admin/tickets/"


@pytest.fixture
def three(queue: Queue, ada: User) -> list[Ticket]:
    return [make_ticket(ada, queue, subject=f"Matter {number}") for number in range(3)]


def boxes(client: Client, *, query: str = "") -> list[str]:
    """What the boxes of the list say, as a browser would send them."""
    return re.findall(r'name="ticket"\s+value="([\d.]+)"', client.get(f"{LIST}?{query}").content.decode())


def send(client: Client, do: str, ticked: list[str], **data: Any) -> Any:
    sent = {"key": str(uuid.uuid4()), "confirmed": "1", "do": do, "ticket": ticked, **data}
    return client.post(BULK, sent, follow=True)


def test_confirmation_names_what_will_happen_and_changes_nothing(three: list[Ticket], as_mara: Client) -> None:
    events = TicketEvent.objects.count()
    page = as_mara.post(BULK, {"do": "escalate", "ticket": boxes(as_mara), "list": "status=new"})
    assert "Escalate 3 tickets, each to its next tier" in text_of(page)
    for ticket in three:
        assert f"{ticket.ref} {ticket.subject}" in text_of(page)
    assert 'href="/admin/tickets/?status=new"' in page.content.decode()
    assert TicketEvent.objects.count() == events


@pytest.mark.parametrize("do", sorted(TASKS))
def test_every_task_asks_before_it_does_something(do: str, three: list[Ticket], as_mara: Client) -> None:
    events = TicketEvent.objects.count()
    page = as_mara.post(BULK, {"do": do, "ticket": boxes(as_mara)})
    assert page.status_code == 200
    assert "3 tickets" in text_of(page)
    assert TicketEvent.objects.count() == events


def test_tickets_are_given_to_somebody(three: list[Ticket], team: Team, as_mara: Client) -> None:
    tom = make_agent(team, name="Tom Weber")
    assert "3 tickets are done." in text_of(send(as_mara, "assign", boxes(as_mara), to="tom weber"))
    assert set(Ticket.objects.values_list("assignee", "status")) == {(tom.pk, Status.OPEN)}


def test_tickets_are_taken(three: list[Ticket], mara: User, as_mara: Client) -> None:
    send(as_mara, "take", boxes(as_mara)[:2])
    assert Ticket.objects.filter(assignee=mara).count() == 2


def test_tickets_get_a_priority_tags_and_a_queue(three: list[Ticket], team: Team, as_mara: Client) -> None:
    other = QueueFactory.create(name="Billing", teams=[team])
    send(as_mara, "priority", boxes(as_mara), to="1")
    send(as_mara, "tags", boxes(as_mara), add="printer, Ward 7", remove="")
    send(as_mara, "tags", boxes(as_mara), add="", remove="PRINTER")
    send(as_mara, "queue", boxes(as_mara), to=str(other.pk))
    for ticket in Ticket.objects.all():
        assert ticket.priority == Priority.P1
        assert ticket.queue == other
        assert [tag.name for tag in ticket.tags.all()] == ["Ward 7"]


def test_tickets_are_started_held_and_resolved(three: list[Ticket], as_mara: Client) -> None:
    send(as_mara, MoveName.START, boxes(as_mara))
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.IN_PROGRESS}
    send(as_mara, MoveName.HOLD, boxes(as_mara), text="The part is ordered.")
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.ON_HOLD}
    send(as_mara, MoveName.RESOLVE, boxes(as_mara), text="A new part is in.", resolution_kind="fixed")
    assert set(Ticket.objects.values_list("status", "resolution_kind")) == {(Status.RESOLVED, "fixed")}
    assert Message.objects.filter(body="A new part is in.", visibility="public").count() == 3


@pytest.mark.parametrize(
    ("do", "data", "words"),
    [
        ("assign", {"to": ""}, "Write who shall have them."),
        ("assign", {"to": "nobody like this"}, "Nobody who works here is called “nobody like this”."),
        ("priority", {"to": ""}, "Choose a priority."),
        ("queue", {"to": "999"}, "Choose a queue from the list."),
        ("tags", {"add": " , ", "remove": ""}, "Write which tags to add or to take away."),
        ("escalate", {"text": " "}, "Write why, so that the next tier need not ask again."),
        ("resolve", {"text": "It works again.", "resolution_kind": ""}, "Choose how it was solved."),
        ("hold", {"text": ""}, "Write what the ticket is waiting for."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    do: str, data: dict[str, str], words: str, three: list[Ticket], as_mara: Client
) -> None:
    events = TicketEvent.objects.count()
    ticked = boxes(as_mara)
    page = send(as_mara, do, ticked, **data)
    assert page.status_code == 422
    assert words in text_of(page)
    for typed in filter(str.strip, data.values()):
        assert typed in page.content.decode() or typed == "999"
    assert re.findall(r'name="ticket" value="([\d.]+)"', page.content.decode()) == ticked
    assert TicketEvent.objects.count() == events


def test_each_row_has_its_own_answer(three: list[Ticket], team: Team, mara: User, as_mara: Client) -> None:
    ticked = boxes(as_mara)
    tom = make_agent(team, name="Tom Weber")
    assignment.assign(ticket=three[0], to=tom, seen_assignee_id=None, by=actor(tom), now=NOW)
    page = text_of(send(as_mara, "take", ticked))
    assert "2 tickets are done. 1 was left as it is." in page
    assert f"{three[0].ref} Tom Weber took this ticket meanwhile." in page
    assert Ticket.objects.get(pk=three[0].pk).assignee == tom
    assert Ticket.objects.filter(assignee=mara).count() == 2


def test_row_that_changed_meanwhile_is_not_escalated(three: list[Ticket], ada: User, as_mara: Client) -> None:
    ticked = boxes(as_mara)
    conversation.reply(ticket=three[0], body="It works again.", by=actor(ada), now=NOW)
    page = text_of(send(as_mara, "escalate", ticked, text="Needs an engineer."))
    assert f"{three[0].ref} This ticket changed while you were looking at it." in page
    assert "2 tickets are done." in page


def test_words_for_everybody_do_not_pass_words_that_were_not_seen(
    three: list[Ticket], ada: User, as_mara: Client
) -> None:
    ticked = boxes(as_mara)
    conversation.reply(ticket=three[0], body="It is worse now.", by=actor(ada), now=NOW)
    page = text_of(send(as_mara, "resolve", ticked, text="Done.", resolution_kind="fixed"))
    assert "2 tickets are done. 1 was left as it is." in page
    assert Ticket.objects.get(pk=three[0].pk).status == Status.NEW


@pytest.mark.parametrize(
    ("do", "data"),
    [
        ("escalate", {"text": "Needs an engineer."}),
        ("resolve", {"text": "Done.", "resolution_kind": "fixed"}),
        ("take", {}),
        ("tags", {"add": "printer", "remove": ""}),
        ("priority", {"to": "1"}),
    ],
)
def test_second_sending_does_nothing_twice(do: str, data: dict[str, str], three: list[Ticket], as_mara: Client) -> None:
    ticked, key = boxes(as_mara), str(uuid.uuid4())
    first = send(as_mara, do, ticked, key=key, **data)
    events = TicketEvent.objects.count()
    again = send(as_mara, do, ticked, key=key, **data)
    assert "3 tickets are done." in text_of(first)
    assert "3 tickets are done." in text_of(again)
    assert TicketEvent.objects.count() == events


def test_ticket_that_may_not_be_seen_is_not_told_and_not_changed(three: list[Ticket], as_mara: Client) -> None:
    hidden = make_ticket(UserFactory.create(), QueueFactory.create(), subject="Secret merger")
    box = f"{hidden.number}.{hidden.version}.0.{hidden.priority}.{hidden.queue_id}"
    asked = as_mara.post(BULK, {"do": "take", "ticket": [box]})
    done = send(as_mara, "take", [box])
    for page in (asked, done):
        assert "Secret merger" not in text_of(page)
    assert f"There is no ticket {hidden.ref}, or it is not yours to see." in text_of(done)
    assert Ticket.objects.get(pk=hidden.pk).assignee is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.QUALITY_LEAD])
def test_reader_is_offered_nothing_and_refused(
    role: Role, three: list[Ticket], as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    ticked = boxes(as_mara)
    reader = client_of(UserFactory.create(role=role))
    assert boxes(reader) == []
    page = text_of(send(reader, "priority", ticked, to="1"))
    assert "0 tickets are done. 3 were left as they are." in page
    assert set(Ticket.objects.values_list("priority", flat=True)) == {Priority.P3}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "take"},
        {"do": "nonsense", "ticket": ["1.1.0.3.1"]},
        {"do": "take", "ticket": ["x", "1.2.3", "1.2.3.4.5.6", "-1.0.0.0.0", f"{'9' * 30}.1.1.1.1"]},
        {"do": "take", "ticket": [f"{number}.1.0.3.1" for number in range(MOST + 1)]},
    ],
)
def test_nothing_sensible_leads_back_with_a_sentence(data: dict[str, Any], queue: Queue, as_mara: Client) -> None:
    page = as_mara.post(BULK, {**data, "list": "status=all"}, follow=True)
    assert page.redirect_chain[-1][0] == "/admin/tickets/?status=all"
    assert "Nothing was changed." in text_of(page)


def test_confirmation_costs_the_same_for_one_and_three(three: list[Ticket], as_mara: Client) -> None:
    ticked = boxes(as_mara)

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            as_mara.post(BULK, {"do": "resolve", "ticket": ticked[:count]})
        return len(queries)

    cost(1)
    assert cost(1) == cost(3)


def test_list_offers_to_reopen_only_what_is_solved(three: list[Ticket], as_mara: Client) -> None:
    assert 'value="reopen"' not in as_mara.get(LIST).content.decode()
    send(as_mara, "resolve", boxes(as_mara), text="Done.", resolution_kind="fixed")
    page = as_mara.get(f"{LIST}?status=resolved").content.decode()
    assert 'value="reopen"' in page
    assert 'value="resolve"' not in page
    send(as_mara, "reopen", boxes(as_mara, query="status=resolved"), text="Not quite.")
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.OPEN}


def test_what_happened_is_recorded_as_done_in_the_desk(three: list[Ticket], mara: User, as_mara: Client) -> None:
    send(as_mara, "start", boxes(as_mara))
    event = TicketEvent.objects.order_by("pk").last()
    assert event is not None
    assert (event.actor, event.channel) == (mara, Channel.DESK)
