"""What the ticket list is narrowed to: chips, several values, rows by name, and sentences for what is unknown."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import assignment, conversation, properties
from helpdesk.models import Organization, Queue, Tag, Team, Ticket, Tier, User
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
from tests.helpdesk.views.desk.pages import refs_on, text_of

LIST = "/admin/tickets/"


def chips(client: Client, query: str) -> dict[str, str]:
    """The chips of the list by their words, and the queries that they lead to."""
    page = client.get(f"{LIST}?{query}").content.decode()
    found = re.findall(r'href="\?([^"]*)"\s+aria-label="Take away ([^"]+)"', page)
    return {words: without.replace("&amp;", "&") for without, words in found}


def test_several_values_of_a_filter_are_any_of_them(queue: Queue, ada: User, as_mara: Client) -> None:
    by_priority = {number: make_ticket(ada, queue, priority=number).ref for number in (1, 2, 3)}
    found = refs_on(as_mara.get(f"{LIST}?priority=1&priority=3"))
    assert set(found) == {by_priority[1], by_priority[3]}


def test_chip_is_taken_away_by_its_link(ticket: Ticket, as_mara: Client) -> None:
    shown = chips(as_mara, "priority=1&priority=3&q=printer&before=t1-1")
    assert shown["Priority: P1 critical"] == "priority=3&q=printer&status=unsolved"
    assert set(shown) == {
        "Status: Not solved yet",
        "Priority: P1 critical",
        "Priority: P3 medium",
        "Reference, or words of the subject or of answers: “printer”",
    }
    assert chips(as_mara, shown["Status: Not solved yet"]).keys() == shown.keys() - {"Status: Not solved yet"}


def test_vip_is_marked_and_found_in_the_desk_alone(ticket: Ticket, ada: User, queue: Queue, as_mara: Client) -> None:
    other = make_ticket(UserFactory.create(), queue)
    assert "VIP" not in "".join(re.findall("<tbody.*</tbody>", as_mara.get(LIST).content.decode(), re.DOTALL))
    ada.is_vip = True
    ada.save()
    page = as_mara.get(LIST, {"requester": "vip"})
    assert refs_on(page) == [ticket.ref]
    assert '<span class="vip">VIP</span>' in page.content.decode()
    assert "Requester: VIP" in chips(as_mara, "requester=vip")
    assert as_mara.get(f"{LIST}{ticket.ref}/").content.decode().count('<span class="vip">VIP</span>') == 2
    assert 'class="vip"' not in as_mara.get(f"{LIST}{other.ref}/").content.decode()
    mine = Client()
    mine.force_login(ada)
    for url in ("/", "/profile/", f"/tickets/{ticket.ref}/"):
        assert "vip" not in mine.get(url).content.decode().lower()


def test_team_is_its_queues_on_its_tier(queue: Queue, team: Team, ada: User, mara: User, as_mara: Client) -> None:
    second = TeamFactory.create(name="Second line", tier=Tier.objects.get(level=2))
    queue.teams.add(second)
    low, high = make_ticket(ada, queue), make_ticket(ada, queue)
    Ticket.objects.filter(pk=high.pk).update(tier=second.tier)
    assert refs_on(as_mara.get(LIST, {"team": "first"})) == [low.ref]
    assert refs_on(as_mara.get(LIST, {"team": str(second.pk)})) == [high.ref]
    assert set(refs_on(as_mara.get(f"{LIST}?team=first&team={second.pk}"))) == {low.ref, high.ref}


def test_rows_are_found_by_name(ticket: Ticket, ada: User, queue: Queue, mara: User, as_mara: Client) -> None:
    other = make_ticket(ada, queue)
    organization = OrganizationFactory.create(name="Harbour Clinic")
    Ticket.objects.filter(pk=ticket.pk).update(organization=organization)
    properties.retag(ticket=ticket, add=["printer"], by=actor(mara), now=NOW)
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    for query in ({"organization": "harbour"}, {"tag": "PRINTER"}, {"assignee": "mara silva"}, {"assignee": "me"}):
        assert refs_on(as_mara.get(LIST, query)) == [ticket.ref], query
    assert refs_on(as_mara.get(LIST, {"requester": ada.email})) == [ticket.ref, other.ref][::-1]
    assert refs_on(as_mara.get(LIST, {"requester": mara.email})) == []
    assert "Organisation: Harbour Clinic" in chips(as_mara, f"organization={organization.pk}")
    assert len(refs_on(as_mara.get(f"{LIST}?assignee=me&assignee=nobody"))) == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=nonsense", "“nonsense” is none of the choices"),
        ("queue=999", "“999” is none of the choices"),
        ("priority=7", "“7” is none of the choices"),
        ("assignee=zzz", "Nobody who works here is called “zzz”."),
        ("organization=Secret", "There is no organisation “Secret”."),
        ("tag=nothing", "There is no tag “nothing”."),
        ("requester=zzz", "Nobody called “zzz” asked for a ticket that you see."),
        ("team=nothing", "There is no team “nothing”."),
        ("older_than=ever", "“ever” is none of the choices"),
        ("waiting=them", "“them” is none of the choices"),
        ("q=" + "x" * 201, "at most 200 characters"),
        ("q=%00", "Null characters are not allowed"),
        ("&".join(f"tag={number}" for number in range(21)), "Choose 20 at most."),
    ],
)
def test_unknown_values_get_a_sentence_and_no_ticket(
    query: str, sentence: str, ticket: Ticket, as_mara: Client
) -> None:
    Organization.objects.create(name="Secret")
    page = as_mara.get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert refs_on(page) == []


def test_age_narrows_the_list(queue: Queue, ada: User, as_mara: Client) -> None:
    now = timezone.now()
    old = make_ticket(ada, queue, now=now - timedelta(days=8)).ref
    new = make_ticket(ada, queue, now=now - timedelta(hours=2)).ref
    assert refs_on(as_mara.get(LIST, {"created_within": "1d"})) == [new]
    assert refs_on(as_mara.get(LIST, {"older_than": "7d"})) == [old]


def test_order_by_waiting_says_that_it_leaves_out_what_is_answered(
    ticket: Ticket, queue: Queue, ada: User, mara: User, as_mara: Client
) -> None:
    other = make_ticket(ada, queue, now=NOW - timedelta(hours=1))
    answered = make_ticket(ada, queue)
    conversation.reply(ticket=answered, body="Is the cable in?", by=actor(mara), now=NOW)
    assert refs_on(as_mara.get(LIST, {"order": "waiting"})) == [other.ref, ticket.ref]
    shown = chips(as_mara, "order=waiting")
    assert "order" not in shown["Waiting: For our answer"]


def test_columns_say_how_the_list_is_ordered(ticket: Ticket, as_mara: Client) -> None:
    for order, column in (("urgent", "Prio"), ("oldest", "Age")):
        page = as_mara.get(LIST, {"order": order}).content.decode()
        assert re.search(rf'aria-sort="ascending">\s*<a[^>]*>{column}</a>', page), order
    assert "order=newest" in as_mara.get(LIST, {"order": "oldest"}).content.decode()


def test_lists_that_all_start_from_are_counted_and_marked(
    ticket: Ticket, queue: Queue, ada: User, mara: User, as_mara: Client
) -> None:
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=NOW)
    make_ticket(ada, queue)
    page = text_of(as_mara.get(LIST))
    for words in ("Assigned to me 1", "Waiting for my reply 1", "Unassigned in my queues 1", "All unsolved 2"):
        assert words in page
    for shelf in as_mara.get(LIST).context["shelves"]:
        there = as_mara.get(shelf.url)
        assert there.context["here"] == shelf
        assert len(refs_on(there)) == shelf.count


def test_density_is_kept_and_leads_back(ticket: Ticket, as_mara: Client) -> None:
    back = as_mara.post(f"{LIST}density/", {"density": "roomy", "list": "status=all"})
    assert back["Location"] == f"{LIST}?status=all"
    assert "list-roomy" in as_mara.get(LIST).content.decode()
    as_mara.post(f"{LIST}density/", {"density": "nonsense"})
    assert "list-roomy" in as_mara.get(LIST).content.decode()


def test_peek_shows_the_last_words_and_notes_only_to_who_reads_them(
    ticket: Ticket, mara: User, ada: User, queue: Queue, as_mara: Client
) -> None:
    for number in range(3):
        conversation.reply(ticket=ticket, body=f"Question {number}", by=actor(mara), now=NOW + timedelta(hours=number))
    conversation.add_note(ticket=ticket, body="Between us.", by=actor(mara), now=NOW + timedelta(hours=9))
    words = text_of(as_mara.get(f"{LIST}{ticket.ref}/peek/"))
    assert "Between us." in words
    assert "Question 1" in words
    assert "Question 0" not in words
    outsider = make_agent(name="Otto")
    own = make_ticket(outsider, queue)
    conversation.add_note(ticket=own, body="He forgets the cable.", by=actor(mara), now=NOW)
    client = Client()
    client.force_login(outsider)
    assert "He forgets" not in text_of(client.get(f"{LIST}{own.ref}/peek/"))
    assert client.get(f"{LIST}{ticket.ref}/peek/").status_code == 404


def test_filters_cost_the_same_for_one_and_three(queue: Queue, ada: User, mara: User, as_mara: Client) -> None:
    def cost() -> int:
        ticket = make_ticket(ada, queue)
        properties.retag(ticket=ticket, add=["one", "two"], by=actor(mara), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            as_mara.get(LIST, {"tag": str(Tag.objects.get(name="one").pk), "queue": "mine"})
        return len(queries)

    cost()
    assert len({cost() for _number in range(3)}) == 1


def test_queue_of_others_is_no_choice(ticket: Ticket, as_mara: Client) -> None:
    other = QueueFactory.create(name="Board affairs")
    page = as_mara.get(LIST, {"queue": str(other.pk)})
    assert "Board affairs" not in text_of(page)
    assert refs_on(page) == []


def test_menu_comes_when_it_is_opened_and_what_is_set_stays_without_it(as_mara: Client) -> None:
    query = "status=all&order=urgent&q=printer"
    page = as_mara.get(f"{LIST}?{query}").content.decode()
    assert 'type="checkbox" name="status"' not in page
    for kept in ('name="status" value="all"', 'name="order" value="urgent"'):
        assert f'<input type="hidden" {kept}>' in page
    assert page.count('name="q"') == 1, "What is typed is not sent twice."
    opened = as_mara.get(f"{LIST}?{query}&menu=1").content.decode()
    assert '<details class="add-filter" open>' in opened
    piece = as_mara.get(f"{LIST}?{query}&menu=1", headers={"X-Piece": "1"}).content.decode()
    for html in (opened, piece):
        assert '<input type="checkbox" name="status" value="all" checked>' in html
        assert '<option value="urgent" selected>' in html
    assert "<html" not in piece
