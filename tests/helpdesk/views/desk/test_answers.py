"""Questions beside a ticket: answered in their place, asked for to resolve, found and filtered by."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.actions.fields import set_answer, state_of
from helpdesk.choices import FieldKind
from helpdesk.models import CustomField, FieldValue, Ticket
from helpdesk.selectors.answers import given
from tests.factories import NOW, CustomFieldFactory, QueueFactory, actor, make_ticket
from tests.helpdesk.views.desk.pages import refs_on, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(queue):
    def make(kind: FieldKind = FieldKind.TEXT, **values: Any) -> CustomField:
        return CustomFieldFactory.create(**{"category": None, "queue": queue, "kind": kind, **values})

    return make


def send(client, ticket, field, to, before=None, **more):
    page = url(ticket, f"fields/{field.pk}")
    return client.post(page, {"to": to, "seen": state_of(before), **more}, follow=True)


def undo(client, page):
    """Press the button that takes the last change back."""
    telling = page.context["tellings"][0]
    return client.post(telling.url, dict(telling.fields), follow=True)


@pytest.mark.parametrize(
    ("kind", "first", "then", "value", "words"),
    [
        (FieldKind.TEXT, "one", "two", "two", "two"),
        (FieldKind.LONG_TEXT, "one", "two\nlines", "two\nlines", "two lines"),
        (FieldKind.NUMBER, "1", "1.234,5", "1234.5", "1234.5"),
        (FieldKind.DATE, "2026-03-01", "2026-03-02", "2026-03-02", "2026-03-02"),
        (FieldKind.CHOICE, "Red", "Blue", "Blue", "Blue"),
        (FieldKind.MULTI, ["Red", "Blue"], ["Blue"], ["Blue"], "Blue"),
        (FieldKind.BOOLEAN, "yes", "no", False, "No"),
    ],
)
def test_answer_changes_in_its_place_and_is_taken_back(as_mara, ticket, ask, kind, first, then, value, words):
    field = ask(kind, label="Which?", options=["Red", "Blue"], decimals=1)
    send(as_mara, ticket, field, first)
    before = given(ticket, field)
    page = send(as_mara, ticket, field, then, before)
    assert "Answered: Which?" in text_of(page)
    assert given(ticket, field) == value
    assert words in text_of(page) or f'value="{words}"' in page.content.decode()
    undo(as_mara, page)
    assert given(ticket, field) == before
    taken = send(as_mara, ticket, field, "", before)
    assert "Answer taken away: Which?" in text_of(taken)
    undo(as_mara, taken)
    assert given(ticket, field) == before


def test_person_is_picked_by_name_or_id(as_mara, ticket, ask, mara, ada):
    field = ask(FieldKind.PERSON, label="Whose?")
    page = send(as_mara, ticket, field, "ada")
    assert given(ticket, field) == ada.pk
    assert 'value="Ada Lovelace"' in page.content.decode()
    undo(as_mara, page)
    assert given(ticket, field) is None
    assert "There is nobody “Zoe”" in text_of(send(as_mara, ticket, field, "Zoe"))
    assert as_mara.get(f"/admin/suggest/person/?ticket={ticket.ref}&q=love").json()["options"][0]["value"] == str(
        ada.pk
    )


def test_wrong_answer_is_told_at_its_place_and_kept(as_mara, ticket, ask):
    field = ask(FieldKind.NUMBER)
    page = send(as_mara, ticket, field, "a dozen")
    assert page.status_code == 422
    assert "Write a number, such as 12" in text_of(page)
    assert 'value="a dozen"' in page.content.decode()
    assert not FieldValue.objects.exists()


def test_who_answers_on_an_older_page_is_told(as_mara, ticket, ask):
    field = ask()
    send(as_mara, ticket, field, "mine")
    page = send(as_mara, ticket, field, "yours")
    assert page.status_code == 409
    assert "Meanwhile somebody else answered" in text_of(page)


def test_question_of_another_place_takes_no_answer(as_mara, ticket, ask):
    field = ask(queue=QueueFactory.create())
    assert send(as_mara, ticket, field, "x").status_code == 404
    assert not FieldValue.objects.exists()


def test_what_was_chosen_once_is_offered_while_it_stands(as_mara, ticket, ask):
    field = ask(FieldKind.CHOICE, options=["Red", "Blue"])
    send(as_mara, ticket, field, "Red")
    CustomField.objects.update(options=["Blue", "Green"])
    assert '<option value="Red" selected>Red</option>' in as_mara.get(url(ticket)).content.decode()
    assert send(as_mara, ticket, field, "Red", "Red").status_code == 200
    send(as_mara, ticket, field, "Green", "Red")
    assert 'value="Red"' not in as_mara.get(url(ticket)).content.decode()


def test_closed_question_keeps_its_answer_readable(as_mara, ticket, ask):
    field = ask(label="Which room?")
    send(as_mara, ticket, field, "Twelve")
    CustomField.objects.update(is_active=False)
    page = as_mara.get(url(ticket))
    assert "Which room? Twelve" in text_of(page)
    assert f"fields/{field.pk}/" not in page.content.decode()


def test_resolving_asks_for_what_is_wanted_by_then(as_mara, ticket, ask):
    field = ask(FieldKind.CHOICE, label="Cause", code="cause", options=["Red"], is_required_to_resolve=True)
    page = as_mara.get(url(ticket))
    assert 'name="answer-queue.cause"' in page.content.decode()
    typed = {"text": "Done.", "resolution_kind": "fixed", "seen_version": ticket.version}
    refused = as_mara.post(url(ticket, "move/resolve"), typed)
    assert "Before this is resolved, answer: “Cause”" in text_of(refused)
    assert "Done.</textarea>" in refused.content.decode()
    done = as_mara.post(url(ticket, "move/resolve"), {**typed, "answer-queue.cause": "Red"}, follow=True)
    assert "is “Resolved” now" in text_of(done)
    assert given(ticket, field) == "Red"
    assert "answered “Cause”: Red" in text_of(done)


def test_internal_answer_never_reaches_the_portal(client_of, as_mara, ticket, ask, ada):
    field = ask(label="What we think", is_internal=True)
    send(as_mara, ticket, field, "Swordfish")
    for page in (f"/tickets/{ticket.ref}/", f"/tickets/{ticket.ref}/print/", "/tickets/?q=Swordfish"):
        body = client_of(ada).get(page).content.decode()
        assert "What we think" not in body
        assert "Swordfish" not in body.replace("q=Swordfish", "").replace('value="Swordfish"', "").replace(
            "“Swordfish”", ""
        )


@pytest.fixture
def answered(as_mara, ada, queue, ask):
    """Two tickets, of which the first has this answer."""

    def make(kind: FieldKind, to: Any, other: Any, **values: Any) -> tuple[CustomField, Ticket]:
        field, one, two = ask(kind, **values), make_ticket(ada, queue), make_ticket(ada, queue)
        for ticket, value in ((one, to), (two, other)):
            agent = actor(queue.teams.get().memberships.get().user)
            set_answer(ticket=ticket, field=field, to=value, by=agent, now=NOW)
        return field, one

    return make


@pytest.mark.parametrize(
    ("kind", "to", "other", "query", "chip"),
    [
        (FieldKind.CHOICE, "Red", "Blue", "field{}=Red", "Which?: Red"),
        (FieldKind.MULTI, ["Red", "Blue"], ["Blue"], "field{}=Red", "Which?: Red"),
        (FieldKind.BOOLEAN, "no", "yes", "field{}=no", "Which?: No"),
        (FieldKind.NUMBER, "12", "3", "field{}_from=4&field{}_to=12", "Which? from: 4"),
        (FieldKind.DATE, "2026-03-01", "2026-03-05", "field{}_to=2026-03-02", "Which? up to: 2026-03-02"),
    ],
)
def test_list_is_narrowed_by_an_answer(as_mara, answered, kind, to, other, query, chip):
    field, ticket = answered(kind, to, other, label="Which?", options=["Red", "Blue"])
    page = as_mara.get("/admin/tickets/?" + query.replace("{}", str(field.pk)))
    assert refs_on(page) == [ticket.ref]
    assert chip.replace(":", " :") in text_of(page).replace(":", " :").replace("  ", " ")
    assert f'name="field{field.pk}' in page.content.decode()


def test_list_is_narrowed_by_a_person(as_mara, answered, ada, mara):
    field, ticket = answered(FieldKind.PERSON, ada.pk, mara.pk, label="Whose?")
    page = as_mara.get(f"/admin/tickets/?field{field.pk}={ada.pk}")
    assert refs_on(page) == [ticket.ref]
    assert "Ada Lovelace" in text_of(page)


@pytest.mark.parametrize("query", ["field{}=Green", "field{}_from=1", "field999=Red", "field{}=Red&field999_to=3"])
def test_unknown_answer_shows_no_ticket_and_says_so(as_mara, answered, query):
    field, _ticket = answered(FieldKind.CHOICE, "Red", "Blue", options=["Red", "Blue"])
    page = as_mara.get("/admin/tickets/?" + query.replace("{}", str(field.pk)))
    assert refs_on(page) == []
    assert "chip-problem" in page.content.decode()


def test_chosen_question_opens_the_menu_with_its_answers(as_mara, ask):
    field = ask(FieldKind.CHOICE, label="Which?", options=["Red"])
    page = as_mara.get(f"/admin/tickets/?question={field.pk}").content.decode()
    assert '<details class="add-filter" open>' in page
    assert f'name="field{field.pk}"' in page


def test_search_finds_words_of_answers_that_its_reader_may_read(as_mara, client_of, answered, ask, mara, ada, queue):
    _field, ticket = answered(FieldKind.TEXT, "The green swordfish", "Nothing", is_internal=True)
    assert refs_on(as_mara.get("/admin/tickets/?q=SWORDFISH")) == [ticket.ref]
    assert refs_on(as_mara.get("/admin/tickets/?q=sw")) == []
    outside = QueueFactory.create()
    Ticket.objects.update(queue=outside, requester=mara)
    assert refs_on(as_mara.get("/admin/tickets/?q=swordfish")) == []


def test_page_asks_the_database_as_often_for_three_questions_as_for_one(as_mara, ticket, ask):
    def queries() -> int:
        as_mara.get(url(ticket))
        with CaptureQueriesContext(
            connection,
        ) as found:
            as_mara.get(url(ticket))
        return len(found)

    send(as_mara, ticket, ask(FieldKind.PERSON), "ada")
    one = queries()
    for kind in (FieldKind.CHOICE, FieldKind.TEXT):
        ask(kind, options=["Red"])
    assert queries() == one
