from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from helpdesk.actions.assignment import assign
from helpdesk.actions.conversation import add_note, reply
from helpdesk.actions.status import close_quiet, make_move
from helpdesk.choices import Channel, MoveName, OrganizationRole, Status
from helpdesk.models import Attachment, Message, Ticket, TicketEvent
from tests.factories import (
    OrganizationFactory,
    OrganizationMembershipFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.helpdesk.views.portal.conftest import hidden, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(ticket):
    return f"/tickets/{ticket.ref}/"


@pytest.fixture
def move(ticket, mara):
    """Mara makes a move on the ticket."""

    def make(name, **values):
        values = {"text": "So it is.", **values}
        if name is MoveName.RESOLVE:
            values["resolution_kind"] = "fixed"
        return make_move(ticket=ticket, move=name, by=actor(mara, Channel.DESK), now=timezone.now(), **values)

    return make


@pytest.fixture
def answer(ticket, mara):
    def write(body="Is it plugged in?"):
        return reply(ticket=ticket, body=body, by=actor(mara, Channel.DESK), now=timezone.now())

    return write


def status_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).status


def test_page_says_what_was_said_and_where_it_stands(as_ada, page, answer):
    answer()
    words = text_of(as_ada.get(page))
    assert "The printer is on fire" in words
    assert "It smokes since nine." in words
    assert "Is it plugged in?" in words
    assert "Mara Silva Support" in words
    assert "We have it and go on with it soon — Tier 1" in words


def test_sentence_names_who_works_on_it(as_ada, page, ticket, mara, move):
    assign(ticket=ticket, to=mara, seen_assignee_id=None, by=actor(mara), now=timezone.now())
    move(MoveName.START)
    response = as_ada.get(page)
    assert "We are working on it — Mara Silva, Tier 1" in text_of(response)
    assert 'aria-current="step">In progress' in response.content.decode()


def test_notes_are_never_shown_in_the_portal_not_even_to_staff(client_of, as_ada, page, ticket, mara):
    add_note(ticket=ticket, body="A difficult customer.", by=actor(mara, Channel.DESK), now=timezone.now())
    for reader in (as_ada, client_of(mara)):
        response = reader.get(page)
        assert response.status_code == 200
        assert "difficult" not in response.content.decode()
    assert "difficult" not in as_ada.get("/tickets/").content.decode()


def test_staff_see_the_page_without_a_box_and_are_sent_to_the_desk(client_of, mara, page):
    response = client_of(mara).get(page)
    assert "You see this page as the requester does." in text_of(response)
    assert "<textarea" not in response.content.decode()


@pytest.mark.parametrize("tail", ["", "reply/", "confirm/", "reject/", "reopen/"])
def test_somebody_elses_ticket_is_not_there(client_of, page, tail):
    stranger = client_of(UserFactory.create())
    response = stranger.post(page + tail, {"text": "Me too"}) if tail else stranger.get(page)
    assert response.status_code == 404
    assert "it is not yours to see" in text_of(response)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("tail", ["reply/", "confirm/", "reject/", "reopen/"])
def test_opening_the_address_of_a_form_shows_the_ticket(as_ada, page, tail):
    assert as_ada.get(page + tail).url == page
    assert as_ada.delete(page + tail).status_code == 405


def test_stranger_is_sent_to_log_in(client_of, page):
    assert client_of().get(page).url == f"/accounts/login/?next={page}"


def test_deactivated_person_is_out(as_ada, ada, page):
    assert as_ada.get(page).status_code == 200
    ada.is_active = False
    ada.save()
    assert as_ada.get(page).status_code == 302


