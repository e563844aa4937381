import pytest
from django.utils import timezone

from helpdesk.actions.conversation import add_note, reply
from helpdesk.actions.status import make_move
from helpdesk.choices import Channel, MoveName, OrganizationRole
from helpdesk.models import TicketEvent
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
    assert "You have no open tickets." in text_of(as_ada.get("/"))
    assert "The printer is on fire" in text_of(as_ada.get("/tickets/"))


def test_empty_list_says_what_to_do(as_ada):
    page = as_ada.get("/tickets/")
    assert "You have not asked for anything yet." in text_of(page)
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
    listed = client.get("/tickets/").content.decode()
    for ticket in tickets:
        path = f"/tickets/{ticket.ref}/"
        assert (f'href="{path}"' in listed) == (client.get(path).status_code == 200)


def test_pages_lead_to_each_other_and_miss_nothing(as_ada, ada, queue):
    for number in range(PAGE_SIZE + 2):
        make_ticket(ada, queue, subject=f"Matter {number:03}", now=NOW)
    first = as_ada.get("/tickets/")
    page = first.context["page"]
    assert "Newer" not in text_of(first)
    second = as_ada.get("/tickets/", {"before": page.older})
    assert "Older" not in text_of(second)
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
    assert one <= 5


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
