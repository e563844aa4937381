"""The page of one ticket in the desk."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, conversation, files, properties, status, tiers
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import Channel, Role, Status
from helpdesk.domain.lifecycle import MoveName
from helpdesk.models import Delivery, Queue, Team, Ticket, User
from tests.factories import NOW, PartnerFactory, QueueFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import actions_on, post, text_of, url
from tests.world import World, make_world

STAFF = (
    "agent", "team_lead", "manager", "administrator", "auditor",
    "regional_manager", "oncall_coordinator", "quality_lead", "training_specialist",
)  # fmt: skip
# Who works on it, who only gives it on, who only reads: the others differ from these by rights, not by status.
FEW = ("agent", "oncall_coordinator", "auditor")
EVERYTHING = {
    "reply": {"text": "Words"},
    "note": {"text": "Words"},
    "escalate": {"text": "Words"},
    "deescalate": {"text": "Words"},
    "set/priority": {"priority": "1"},
    "set/category": {"category": "0"},
    "set/kind": {"kind": "0"},
    "acknowledge": {},
    "tags": {"tags": "printer"},
    "sub-tasks": {"title": "Order a drum"},
    "problem": {"problem": ""},
    "time": {"minutes": "5"},
    "watchers": {"email": "noor@example.org"},
    **{
        f"move/{name}": {"text": "Words", "resolution_kind": "fixed"}
        for name in ("start", "ask", "hold", "resolve", "confirm", "reject", "reopen")
    },
}


def _put(ticket: Ticket, where: Status) -> None:
    """The ticket as it stands after its way to a status."""
    solved = where in {Status.RESOLVED, Status.CLOSED}
    Ticket.objects.filter(pk=ticket.pk).update(
        status=where,
        resolved_at=NOW if solved else None,
        resolution_kind="fixed" if solved else "",
        closed_at=NOW if where == Status.CLOSED else None,
        close_due_at=NOW if where == Status.RESOLVED else None,
    )


def _works(client: Client, ticket: Ticket, action: str, data: dict[str, str]) -> bool:
    """Whether doing it succeeds; whatever it did is undone."""
    before = transaction.savepoint()
    response = post(client, ticket, action, **data)
    transaction.savepoint_rollback(before)
    assert response.status_code in {302, 403, 404, 409, 422}, response.status_code
    return response.status_code == 302


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def that_day() -> Iterator[None]:
    """The day on which everything in the world happens, so that a reopening window is open."""
    with time_machine.travel(NOW):
        yield


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("where", "staff"),
    [
        *((where, STAFF if where == Status.OPEN else FEW) for where in Status),
        pytest.param(Status.RESOLVED, STAFF, marks=pytest.mark.long),
    ],
)
def test_page_offers_exactly_what_succeeds(
    world: World, client_of: Callable[[User], Client], where: Status, staff: tuple[str, ...], that_day: None
) -> None:
    ticket, seen = world.here, set()
    _put(ticket, where)
    queue = {"queue": str(QueueFactory.create(teams=[world.team]).pk)}
    everything = {
        **EVERYTHING,
        "set/queue": queue,
        "partner": {"partner": PartnerFactory.create().name},
        "links": {"relation": "relates", "other": make_ticket(world.people["owner"], world.queue).ref},
        "assign": {"to": str(world.people["agent"].pk), "seen_assignee": ""},
    }
    for name in staff:
        client = client_of(world.people[name])
        offered = actions_on(client.get(url(ticket)), ticket)
        assert offered == {action for action, data in everything.items() if _works(client, ticket, action, data)}, name
        seen |= offered
    assert {"reply", "note"} <= seen


def test_page_tells_the_whole_story_in_words(ticket: Ticket, mara: User, as_mara: Client) -> None:
    by = actor(mara, Channel.DESK)
    held = assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=by, now=NOW)
    status.make_move(ticket=held, move=MoveName.START, by=by, now=NOW)
    tiers.escalate(ticket=held, reason="Needs an engineer.", by=by, now=NOW)
    tiers.deescalate(ticket=held, reason="Was the cable.", by=by, now=NOW)
    status.make_move(ticket=held, move=MoveName.RESOLVE, text="New cable.", resolution_kind="fixed", by=by, now=NOW)
    status.make_move(ticket=held, move=MoveName.REJECT, text="Still dead.", by=actor(ticket.requester), now=NOW)
    page = text_of(as_mara.get(url(ticket)))
    story = [
        "It smokes since nine.",
        "Mara Silva took this ticket",
        "Status from “New” to “Open”",
        "Mara Silva changed the status from “Open” to “In progress”",
        "Mara Silva escalated from Tier 1 to Tier 2",
        "Needs an engineer.",
        "Mara Silva gave this ticket back: nobody has it",
        "Mara Silva handed back from Tier 2 to Tier 1",
        "Was the cable.",
        "Mara Silva resolved this ticket: Fixed",
        "New cable.",
        "Ada Lovelace says that it is still a problem",
        "Still dead.",
    ]
    places = [page.index(words) for words in story]
    assert places == sorted(places)


def test_requester_card_shows_other_tickets_that_the_reader_may_see(
    ticket: Ticket, queue: Queue, ada: User, as_mara: Client
) -> None:
    make_ticket(ada, queue, subject="Another matter")
    make_ticket(ada, QueueFactory.create(), subject="Not for Mara")
    page = text_of(as_mara.get(url(ticket)))
    assert "ada@example.org" in page
    assert "Another matter" in page
    assert "Not for Mara" not in page


def test_staff_member_who_asked_reads_no_notes(queue: Queue, mara: User, client_of: Callable[[User], Client]) -> None:
    outsider = make_agent(name="Otto")
    ticket = make_ticket(outsider, queue)
    conversation.add_note(ticket=ticket, body="He always forgets the cable.", by=actor(mara), now=NOW)
    tiers.escalate(ticket=ticket, reason="Beyond me.", by=actor(mara), now=NOW)
    consume_due(now=NOW, limit=20)
    page = text_of(client_of(outsider).get(url(ticket), follow=True))
    assert "It smokes since nine." in page
    for hidden in ("always forgets", "Internal note", "escalated", "Beyond me.", "Deliveries"):
        assert hidden not in page


def test_notes_are_named_for_what_they_are(ticket: Ticket, mara: User, as_mara: Client) -> None:
    conversation.add_note(ticket=ticket, body="Between us.", by=actor(mara), now=NOW)
    response = as_mara.get(url(ticket))
    assert "lock Internal note" in text_of(response)
    assert 'class="said said-note"' in response.content.decode()


def test_page_shows_what_left_and_what_was_given_up(ticket: Ticket, mara: User, as_mara: Client) -> None:
    conversation.reply(ticket=ticket, body="Hello.", by=actor(mara), now=NOW)
    consume_due(now=NOW, limit=20)
    first, second = Delivery.objects.filter(ticket=ticket).order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(sent_at=NOW)
    Delivery.objects.filter(pk=second.pk).update(given_up_at=NOW, last_error="No such mailbox")
    page = text_of(as_mara.get(url(ticket)))
    assert "Sent" in page
    assert "Given up" in page
    # What the wire said is for who looks after the wires.
    assert "No such mailbox" not in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_page_shows_the_error_of_a_delivery_to_who_runs_the_desk(
    ticket: Ticket, client_of: Callable[[User], Client], role: Role
) -> None:
    consume_due(now=NOW, limit=20)
    Delivery.objects.filter(ticket=ticket).update(given_up_at=NOW, last_error="No such mailbox")
    assert "No such mailbox" in text_of(client_of(UserFactory.create(role=role)).get(url(ticket)))


def test_auditor_sees_everything_and_no_button(ticket: Ticket, mara: User, client_of: Callable[[User], Client]) -> None:
    conversation.add_note(ticket=ticket, body="Between us.", by=actor(mara), now=NOW)
    response = client_of(UserFactory.create(role=Role.AUDITOR)).get(url(ticket))
    assert "Between us." in text_of(response)
    assert actions_on(response, ticket) == set()


def test_ticket_of_others_is_not_there(ada: User, as_mara: Client) -> None:
    other = make_ticket(ada, QueueFactory.create())
    assert as_mara.get(url(other)).status_code == 404
    assert post(as_mara, other, "reply", text="Hello").status_code == 404
    assert as_mara.get("/admin/tickets/WD-999999/").status_code == 404
    assert as_mara.get("/admin/tickets/nonsense/").status_code == 404


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7|add:7 }}<b x-data hx-get='/'>"]
)
def test_script_text_in_every_field_is_inert(queue: Queue, mara: User, as_mara: Client, evil: str) -> None:
    person = UserFactory.create(name=evil)
    file = files.store(content=ContentFile(b"plain"), name=f"{evil}.txt", by=actor(person))
    ticket = make_ticket(person, queue, subject=evil, body=evil, files=[file])
    conversation.add_note(ticket=ticket, body=evil, by=actor(mara), now=NOW)
    tiers.escalate(ticket=ticket, reason=evil, by=actor(mara), now=NOW)
    body = as_mara.get(url(ticket)).content.decode()
    for live in (evil, "<script>alert", "<img src=x", "<b x-data"):
        assert live not in body
    assert body.count('class="words" x-ignore hx-disable') == 3


def test_page_costs_the_same_for_one_and_three(ticket: Ticket, mara: User, as_mara: Client) -> None:
    def say() -> None:
        file = files.store(content=ContentFile(b"plain"), name="a.txt", by=actor(mara))
        conversation.reply(ticket=ticket, body="Hello.", files=[file], by=actor(mara), now=NOW)
        conversation.add_note(ticket=ticket, body="Hm.", by=actor(mara), now=NOW)
        make_ticket(ticket.requester, ticket.queue)
        consume_due(now=NOW, limit=50)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_mara.get(url(ticket)).status_code == 200
        return len(queries)

    say()
    cost()
    one = cost()
    say()
    say()
    assert cost() == one
    assert one <= 36


def test_long_run_of_events_is_one_line(ticket: Ticket, mara: User, as_mara: Client) -> None:
    for priority in (1, 2, 4):
        properties.set_priority(ticket=ticket, to=priority, by=actor(mara), now=NOW)
    page = as_mara.get(url(ticket))
    assert "3 changes" in text_of(page)
    assert [len(row.run) for row in page.context["rows"] if row.run] == [3]


def test_middle_of_a_long_talk_is_behind_a_link(ticket: Ticket, mara: User, as_mara: Client) -> None:
    for number in range(2, 64):
        conversation.add_note(ticket=ticket, body=f"Note {number}.", by=actor(mara), now=NOW)
    page = text_of(as_mara.get(url(ticket)))
    assert "Show 3 messages between" in page
    assert "Note 30." in page
    assert "Note 31." not in page
    assert "Note 34." in page
    assert "Note 31." in text_of(as_mara.get(url(ticket) + "?all=1"))


def test_next_and_previous_are_those_of_the_list_one_came_from(
    ticket: Ticket, queue: Queue, ada: User, as_mara: Client
) -> None:
    first, last = (make_ticket(ada, queue, subject=f"Printer {n}", now=NOW + timedelta(hours=n)) for n in (1, 2))
    make_ticket(ada, queue, subject="Scanner", now=NOW + timedelta(hours=3))
    page = as_mara.get(url(first) + "?list=q%3DPrinter")
    beside = [page.context[name].ticket for name in ("previous", "next")]
    assert beside == [last, ticket]
    assert "list=q%3DPrinter" in page.context["next"].url
    # One's own answer lifts the ticket to the top of the list, and the way goes on from where one was.
    form = page.context["panels"]["reply"].url
    answered = as_mara.post(form, {"text": "Hello."})
    page = as_mara.get(answered["Location"])
    assert [page.context[name].ticket for name in ("previous", "next")] == beside


def test_nonsense_about_the_list_does_no_harm(ticket: Ticket, as_mara: Client) -> None:
    for nonsense in ("?list=%00&at=x", "?list=queue%3D9999%26order%3Dx&at=t1-2-3-4", "?at=t99999999999999999-1"):
        assert as_mara.get(url(ticket) + nonsense).status_code == 200


def test_answer_of_who_left_stays_on_the_side_of_the_desk(as_mara: Client, ticket: Ticket, team: Team) -> None:
    nia = make_agent(team)
    conversation.reply(ticket=ticket, body="An answer", by=actor(nia), now=NOW)
    nia.is_active = False
    nia.save(update_fields=["is_active"])
    rows = as_mara.get(url(ticket)).context["rows"]
    sides = [row.item.is_from_desk for row in rows if row.item and row.item.message]
    assert sides == [False, True]
