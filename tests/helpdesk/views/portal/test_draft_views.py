"""Drafts as a script saves them: whose they are, where they may be kept, and that a sent form stays sent."""

import json
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.actions.conversation import reply
from helpdesk.choices import Role
from helpdesk.models import Draft, Ticket
from helpdesk.selectors.drafts import draft_at
from tests.factories import CategoryFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.portal.conftest import hidden, text_of
from tests.helpdesk.views.portal.filing import FORM, TYPED
from tests.helpdesk.views.portal.test_uploads import note
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_tier")]


def save(client, place="new", content=TYPED, key=""):
    return client.post(f"/drafts/{place}/", json.dumps({"key": key, "content": content}), "application/json")


def test_draft_is_on_the_form_when_one_comes_back(as_ada, ada):
    answer = save(as_ada)
    clock = timezone.localtime().strftime("%H:%M")
    assert answer.json() == {"said": f"Saved as a draft, {clock}"}
    page = as_ada.get(FORM)
    assert "We kept what you began to write" in text_of(page)
    assert "It says that there is none." in page.content.decode()
    assert 'value="No ink"' in page.content.decode()
    assert "We kept" not in text_of(as_ada.get("/"))


def test_draft_is_named_before_the_topic_is_chosen_again(as_ada, category):
    CategoryFactory.create(queue=category.queue, name="Network", code="network")
    save(as_ada, content={**TYPED, "category": "printing"})
    page = as_ada.get("/tickets/new/")
    assert "Go on with it" in text_of(page)
    assert '<a href="/tickets/new/printing/">Go on with it</a>' in page.content.decode()


def test_nobody_reads_the_draft_of_another(as_ada, client_of):
    save(as_ada)
    assert "No ink" not in client_of(UserFactory.create()).get(FORM).content.decode()


def test_discarded_draft_is_gone_and_leads_back(as_ada, ada):
    save(as_ada)
    assert as_ada.post("/drafts/new/", {"next": FORM}).url == FORM
    assert draft_at(actor(ada), "new") == {}
    save(as_ada)
    assert as_ada.delete("/drafts/new/").status_code == 200
    assert draft_at(actor(ada), "new") == {}


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_discarding_leads_to_no_other_site(as_ada, elsewhere):
    assert as_ada.post("/drafts/new/", {"next": elsewhere}).url == "/tickets/new/"


@pytest.mark.parametrize("elsewhere", ["foo", "portal:nowhere"])
def test_discarding_takes_no_word_for_the_name_of_a_route(as_ada, elsewhere):
    assert as_ada.post("/drafts/new/", {"next": elsewhere}).url == "/tickets/new/"


@pytest.mark.parametrize("key", ["a\0b", "\ud800", "x" * 5000])
def test_key_that_no_form_has_does_no_harm(as_ada, ada, key):
    assert save(as_ada, key=key).status_code == 200
    assert draft_at(actor(ada), "new") == TYPED


def test_files_come_back_with_the_draft_while_they_are_there(as_ada, later):
    save(as_ada, content={**TYPED, "kept": [note(as_ada)]})
    assert [file.name for file in as_ada.get(FORM).context["uploads"].files] == ["ink.txt"]
    with later(days=2):
        page = as_ada.get(FORM)
    assert page.context["uploads"].files == ()
    assert "Its files waited too long and are gone." in text_of(page)


def test_files_in_a_draft_are_of_no_use_to_somebody_else(as_ada, client_of):
    thief = client_of(UserFactory.create())
    save(thief, content={"kept": [note(as_ada)]})
    assert thief.get(FORM).context["uploads"].files == ()


def test_sent_form_takes_its_draft_along_and_a_late_saving_does_not_bring_it_back(as_ada, ada):
    key = hidden(as_ada.get(FORM), "key")
    save(as_ada, key=key)
    as_ada.post(FORM, {**TYPED, "key": key})
    assert draft_at(actor(ada), "new") == {}
    assert save(as_ada, key=key).json() == {"said": ""}
    assert draft_at(actor(ada), "new") == {}
    save(as_ada, content={"text": "Something new"}, key=hidden(as_ada.get(FORM), "key"))
    assert draft_at(actor(ada), "new") == {"text": "Something new"}


