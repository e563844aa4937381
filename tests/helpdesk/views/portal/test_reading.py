"""Long conversations, news while one reads, who follows, and all of it on paper."""

import pytest
from django.utils import timezone

from helpdesk.actions.conversation import add_note, reply
from helpdesk.actions.status import make_move
from helpdesk.actions.watching import add_watcher
from helpdesk.choices import Channel, MoveName
from helpdesk.models import CustomField, FieldValue, Ticket, Watcher
from tests.factories import UserFactory, actor
from tests.helpdesk.views.portal.conftest import hidden, text_of

pytestmark = pytest.mark.django_db

PIECE = {"X-Piece": "1"}


@pytest.fixture
def page(ticket):
    return f"/tickets/{ticket.ref}/"


@pytest.fixture
def answer(ticket, mara):
    def write(body="Is it plugged in?"):
        return reply(ticket=ticket, body=body, by=actor(mara, Channel.DESK), now=timezone.now())

    return write


@pytest.fixture
def friend(ada, ticket):
    """Somebody who follows Ada's ticket."""
    friend = UserFactory.create(name="Joe Friend", email="joe@example.org")
    add_watcher(ticket=ticket, email=friend.email, by=actor(ada), now=timezone.now())
    return friend


def test_long_conversation_shows_its_first_and_newest_words_and_the_rest_on_demand(as_ada, page, answer, queries_of):
    for number in range(22):
        answer(f"Answer {number:02}.")
    short = text_of(as_ada.get(page))
    assert "It smokes since nine." in short
    assert "Show 2 messages in between" in short
    assert "Answer 01." not in short
    assert "Answer 02." in short
    assert "Answer 21." in short
    whole = text_of(as_ada.get(page, {"all": "1"}))
    assert "Answer 01." in whole
    assert "in between" not in whole


def test_news_are_what_others_said_to_everybody(as_ada, ada, page, ticket, answer, mara):
    known = as_ada.get(page).context["letters"].last_id
    news = {"after": known, "status": "new"}
    reply(ticket=ticket, body="One thing more.", by=actor(ada), now=timezone.now())
    add_note(ticket=ticket, body="A secret.", by=actor(mara, Channel.DESK), now=timezone.now())
    assert as_ada.get(page + "news/", news, headers=PIECE).status_code == 204
    answer("Here is news.")
    told = as_ada.get(page + "news/", {**news, "status": "open"}, headers=PIECE)
    assert "There is a new message." in text_of(told)
    assert "Here is news." in told.content.decode()
    assert "secret" not in told.content.decode()
    # The page would offer something else now; so it is loaded anew.
    assert "Here is news." not in as_ada.get(page + "news/", news, headers=PIECE).content.decode()


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40])
def test_made_up_place_in_the_conversation_does_no_harm(as_ada, page, answer, after):
    answer()
    assert as_ada.get(page + "news/", {"after": after}, headers=PIECE).status_code == 200
    assert as_ada.get(page + "news/", {"after": after}).url == page


def test_news_of_somebody_elses_ticket_are_not_there(client_of, page):
    assert client_of(UserFactory.create()).get(page + "news/", headers=PIECE).status_code == 404


def test_paper_has_the_whole_public_conversation_and_no_script(as_ada, page, ticket, answer, mara):
    for number in range(25):
        answer(f"Answer {number:02}.")
    add_note(ticket=ticket, body="A secret.", by=actor(mara, Channel.DESK), now=timezone.now())
    paper = as_ada.get(page + "print/")
    assert all(f"Answer {number:02}." in text_of(paper) for number in range(25))
    assert "secret" not in text_of(paper)
    assert "<script" not in paper.content.decode()


def test_answers_to_the_questions_stand_on_the_page(as_ada, page, ticket, category):
    asked = CustomField.objects.create(
        category=category, code="since", label="Since when?", kind="date", translations={}
    )
    FieldValue.of(ticket, asked, "2026-03-01").save()
    Ticket.objects.update(category=category)
    assert "What you told us Since when? 1 March 2026" in text_of(as_ada.get(page))


