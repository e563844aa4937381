"""Links and sub-tasks in the panel of a ticket's page: typed, refused at their place, taken back, by whom not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import linking, status
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.choices import Channel, MoveName, Relation, Role
from helpdesk.models import Queue, SubTask, Ticket, TicketLink, User
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import actions_on, post, text_of, url


@pytest.fixture
def other(ada: User, queue: Queue) -> Ticket:
    return make_ticket(ada, queue, subject="No toner anywhere")


def _undo(client: Client, ticket: Ticket) -> Any:
    telling = client.get(url(ticket)).context["tellings"][-1]
    return client.post(telling.url, telling.fields)


def _link(ticket: Ticket, other: Ticket, mara: User, relation: Relation = Relation.BLOCKED_BY) -> None:
    linking.link(ticket=ticket, other=other, relation=relation, by=actor(mara, Channel.DESK), now=NOW)


def test_link_is_made_by_reference_and_taken_back(ticket: Ticket, other: Ticket, as_mara: Client) -> None:
    assert post(as_mara, ticket, "links", relation="blocked_by", other=other.ref.lower()).status_code == 302
    page = text_of(as_mara.get(url(ticket)))
    assert f"Blocked by {other.ref} No toner anywhere New" in page
    assert "Blocked by another ticket" in page
    assert f"Mara Silva said that {other.ref} blocks this ticket" in page
    post(as_mara, ticket, "links", relation="blocked_by", other=other.ref, remove="1")
    assert not TicketLink.objects.exists()
    _undo(as_mara, ticket)
    assert TicketLink.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write a reference, like WD-1042."),
        ("WD-999999", "There is no ticket WD-999999, or it is not yours to see."),
        ("nonsense", "There is no ticket nonsense, or it is not yours to see."),
    ],
)
def test_wrong_reference_is_told_at_its_field_and_kept(ticket: Ticket, as_mara: Client, typed: str, words: str) -> None:
    response = post(as_mara, ticket, "links", relation="blocks", other=typed)
    assert response.status_code == 422
    assert words in text_of(response)
    assert f'value="{typed}"' in response.content.decode()


def test_circle_and_itself_are_refused(ticket: Ticket, other: Ticket, mara: User, as_mara: Client) -> None:
    _link(ticket, other, mara)
    response = post(as_mara, ticket, "links", relation="blocks", other=other.ref)
    assert response.status_code == 422
    assert "in a circle" in text_of(response)
    assert "This is the same ticket" in text_of(post(as_mara, ticket, "links", relation="blocks", other=ticket.ref))


def test_ticket_out_of_sight_is_not_found_and_not_told_of(ticket: Ticket, as_mara: Client, mara: User) -> None:
    team = TeamFactory.create()
    secret = make_ticket(queue=QueueFactory.create(teams=[team]), subject="Somebody is to be dismissed")
    response = post(as_mara, ticket, "links", relation="blocks", other=secret.ref)
    assert "not yours to see" in text_of(response)
    lead = make_agent(team, role=Role.MANAGER)
    _link(ticket, secret, lead)
    page = text_of(as_mara.get(url(ticket)))
    assert "1 ticket that you do not see" in page
    assert "said that a ticket that you do not see blocks this ticket" in page
    assert secret.ref not in page
    assert "dismissed" not in page
    assert "Blocked by another ticket" not in page


def test_solved_blocker_blocks_no_more(ticket: Ticket, other: Ticket, mara: User, as_mara: Client) -> None:
    _link(ticket, other, mara)
    status.make_move(
        ticket=other, move=MoveName.RESOLVE, text="Bought.", resolution_kind="fixed", by=actor(mara), now=NOW
    )
    assert "Blocked by another ticket" not in text_of(as_mara.get(url(ticket)))


def test_suggested_are_the_requesters_tickets_first(ticket: Ticket, other: Ticket, as_mara: Client) -> None:
    stranger = make_ticket(queue=ticket.queue, subject="Toner in the wrong colour")

    def suggested(text: str) -> list[str]:
        answer = as_mara.get("/admin/suggest/ticket/", {"ticket": ticket.ref, "q": text}).json()
        return [option["value"] for option in answer["options"]]

    assert suggested("") == [other.ref]
    assert suggested("toner") == [other.ref, stranger.ref]
    assert suggested(stranger.ref) == [stranger.ref]
    assert suggested(ticket.ref) == []


def test_children_are_resolved_with_their_parent_one_by_one(
    ticket: Ticket, other: Ticket, mara: User, as_mara: Client
) -> None:
    held = make_ticket(queue=ticket.queue)
    add_sub_task(ticket=held, plan=Plan("Test it", holds_resolution=True), by=actor(mara), now=NOW)
    for child in (other, held):
        _link(ticket, child, mara, Relation.PARENT_OF)
    assert "Resolve all 2 children too" not in text_of(as_mara.get(url(ticket)))
    how = {"text": "Put out.", "resolution_kind": "fixed"}
    status.make_move(ticket=ticket, move=MoveName.RESOLVE, by=actor(mara), now=NOW, **how)
    page = as_mara.get(url(ticket))
    assert "Resolve all 2 children too" in text_of(page)
    boxes = [f"{t.number}.{t.version}.0.{t.priority}.{t.queue_id}" for t in page.context["links"][0].unsolved]
    given = {"do": "resolve", "from": ticket.ref, "ticket": boxes}
    assert "Resolve 2 tickets" in text_of(as_mara.post("/admin/tickets/bulk/", given))
    done = as_mara.post("/admin/tickets/bulk/", {**given, "confirmed": "1", **how})
    assert "1 ticket is done. 1 was left as it is." in text_of(done)
    assert "“Test it”" in text_of(done)
    assert f'href="/admin/tickets/{ticket.ref}/"' in done.content.decode()


def test_sub_task_goes_its_way(ticket: Ticket, mara: User, as_mara: Client) -> None:
    late = timezone.localdate() - timedelta(days=2)
    given = {"title": "Order a drum", "assignee": "Mara Silva", "due_on": late.isoformat(), "holds_resolution": "on"}
    assert post(as_mara, ticket, "sub-tasks", **given).status_code == 302
    task = SubTask.objects.get()
    page = text_of(as_mara.get(url(ticket)))
    assert "Order a drum Mara Silva Overdue since" in page
    assert "holds the resolution" in page
    home = text_of(as_mara.get("/admin/"))
    assert f"Order a drum {ticket.ref}" in home
    assert "Overdue since" in home
    refused = post(as_mara, ticket, "move/resolve", text="Done.", resolution_kind="fixed")
    assert refused.status_code == 409
    assert "this has to be done: “Order a drum”" in text_of(refused)
    assert "Done." in refused.content.decode(), "What was written is kept."
    changing = as_mara.get(url(ticket), {"task": task.pk})
    assert 'value="Order a drum"' in changing.content.decode()
    post(as_mara, ticket, "sub-tasks", task=task.pk, **{**given, "title": "Order two drums"})
    post(as_mara, ticket, "sub-tasks", do="finish", task=task.pk)
    task.refresh_from_db()
    assert (task.title, task.is_open) == ("Order two drums", False)
    _undo(as_mara, ticket)
    task.refresh_from_db()
    assert task.is_open
    at_home = post(as_mara, ticket, "sub-tasks", do="finish", task=task.pk, at="home")
    assert at_home["Location"] == "/admin/"
    assert "My sub-tasks" not in text_of(as_mara.get("/admin/"))


def test_wrong_sub_task_is_told_at_its_field_and_kept(ticket: Ticket, as_mara: Client) -> None:
    for given, words in (
        ({"title": ""}, "Write what is to be done."),
        ({"title": "Order it", "due_on": "2026-02-31"}, "Write a date that exists"),
        ({"title": "Order it", "assignee": "Nobody at all"}, "Nobody who works here is called"),
    ):
        response = post(as_mara, ticket, "sub-tasks", **given)
        assert response.status_code == 422
        assert words in text_of(response)
        assert f'value="{given["title"]}"' in response.content.decode() or not given["title"]


def test_sub_task_of_another_ticket_is_not_there(ticket: Ticket, other: Ticket, mara: User, as_mara: Client) -> None:
    task = add_sub_task(ticket=other, plan=Plan("Theirs"), by=actor(mara), now=NOW)
    for given in ({"do": "finish", "task": task.pk}, {"do": "finish", "task": "x"}, {"do": "nonsense", "task": "1"}):
        assert post(as_mara, ticket, "sub-tasks", **given).status_code == 404
    assert post(as_mara, ticket, "sub-tasks", task=task.pk, title="Mine").status_code == 404


def test_readers_see_them_and_no_forms_and_the_portal_sees_nothing(
    ticket: Ticket, other: Ticket, mara: User, ada: User, client_of: Callable[[User], Client]
) -> None:
    _link(ticket, other, mara)
    add_sub_task(ticket=ticket, plan=Plan("Order a drum"), by=actor(mara), now=NOW)
    client = client_of(UserFactory.create(role=Role.AUDITOR))
    response = client.get(url(ticket))
    assert {"Order a drum", "No toner anywhere"} <= {
        words for words in ("Order a drum", "No toner anywhere") if words in text_of(response)
    }
    assert not {"links", "sub-tasks"} & actions_on(response, ticket)
    for action in ("links", "sub-tasks"):
        assert post(client, ticket, action).status_code == 403
    mine = text_of(client_of(ada).get(f"/tickets/{ticket.ref}/"))
    assert "Order a drum" not in mine
    assert "locked" not in mine


def test_page_costs_the_same_for_one_and_three(ticket: Ticket, mara: User, queue: Queue, as_mara: Client) -> None:
    def more(number: int) -> None:
        _link(ticket, make_ticket(queue=queue), mara)
        add_sub_task(ticket=ticket, plan=Plan(f"Step {number}", mara), by=actor(mara), now=NOW)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_mara.get(address).status_code == 200
        return len(queries)

    more(1)
    cost(url(ticket))
    before = [cost(url(ticket)), cost("/admin/")]
    more(2)
    more(3)
    assert [cost(url(ticket)), cost("/admin/")] == before
