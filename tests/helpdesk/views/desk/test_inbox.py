"""The inbox in the desk and the bell above every page: what is new, read by opening it, and nothing of another's."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import assignment, conversation
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import Channel
from helpdesk.models import InboxEntry, Queue, Team, Ticket, TicketEvent, User
from tests.browser import Browse
from tests.factories import NOW, CategoryFactory, actor, make_agent, make_ticket
from tests.helpdesk.views.desk.pages import text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def nia(team: Team) -> User:
    return make_agent(team, name="Nia Fofana")


def happen(ticket: Ticket, mara: User, nia: User) -> None:
    """The ticket is Mara's by Nia's doing, and its requester answers."""
    assignment.assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(nia, Channel.DESK), now=NOW)
    conversation.reply(ticket=ticket, body="It smokes still.", by=actor(ticket.requester), now=NOW)
    consume_due(now=NOW, limit=50)


@pytest.fixture
def told(ticket: Ticket, mara: User, nia: User) -> Ticket:
    happen(ticket, mara, nia)
    return ticket


def bell_on(client: Client, where: str = "/admin/inbox/bell/") -> str:
    body = client.get(where).content.decode()
    return body.partition('data-unread="')[2].partition('"')[0]


def test_private_ticket_carries_a_lock_in_the_inbox(
    told: Ticket, team: Team, queue: Queue, mara: User, nia: User, as_mara: Client
) -> None:
    assert "Private" not in text_of(as_mara.get("/admin/inbox/"))
    category = CategoryFactory.create(queue=queue, restricted_to=[team])
    happen(secret := make_ticket(told.requester, queue, category=category), mara, nia)
    page = text_of(as_mara.get("/admin/inbox/"))
    assert f"{secret.ref} Private The printer is on fire" in page
    assert f"{told.ref} The printer is on fire" in page


def test_inbox_tells_what_happened_and_opening_an_entry_reads_it(told: Ticket, as_mara: Client) -> None:
    page = as_mara.get("/admin/inbox/")
    assert f"Ada Lovelace replied {told.ref} The printer is on fire It smokes still." in text_of(page)
    assert "Nia Fofana gave this ticket to Mara Silva" in text_of(page)
    assert "Inbox, 2 unread entries" in text_of(as_mara.get("/admin/tickets/"))
    entry = InboxEntry.objects.latest("pk")
    assert as_mara.head(f"/admin/inbox/{entry.pk}/").status_code == 302
    assert bell_on(as_mara) == "2"
    opened = as_mara.get(f"/admin/inbox/{entry.pk}/")
    assert opened["Location"] == f"{url(told)}#message-{entry.event.data['message_id']}"
    assert bell_on(as_mara) == "1"
    assert "replied" not in text_of(as_mara.get("/admin/inbox/"))
    assert "replied" in text_of(as_mara.get("/admin/inbox/?show=all"))


def test_entry_of_another_and_of_a_ticket_out_of_sight_is_not_there(
    told: Ticket, mara: User, nia: User, as_mara: Client, client_of: Callable[[User], Client]
) -> None:
    entry = InboxEntry.objects.latest("pk")
    hers = client_of(nia)
    assert hers.get(f"/admin/inbox/{entry.pk}/").status_code == 404
    hers.post("/admin/inbox/read/", {"entry": entry.pk})
    hers.post("/admin/inbox/read/", {"up_to": entry.pk})
    hers.post("/admin/inbox/read/", {"ticket": told.ref})
    assert bell_on(as_mara) == "2"
    told.queue.teams.clear()
    assert bell_on(as_mara) == "0"
    assert as_mara.get(f"/admin/inbox/{entry.pk}/").status_code == 404
    for view in ("", "?show=all"):
        page = text_of(as_mara.get(f"/admin/inbox/{view}"))
        assert told.ref not in page
        assert "smokes" not in page


def test_everything_up_to_what_was_seen_is_marked_as_read_in_either_view(
    told: Ticket, mara: User, nia: User, queue: Queue, as_mara: Client
) -> None:
    newest = InboxEntry.objects.latest("pk").pk
    assert f'value="{newest}"' in as_mara.get("/admin/inbox/").content.decode()
    happen(make_ticket(told.requester, queue), mara, nia)
    answer = as_mara.post("/admin/inbox/read/", {"up_to": newest, "show": "all"}, follow=True)
    assert "2 entries are marked as read." in text_of(answer)
    assert bell_on(as_mara) == "2"
    one = InboxEntry.objects.latest("pk")
    assert as_mara.post("/admin/inbox/read/", {"entry": one.pk})["Location"] == "/admin/inbox/"
    assert bell_on(as_mara) == "1"


@pytest.mark.parametrize("sent", [{}, {"entry": "x"}, {"up_to": "9" * 30}, {"entry": "-1"}])
def test_nonsense_marks_nothing(told: Ticket, as_mara: Client, sent: dict[str, str]) -> None:
    assert as_mara.post("/admin/inbox/read/", sent).status_code == 302
    assert bell_on(as_mara) == "2"


def test_page_of_a_ticket_says_that_it_is_news_and_reading_it_there_empties_the_bell(
    told: Ticket, as_mara: Client
) -> None:
    assert 'data-read-here="now"' in as_mara.get(url(told)).content.decode()
    answer = as_mara.post("/admin/inbox/read/", {"ticket": told.ref}, headers={"X-Piece": "1"})
    assert 'data-unread="0"' in answer.content.decode()
    assert 'data-read-here="later"' in as_mara.get(url(told)).content.decode()
    assert "You have read everything." in text_of(as_mara.get("/admin/inbox/"))


def fill(ticket: Ticket, person: User, count: int) -> None:
    """So many entries of events that differ in their number alone."""
    said = TicketEvent.objects.filter(ticket=ticket, kind="reply_added").latest("pk")
    first = 1 + TicketEvent.objects.filter(ticket=ticket).latest("seq").seq
    common = {"ticket": ticket, "kind": said.kind, "data": said.data, "actor_kind": "system", "channel": "desk"}
    rows = [TicketEvent(**common, seq=first + number, effective_at=NOW) for number in range(count)]
    InboxEntry.objects.bulk_create(
        InboxEntry(user=person, ticket=ticket, event=one, occasion="words", created_at=NOW)
        for one in TicketEvent.objects.bulk_create(rows)
    )


def test_bell_ends_at_a_hundred_and_pages_go_along_their_order(told: Ticket, mara: User, as_mara: Client) -> None:
    fill(told, mara, 28)
    first = as_mara.get("/admin/inbox/")
    assert first.content.decode().count("inbox-row ") == 25
    older = first.context["page"].older
    assert as_mara.get("/admin/inbox/", {"before": older}).content.decode().count("inbox-row ") == 5
    assert as_mara.get("/admin/inbox/", {"before": "nonsense"}).content.decode().count("inbox-row ") == 25
    InboxEntry.objects.all().delete()
    fill(told, mara, 100)
    assert "99+ unread entries" in text_of(as_mara.get("/admin/tickets/"))


def test_inbox_and_bell_cost_as_many_queries_for_many_as_for_one(
    told: Ticket, mara: User, nia: User, queue: Queue, as_mara: Client
) -> None:
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            as_mara.get("/admin/inbox/")
        with CaptureQueriesContext(connection) as of_bell:
            as_mara.get("/admin/inbox/bell/")
        counts.append((len(queries), len(of_bell)))
        for _number in range(2):
            happen(make_ticket(told.requester, queue), mara, nia)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 20
    asked = [query["sql"] for query in of_bell.captured_queries if "inboxentry" in query["sql"]]
    assert len(asked) == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_inbox_by_keyboard_and_the_bell_that_a_ticket_empties(
    browse: Browse, ticket: Ticket, mara: User, nia: User
) -> None:
    happen(ticket, mara, nia)
    page = browse(mara)
    page.goto("/admin/tickets/")
    page.keyboard.press("i")
    page.get_by_role("heading", name="Inbox", exact=True).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.get_by_role("link", name="Inbox, 1 unread entry").wait_for()
    page.keyboard.press("k")
    with page.expect_response("**/inbox/read/"):
        page.goto(url(ticket))
    page.locator(".bell[data-unread='0']").wait_for()