def test_somebody_is_added_by_their_address_and_removed_again(as_ada, page, ticket):
    added = as_ada.post(page + "watchers/", {"email": "Zoe@example.org"}, follow=True)
    assert "follows this ticket now" in text_of(added)
    assert "zoe@example.org" in text_of(added)
    zoe = Watcher.objects.get(ticket=ticket).user
    removed = as_ada.post(page + "watchers/remove/", {"who": zoe.pk}, follow=True)
    assert "They do not follow this ticket any more." in text_of(removed)
    assert not Watcher.objects.exists()
    assert as_ada.post(page + "watchers/remove/", {"who": zoe.pk}).status_code == 302


def test_adding_an_address_tells_no_name_until_who_follows_has_spoken(as_ada, friend, page, ticket):
    before = text_of(as_ada.get(page))
    assert "joe@example.org" in before
    assert "Joe" not in before
    reply(ticket=ticket, body="It smokes here too.", by=actor(friend), now=timezone.now())
    assert "Joe Friend" in text_of(as_ada.get(page))


@pytest.mark.parametrize(("email", "words"), [("", "Write the e-mail address."), ("zoe", "Write an address like")])
def test_wrong_address_is_refused_beside_its_field_and_kept(as_ada, page, email, words):
    refused = as_ada.post(page + "watchers/", {"email": email})
    assert refused.status_code == 422
    assert f'<a href="#watcher_email">{words}' in refused.content.decode()
    assert f'value="{email}"' in refused.content.decode() or not email


def test_who_follows_reads_and_answers_but_neither_confirms_nor_adds(client_of, friend, page, ticket, mara):
    make_move(
        ticket=ticket,
        move=MoveName.RESOLVE,
        text="Done.",
        resolution_kind="fixed",
        by=actor(mara, Channel.DESK),
        now=timezone.now(),
    )
    reader = client_of(friend)
    words = text_of(reader.get(page))
    assert "What you write opens the ticket again" in words
    assert "This solved it" not in words
    assert "Add somebody" not in words
    typed = {"text": "It smokes here too.", "key": hidden(reader.get(page), "key")}
    assert "the ticket is open again" in text_of(reader.post(page + "reply/", typed, follow=True))
    assert reader.post(page + "watchers/", {"email": "x@example.org"}).status_code == 403


def test_who_follows_stops_and_does_not_find_the_ticket_any_more(client_of, friend, page, ticket):
    reader = client_of(friend)
    assert "Stop following" in text_of(reader.get(page))
    stopped = reader.post(page + "watchers/remove/", {"who": friend.pk}, follow=True)
    assert f"You do not follow {ticket.ref} any more." in text_of(stopped)
    assert reader.get(page).status_code == 404


def test_who_follows_removes_nobody_else(client_of, friend, ada, page, ticket):
    other = UserFactory.create(email="other@example.org")
    add_watcher(ticket=ticket, email=other.email, by=actor(ada), now=timezone.now())
    refused = client_of(friend).post(page + "watchers/remove/", {"who": other.pk})
    assert refused.status_code == 403
    assert Watcher.objects.filter(user=other).exists()


def test_profile_is_changed_and_the_pages_follow(as_ada, ada):
    assert "ada@example.org" in text_of(as_ada.get("/profile/"))
    typed = {"name": "Ada King", "language": "en", "time_zone": "Asia/Tokyo"}
    saved = as_ada.post("/profile/", typed, follow=True)
    assert "Your profile is saved." in text_of(saved)
    assert "Times are those of Asia/Tokyo." in text_of(saved)
    assert "Hello Ada King" in text_of(as_ada.get("/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Write your name"),
        ({"time_zone": "Mars/Base"}, "Choose a time zone from the list."),
        ({"name": "x" * 200}, "there is room for 120"),
    ],
)
def test_wrong_profile_is_refused_with_what_was_typed(as_ada, wrong, words):
    refused = as_ada.post("/profile/", {"name": "Ada", "language": "en", "time_zone": "Asia/Tokyo", **wrong})
    assert refused.status_code == 422
    assert words in text_of(refused)