def test_reply_is_sent(as_ada, page):
    response = as_ada.post(page + "reply/", {"text": "It is out now."}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert "Your message is sent." in text_of(response)
    assert "It is out now." in text_of(response)


def test_reply_sent_twice_is_written_once(as_ada, page):
    typed = {"text": "It is out now.", "key": hidden(as_ada.get(page), "key")}
    for _time in range(2):
        assert as_ada.post(page + "reply/", typed).status_code == 302
    assert Message.objects.filter(body="It is out now.").count() == 1


def test_empty_reply_is_refused(as_ada, page):
    response = as_ada.post(page + "reply/", {"text": " "})
    assert response.status_code == 422
    assert '<a href="#id_text">Write something first.</a>' in response.content.decode()


def test_file_of_a_refused_reply_is_kept(as_ada, page):
    refused = as_ada.post(page + "reply/", {"text": "", "files": SimpleUploadedFile("fire.txt", b"hot")})
    assert "fire.txt" in text_of(refused)
    typed = {"text": "See the file.", "kept": hidden(refused, "kept"), "key": hidden(refused, "key")}
    assert "fire.txt" in text_of(as_ada.post(page + "reply/", typed, follow=True))
    assert Attachment.objects.count() == 1


def test_reply_past_an_unseen_answer_comes_back_with_the_answer_and_its_text(as_ada, page, answer):
    typed = {"text": "Nobody answers.", "seen_message": hidden(as_ada.get(page), "seen_message")}
    answer("We are on our way.")
    response = as_ada.post(page + "reply/", typed)
    assert response.status_code == 409
    assert "Somebody wrote while you were writing" in text_of(response)
    assert "We are on our way." in text_of(response)
    assert "Nobody answers.</textarea>" in response.content.decode()
    again = {**typed, "seen_message": hidden(response, "seen_message"), "key": hidden(response, "key")}
    assert as_ada.post(page + "reply/", again).status_code == 302


def test_answer_to_a_question_brings_the_ticket_back_to_the_desk(as_ada, page, ticket, move):
    move(MoveName.ASK, text="Which printer?")
    words = text_of(as_ada.get(page))
    assert "We need your answer to go on" in words
    as_ada.post(page + "reply/", {"text": "The red one."})
    assert status_of(ticket) == Status.OPEN


def test_solved_ticket_asks_whether_it_is(as_ada, page, ticket, move):
    move(MoveName.RESOLVE, text="We put it out.")
    response = as_ada.get(page)
    words = text_of(response)
    assert "Did this solve it?" in words
    assert "This solved it" in words
    assert "Still a problem" in words
    assert "How it was solved" in words
    typed = {"key": hidden(response, "key")}
    confirmed = as_ada.post(page + "confirm/", typed, follow=True)
    assert "Thank you for telling us. Your ticket is closed." in text_of(confirmed)
    assert status_of(ticket) == Status.CLOSED
    # A second click does no harm and shows no mistake.
    assert as_ada.post(page + "confirm/", typed).status_code == 302


def test_open_ticket_offers_nothing_to_confirm(as_ada, page):
    words = text_of(as_ada.get(page))
    assert "This solved it" not in words
    assert "Still a problem" not in words


def test_confirming_what_is_not_solved_is_refused_with_the_page(as_ada, page, ticket):
    response = as_ada.post(page + "confirm/")
    assert response.status_code == 409
    assert "not possible while the ticket is" in text_of(response)
    assert status_of(ticket) == Status.NEW


def test_still_a_problem_wants_words(as_ada, page, ticket, move):
    move(MoveName.RESOLVE)
    response = as_ada.post(page + "reject/", {"text": ""})
    assert response.status_code == 422
    assert status_of(ticket) == Status.RESOLVED
    response = as_ada.post(page + "reject/", {"text": "It burns again."}, follow=True)
    assert "the ticket is open again" in text_of(response)
    assert "It burns again." in text_of(response)
    assert status_of(ticket) == Status.OPEN


def test_closed_ticket_can_be_opened_again_for_a_while(as_ada, page, ticket, move):
    move(MoveName.RESOLVE)
    as_ada.post(page + "confirm/")
    assert "Open it again" in text_of(as_ada.get(page))
    as_ada.post(page + "reopen/", {"text": "There it is again."})
    assert status_of(ticket) == Status.OPEN


def test_late_answer_starts_a_linked_ticket_and_says_so(as_ada, page, ticket, move, later):
    move(MoveName.RESOLVE)
    as_ada.post(page + "confirm/")
    with later(days=100):
        as_ada.force_login(ticket.requester)
        words = text_of(as_ada.get(page))
        assert "starts a new ticket that is linked to this one" in words
        assert "Open it again" not in words
        assert as_ada.post(page + "reopen/", {"text": "Again."}).status_code == 409
        response = as_ada.post(page + "reply/", {"text": "Again, a year later."}, follow=True)
    new = Ticket.objects.get(follows=ticket)
    assert response.redirect_chain == [(f"/tickets/{new.ref}/", 302)]
    assert f"Your message started {new.ref}, a new ticket that is linked to {ticket.ref}." in text_of(response)
    assert f"This goes on from {ticket.ref}" in text_of(response)
    assert f"This goes on in {new.ref}" in text_of(as_ada.get(page))


def test_ticket_that_closed_by_itself_says_so(as_ada, page, ticket, move):
    move(MoveName.RESOLVE)
    assert "the ticket closes by itself" in text_of(as_ada.get(page))
    close_quiet(now=timezone.now() + timedelta(days=60), limit=10)
    assert "This is closed." in text_of(as_ada.get(page))


def test_organization_manager_reads_and_answers_for_the_organization(client_of, ada, queue):
    organization = OrganizationFactory.create()
    OrganizationMembershipFactory.create(organization=organization, user=ada)
    manager, colleague = UserFactory.create(), UserFactory.create()
    OrganizationMembershipFactory.create(organization=organization, user=manager, role=OrganizationRole.MANAGER)
    OrganizationMembershipFactory.create(organization=organization, user=colleague)
    ticket = make_ticket(ada, queue)
    page = f"/tickets/{ticket.ref}/"
    assert "Ada Lovelace" in text_of(client_of(manager).get(page))
    assert ticket.subject in text_of(client_of(manager).get(f"/tickets/?whose={organization.pk}"))
    assert client_of(manager).post(page + "reply/", {"text": "It is urgent."}).status_code == 302
    assert client_of(colleague).get(page).status_code == 404
    assert ticket.subject not in text_of(client_of(colleague).get(f"/tickets/?whose={organization.pk}"))


def test_everything_done_in_the_portal_is_on_record_as_such(as_ada, ada, page):
    as_ada.post(page + "reply/", {"text": "It is out now."}, headers={"X-Request-ID": "a-request-of-mine"})
    event = TicketEvent.objects.get(kind="reply_added")
    assert (event.actor, event.channel, event.request_id) == (ada, Channel.PORTAL, "a-request-of-mine")


def test_page_costs_the_same_whatever_its_length(as_ada, page, answer, queries_of):
    answer()
    short = queries_of(as_ada, page)
    for _time in range(3):
        answer()
    assert queries_of(as_ada, page) == short
    # Four of these read the set-up, which is kept outside of a test's transaction.
    assert short <= 17
