"""The ticket list of the desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, conversation, status
from helpdesk.choices import Role
from helpdesk.domain.lifecycle import UNSOLVED, MoveName
from helpdesk.models import Queue, Team, Ticket, User
from helpdesk.selectors.paging import CHANGED, DESK_ORDERS, PAGE_SIZE
from helpdesk.views.desk.listing import listed
from helpdesk.views.desk.tickets import LIST_SIZE
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import refs_on, text_of

LIST = "/admin/tickets/"


def _solve(ticket: Ticket, by: User) -> Ticket:
    return status.make_move(
        ticket=ticket, move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=actor(by), now=NOW
    )


def test_list_shows_what_the_agent_may_see_newest_change_first(
    ticket: Ticket, queue: Queue, ada: User, as_mara: Client
) -> None:
    newer = make_ticket(ada, queue, now=NOW + timedelta(minutes=1))
    make_ticket(ada, QueueFactory.create())
    assert refs_on(as_mara.get(LIST)) == [newer.ref, ticket.ref]


def test_list_shows_a_row_in_words(ticket: Ticket, mara: User, as_mara: Client) -> None:
    conversation.reply(ticket=ticket, body="Have you switched it off?", by=actor(mara), now=NOW)
    answer = as_mara.get(LIST)
    page = text_of(answer)
    assert 'title="Tier 1"' in answer.content.decode()
    for words in ("The printer is on fire", "Have you switched it off?", "Ada Lovelace", "Open", "Nobody"):
        assert words in page


def test_list_begins_with_what_is_not_solved(ticket: Ticket, mara: User, as_mara: Client) -> None:
    _solve(ticket, mara)
    assert refs_on(as_mara.get(LIST)) == []
    assert refs_on(as_mara.get(LIST, {"status": "all"})) == [ticket.ref]
    assert refs_on(as_mara.get(LIST, {"status": "resolved"})) == [ticket.ref]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"priority": "3"}, True),
        ({"priority": "1"}, False),
        ({"queue": "mine"}, True),
        ({"assignee": "nobody"}, True),
        ({"assignee": "me"}, False),
        ({"q": "PRINTER"}, True),
        ({"q": "scanner"}, False),
    ],
)
def test_list_is_narrowed(ticket: Ticket, as_mara: Client, query: dict[str, str], is_found: bool) -> None:
    assert bool(refs_on(as_mara.get(LIST, query))) is is_found


def test_list_is_narrowed_by_rows(ticket: Ticket, queue: Queue, mara: User, ada: User, as_mara: Client) -> None:
    other = make_ticket(ada, queue)
    assignment.assign(ticket=other, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    assert refs_on(as_mara.get(LIST, {"assignee": str(mara.pk)})) == [other.ref]
    assert len(refs_on(as_mara.get(LIST, {"queue": str(queue.pk), "tier": str(ticket.tier_id)}))) == 2


@pytest.mark.parametrize("form", ["{ref}", "{number}"])
def test_list_finds_a_reference(ticket: Ticket, as_mara: Client, form: str) -> None:
    typed = form.format(ref=ticket.ref.lower(), number=ticket.number)
    assert refs_on(as_mara.get(LIST, {"q": typed})) == [ticket.ref]


def test_list_offers_only_queues_that_the_agent_sees(ticket: Ticket, as_mara: Client) -> None:
    QueueFactory.create(name="Secret projects")
    page = text_of(as_mara.get(LIST, {"menu": "1"}))
    assert "Support" in page
    assert "Secret projects" not in page


def test_list_refuses_a_queue_that_is_not_among_the_choices(ticket: Ticket, as_mara: Client) -> None:
    other = QueueFactory.create()
    assert "is none of the choices, or not yours to see" in text_of(as_mara.get(LIST, {"queue": str(other.pk)}))


def test_what_one_asked_for_oneself_stands_in_the_portal_alone(
    queue: Queue, mara: User, client_of: Callable[[User], Client]
) -> None:
    # An agent of another queue asked: in this queue they are a requester like any other.
    outsider = make_agent(name="Otto")
    ticket = make_ticket(outsider, queue)
    conversation.add_note(ticket=ticket, body="He always forgets the cable.", by=actor(mara), now=NOW)
    assert "He always forgets" in text_of(client_of(mara).get(LIST))
    for query in ({}, {"q": ticket.ref}, {"priority": str(ticket.priority)}):
        assert refs_on(client_of(outsider).get(LIST, query)) == []
    answer = client_of(outsider).get(f"{LIST}{ticket.ref}/")
    assert answer["Location"] == f"/tickets/{ticket.ref}/"
    assert [client_of(outsider).get(f"{LIST}{ticket.ref}/{part}/").status_code for part in ("peek", "news")] == [
        403
    ] * 2


def test_list_says_what_to_do_when_nothing_fits(ticket: Ticket, mara: User, as_mara: Client) -> None:
    _solve(ticket, mara)
    assert "Everything is solved" in text_of(as_mara.get(LIST))
    page = as_mara.get(LIST, {"q": "printer"})
    assert "Only tickets that are not solved were searched." in text_of(page)
    assert "q=printer&amp;status=all" in page.content.decode()


def test_list_is_turned_page_by_page(queue: Queue, ada: User, as_mara: Client) -> None:
    made = [make_ticket(ada, queue, now=NOW + timedelta(minutes=n)).ref for n in range(LIST_SIZE + 2)]
    first = as_mara.get(LIST, {"queue": "mine"})
    assert refs_on(first) == made[:1:-1]
    older = as_mara.get(f"{LIST}?queue=mine&before={first.context['page'].older}")
    assert refs_on(older) == [made[1], made[0]]
    assert 'rel="next"' not in older.content.decode()
    newer = as_mara.get(f"{LIST}?queue=mine&after={older.context['page'].newer}")
    assert refs_on(newer) == made[:1:-1]


def test_list_costs_the_same_for_one_and_three(queue: Queue, team: Team, as_mara: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_mara.get(LIST)
        return len(queries)

    make_ticket(UserFactory.create(), queue)
    as_mara.get(LIST)
    one = cost()
    for _number in range(2):
        make_agent(team)
        make_ticket(UserFactory.create(), queue)
    assert cost() == one
    assert one <= 17


def test_requester_does_not_reach_the_list(ada: User, client_of: Callable[[User], Client]) -> None:
    response = client_of(ada).get(LIST, follow=True)
    assert response.redirect_chain[-1][0] == "/"


def test_auditor_sees_all_queues(ticket: Ticket, ada: User, client_of: Callable[[User], Client]) -> None:
    other = make_ticket(ada, QueueFactory.create())
    client = client_of(UserFactory.create(role=Role.AUDITOR))
    assert set(refs_on(client.get(LIST))) == {ticket.ref, other.ref}


def test_script_text_in_a_row_is_inert(queue: Queue, as_mara: Client) -> None:
    evil = "<script>alert(1)</script>"
    make_ticket(UserFactory.create(name=evil), queue, subject=evil, body=evil)
    assert evil not in as_mara.get(LIST, {"q": evil}).content.decode()
    assert "&lt;script&gt;" in as_mara.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "order=nonsense&queue=999", "%ff=%00&status=", "x=" + "y" * 5000])
def test_list_of_a_ticket_shows_nothing_that_may_not_be_seen(query: str, ticket: Ticket, ada: User, mara: User) -> None:
    make_ticket(ada, QueueFactory.create())
    found = listed(query, actor(mara))
    assert set(found.tickets) <= {ticket}
    assert found.order is CHANGED


@pytest.mark.parametrize("order", ["changed", "urgent", "oldest", "newest"])
def test_each_order_of_what_is_not_solved_runs_along_an_index(db: None, order: str) -> None:
    tickets = DESK_ORDERS[order].sort(Ticket.objects.filter(status__in=sorted(UNSOLVED)))
    plan = _plan_without_sorting(tickets)
    # While there are none, any index in this order is as good; `test_plans` looks at many.
    assert "using ticket_" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("order", "index"),
    [("waiting", "ticket_unanswered"), ("solved", "ticket_latest_solved"), ("due", "ticket_clock_due")],
)
def test_orders_with_an_index_of_their_own_use_it(db: None, order: str, index: str) -> None:
    assert index in _plan_without_sorting(DESK_ORDERS[order].sort(Ticket.objects.all()))


def _plan_without_sorting(tickets: QuerySet[Ticket]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        return tickets[:PAGE_SIZE].explain()
