from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.actions.conversation import add_note, reply
from helpdesk.actions.status import make_move
from helpdesk.actions.watching import add_watcher
from helpdesk.choices import Channel, MoveName, OrganizationRole, Role
from helpdesk.models import Announcement, TicketEvent
from helpdesk.selectors.paging import PAGE_SIZE
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.helpdesk.views.portal.conftest import text_of

pytestmark = pytest.mark.django_db


def close(ticket, mara):
    now = timezone.now()
    by = actor(mara, Channel.DESK)
    make_move(ticket=ticket, move=MoveName.RESOLVE, text="Done.", resolution_kind="fixed", by=by, now=now)
    make_move(ticket=ticket, move=MoveName.CONFIRM, by=actor(ticket.requester), now=now)


def test_stranger_is_welcomed_with_the_ways_in(client_of):
    response = client_of().get("/")
    assert response.status_code == 200
    assert 'href="/accounts/login/"' in response.content.decode()
    assert 'href="/accounts/signup/"' in response.content.decode()


def test_home_shows_what_is_open_with_the_last_words(as_ada, ticket, mara):
    reply(ticket=ticket, body="We are **looking**.", by=actor(mara, Channel.DESK), now=timezone.now())
    page = text_of(as_ada.get("/"))
    assert "Hello Ada Lovelace" in page
    assert "The printer is on fire" in page
    assert "With us" in page
    assert "looking" in page


def test_home_leaves_out_what_is_closed(as_ada, ticket, mara):
    close(ticket, mara)
    assert "The printer is on fire" not in text_of(as_ada.get("/"))
    assert "You have no open tickets" in text_of(as_ada.get("/"))
    assert "The printer is on fire" in text_of(as_ada.get("/tickets/"))


def test_empty_list_says_what_to_do(as_ada):
    page = as_ada.get("/tickets/")
    assert "You have not asked for anything yet" in text_of(page)
    assert 'href="/tickets/new/"' in page.content.decode()


def test_last_words_are_never_those_of_a_note(as_ada, ticket, mara):
    add_note(ticket=ticket, body="Must not be seen.", by=actor(mara, Channel.DESK), now=timezone.now())
    page = text_of(as_ada.get("/tickets/"))
    assert "It smokes since nine." in page
    assert "Must not be seen." not in page


def test_list_shows_staff_only_what_they_asked_for(client_of, ticket, queue, mara):
    own = make_ticket(mara, queue, subject="My own chair is broken")
    page = text_of(client_of(mara).get("/tickets/"))
    assert own.subject in page
    assert ticket.subject not in page


def test_whatever_is_listed_can_be_opened(client_of, ada, queue):
    organization = OrganizationFactory.create()
    OrganizationMembershipFactory.create(organization=organization, user=ada)
    manager = UserFactory.create()
    OrganizationMembershipFactory.create(organization=organization, user=manager, role=OrganizationRole.MANAGER)
    tickets = [make_ticket(person, queue) for person in (ada, manager, UserFactory.create())]
    client = client_of(manager)
    listed = client.get("/tickets/?whose=all").content.decode()
    for ticket in tickets:
        path = f"/tickets/{ticket.ref}/"
        assert (f'href="{path}"' in listed) == (client.get(path).status_code == 200)


def test_pages_lead_to_each_other_and_miss_nothing(as_ada, ada, queue):
    for number in range(PAGE_SIZE + 2):
        make_ticket(ada, queue, subject=f"Matter {number:03}", now=NOW)
    first = as_ada.get("/tickets/")
    page = first.context["page"]
    assert "Page before" not in text_of(first)
    second = as_ada.get("/tickets/", {"before": page.older})
    assert "Next page" not in text_of(second)
    seen = [row.subject for response in (first, second) for row in response.context["page"].tickets]
    assert sorted(seen) == [f"Matter {number:03}" for number in range(PAGE_SIZE + 2)]
    back = as_ada.get("/tickets/", {"after": second.context["page"].newer})
    assert back.context["page"].tickets == page.tickets


@pytest.mark.parametrize("place", ["x", "1", "1-", "99999999999999999999-1", "-1--1"])
def test_made_up_place_shows_the_first_page(as_ada, ticket, place):
    assert ticket.subject in text_of(as_ada.get("/tickets/", {"before": place}))


@pytest.mark.parametrize("path", ["/", "/tickets/"])
def test_list_costs_the_same_with_one_and_three_tickets(as_ada, ada, queue, ticket, queries_of, path):
    one = queries_of(as_ada, path)
    for _time in range(2):
        make_ticket(ada, queue)
    assert queries_of(as_ada, path) == one
    assert one <= 8


def test_times_are_in_the_readers_zone(as_ada, ada, ticket):
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    assert "18:00 Asia/Tokyo" in as_ada.get("/tickets/").content.decode()


def test_unknown_address_leads_back(as_ada):
    response = as_ada.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)
    assert "Resolver404" not in text_of(response)


def test_looking_leaves_no_record(as_ada, ticket):
    before = TicketEvent.objects.count()
    as_ada.get(f"/tickets/{ticket.ref}/")
    as_ada.get("/tickets/")
    assert TicketEvent.objects.count() == before


@pytest.fixture
def asked(as_ada, ada, queue, mara):
    """Three matters of Ada's: one with us, one that waits for her, one that is closed."""
    matters = {name: make_ticket(ada, queue, subject=name) for name in ("Lamp", "Chair", "Window")}
    by = actor(mara, Channel.DESK)
    make_move(ticket=matters["Chair"], move=MoveName.ASK, text="Which one?", by=by, now=timezone.now())
    close(matters["Window"], mara)
    return matters