@pytest.mark.django_db(transaction=True)
def test_saving_at_the_moment_of_sending_never_outlives_it(client_of, ada):
    for _time in range(5):
        clients = [client_of(ada) for _client in range(4)]
        key = hidden(clients[0].get(FORM), "key")
        send = partial(clients[0].post, FORM, {**TYPED, "key": key})
        together(send, *(partial(save, client, key=key) for client in clients[1:]))
        assert not Draft.objects.exists()


def test_reply_keeps_and_loses_its_draft(as_ada, ada, ticket):
    place = f"reply:{ticket.number}"
    save(as_ada, place, {"text": "I found"})
    page = as_ada.get(f"/tickets/{ticket.ref}/")
    assert "I found" in page.content.decode()
    assert "We kept what you began to write" in text_of(page)
    as_ada.post(f"/tickets/{ticket.ref}/reply/", {"text": "I found some.", "key": hidden(page, "key")})
    assert draft_at(actor(ada), place) == {}


def test_refused_form_shows_what_was_sent_and_not_the_draft(as_ada):
    save(as_ada)
    page = as_ada.post(FORM, {"subject": "", "text": "Other words"})
    assert "Other words" in page.content.decode()
    assert "It says that there is none." not in page.content.decode()


def test_draft_is_kept_only_where_one_may_write(as_ada, client_of, ada, queue, mara):
    foreign, mine = make_ticket(queue=queue), make_ticket(ada, queue)
    assert save(as_ada, f"reply:{foreign.number}").status_code == 404
    assert save(as_ada, "reply:99999").status_code == 404
    assert save(as_ada, f"note:{mine.number}").status_code == 403
    assert save(client_of(mara), f"note:{mine.number}").status_code == 200
    assert save(client_of(UserFactory.create(role=Role.AUDITOR))).status_code == 403
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("place", ["old", "new:1", "reply:", "reply:x", "note:0", "NEW", "reply:1:2", "reply:٣"])
@pytest.mark.parametrize("method", ["post", "delete"])
def test_place_that_does_not_exist_is_not_there(as_ada, place, method):
    assert getattr(as_ada, method)(f"/drafts/{place}/").status_code == 404


@pytest.mark.parametrize(
    "body",
    ["x", "[]", "{}", '{"content": []}', '{"content": {"a": 1}}', '{"content": {"a": {"b": "c"}}}',
     '{"content": {"a": ["b", 1]}}', '{"key": 1, "content": {}}', "[" * 100_000, '"\\ud800"'],
)  # fmt: skip
def test_what_no_form_sends_is_refused_in_words(as_ada, body):
    response = as_ada.post("/drafts/new/", body, "application/json")
    assert response.status_code == 422
    assert response.json()["error"]
    assert not Draft.objects.exists()


def test_draft_that_is_too_long_is_refused_in_words(as_ada):
    response = save(as_ada, content={"text": "x" * 200_000})
    assert response.status_code == 422
    assert "too long" in response.json()["error"]


@pytest.mark.parametrize("content", [{"text": "\0a\ud800"}, {"key": "x", "__proto__": "y"}, {"": ""}, {"kept": "x"}])
def test_strange_content_does_no_harm(as_ada, content):
    assert save(as_ada, content=content).status_code == 200
    assert as_ada.get(FORM).status_code == 200


def test_who_is_logged_out_is_told(client_of):
    response = save(client_of())
    assert response.status_code == 401
    assert "what you wrote stays here" in response.json()["error"]


def test_other_site_saves_nothing(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert save(strict).status_code == 403
    assert not Draft.objects.exists()


def test_draft_on_a_ticket_costs_the_same_with_and_without(as_ada, ada, ticket, queries_of):
    path = f"/tickets/{ticket.ref}/"
    before = queries_of(as_ada, path)
    save(as_ada, f"reply:{ticket.number}", {"text": "x"})
    reply(ticket=Ticket.objects.get(pk=ticket.pk), body="Two", by=actor(ada), now=timezone.now())
    assert queries_of(as_ada, path) == before