def subjects(response):
    return [row.ticket.subject for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, {"Lamp", "Chair"}),
        ({"state": "waiting"}, {"Chair"}),
        ({"state": "solved"}, {"Window"}),
        ({"q": "WIND"}, {"Window"}),
        ({"q": "which one"}, {"Chair"}),
        ({"q": "lamp", "state": "solved"}, set()),
        ({"state": "nonsense", "whose": "99", "order": "random"}, {"Lamp", "Chair", "Window"}),
    ],
)
def test_list_is_narrowed_by_state_and_words(as_ada, asked, query, found):
    assert set(subjects(as_ada.get("/tickets/", query))) == found


def test_ticket_is_found_by_its_number(as_ada, asked):
    assert subjects(as_ada.get("/tickets/", {"q": asked["Lamp"].ref.lower()})) == ["Lamp"]


def test_words_of_notes_find_nothing(as_ada, asked, mara):
    add_note(ticket=asked["Lamp"], body="Secret plan.", by=actor(mara, Channel.DESK), now=timezone.now())
    assert subjects(as_ada.get("/tickets/", {"q": "secret"})) == []


def test_oldest_come_first_where_that_is_wanted_and_pages_keep_it(as_ada, ada, queue):
    for number in range(PAGE_SIZE + 1):
        make_ticket(ada, queue, subject=f"Matter {number:03}", now=NOW + timedelta(minutes=number))
    first = as_ada.get("/tickets/", {"order": "oldest", "q": "matter"})
    assert subjects(first)[0] == "Matter 000"
    assert "q=matter&amp;order=oldest&amp;before=" in first.content.decode()
    place = first.context["page"].older
    assert subjects(as_ada.get("/tickets/", {"order": "oldest", "q": "matter", "before": place})) == ["Matter 025"]


def test_what_is_set_stands_above_the_list_and_can_be_taken_away(as_ada, asked):
    page = as_ada.get("/tickets/", {"q": "lamp", "state": "open"})
    assert [(str(chip.label), chip.query) for chip in page.context["chips"]] == [
        ("“lamp”", "state=open"),
        ("Open", "q=lamp"),
    ]
    assert "Take all away" in text_of(page)
    assert "Take all away" not in text_of(as_ada.get("/tickets/"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"q": "<b>"}, "No ticket fits “&lt;b&gt;”"),
        ({"state": "waiting"}, "Nothing waits for an answer"),
        ({"state": "open"}, "Nothing is open"),
        ({"state": "solved"}, "Nothing is solved yet"),
    ],
)
def test_each_empty_list_says_why(as_ada, query, words):
    assert words in text_of(as_ada.get("/tickets/", query))


def test_followed_tickets_are_a_list_of_their_own(client_of, ada, ticket):
    friend = UserFactory.create(name="Joe Friend", email="joe@example.org")
    reader = client_of(friend)
    assert "I follow" not in text_of(reader.get("/tickets/"))
    add_watcher(ticket=ticket, email="joe@example.org", by=actor(ada), now=timezone.now())
    assert subjects(reader.get("/tickets/")) == []
    page = reader.get("/tickets/", {"whose": "followed"})
    assert subjects(page) == [ticket.subject]
    assert "Ada Lovelace" in text_of(page)


def test_manager_chooses_between_own_tickets_and_those_of_each_organisation(client_of, ada, queue):
    clinic, works = OrganizationFactory.create(name="Clinic"), OrganizationFactory.create(name="Works")
    OrganizationMembershipFactory.create(organization=clinic, user=ada)
    manager = UserFactory.create()
    for organization in (clinic, works):
        OrganizationMembershipFactory.create(organization=organization, user=manager, role=OrganizationRole.MANAGER)
    make_ticket(ada, queue, subject="Of the clinic")
    reader = client_of(manager)
    page = reader.get("/tickets/")
    assert [str(way.label) for way in page.context["choices"]] == ["Mine", "Clinic", "Works", "All of these"]
    assert subjects(page) == []
    assert subjects(reader.get("/tickets/", {"whose": clinic.pk})) == ["Of the clinic"]
    assert subjects(reader.get("/tickets/", {"whose": works.pk})) == []
    assert subjects(reader.get("/tickets/", {"whose": "all", "q": "clinic"})) == ["Of the clinic"]


def test_home_puts_first_what_waits_for_the_reader_and_tells_our_last_words(as_ada, asked, mara):
    reply(ticket=asked["Lamp"], body="A lamp is **on** its way.", by=actor(mara, Channel.DESK), now=timezone.now())
    reply(ticket=asked["Lamp"], body="Thank you.", by=actor(asked["Lamp"].requester), now=timezone.now())
    page = as_ada.get("/")
    assert subjects(page) == ["Chair", "Lamp"]
    assert "A lamp is on its way." in text_of(page)
    assert "Thank you." not in text_of(page)


def test_home_tells_announcements_and_topics(as_ada, client_of, category):
    Announcement.objects.create(title="Mail is late", body="We **know**.", level="warning", starts_at=NOW)
    for reader in (as_ada, client_of()):
        words = text_of(reader.get("/"))
        assert "Something does not work" in words
        assert "Mail is late" in words
    assert "Paper and ink" in text_of(as_ada.get("/"))


def test_search_answers_with_a_piece_of_a_page(as_ada, asked):
    piece = as_ada.get("/tickets/found/", {"q": "chair"}, headers={"X-Piece": "1"})
    assert text_of(piece).startswith("1 ticket fits:")
    assert "<html" not in piece.content.decode()
    assert as_ada.get("/tickets/found/", {"q": "chair"}).url == "/tickets/?q=chair"


def test_auditor_finds_the_portal_empty_and_is_asked_for_nothing(client_of):
    reader = client_of(UserFactory.create(role=Role.AUDITOR))
    for path in ("/", "/tickets/"):
        assert "Get help" not in text_of(reader.get(path))
