"""Get help in steps: topic, questions, what happens next; back and forth without losing a word."""

from datetime import timedelta
from io import BytesIO

import pytest

from helpdesk.choices import FieldKind, Status
from helpdesk.models import CustomField, FieldValue, Ticket
from tests.factories import NOW, CategoryFactory, UserFactory, make_ticket
from tests.helpdesk.views.portal.conftest import hidden, text_of
from tests.helpdesk.views.portal.filing import FORM, TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_tier")]


@pytest.fixture
def second(category):
    return CategoryFactory.create(
        name="Network",
        code="network",
        description="Wifi and cable",
        queue=category.queue,
        translations={"de": {"name": "Netzwerk", "description": "WLAN und Kabel"}},
    )


@pytest.fixture
def asks(category):
    """Let the topic ask something."""

    def ask(code, kind, **values):
        return CustomField.objects.create(category=category, code=code, kind=kind, label=f"Which {code}?", **values)

    return ask


def test_topics_are_chosen_first_each_by_one_click(as_ada, second):
    page = as_ada.get("/tickets/new/")
    assert "Step 1 of 2" in text_of(page)
    for words in ("Printing", "Paper and ink", "Network", "Wifi and cable"):
        assert words in text_of(page)
    assert 'href="/tickets/new/network/"' in page.content.decode()
    assert "Step 2 of 2" in text_of(as_ada.get("/tickets/new/network/"))


def test_single_topic_is_no_step(as_ada):
    response = as_ada.get("/tickets/new/", follow=True)
    assert response.redirect_chain == [(FORM, 302)]
    assert "Step" not in text_of(response)
    assert "Change topic" not in text_of(response)


def test_desk_without_topics_asks_at_once(as_ada, category):
    category.is_active = False
    category.save()
    page = as_ada.get("/tickets/new/")
    assert "Step" not in text_of(page)
    response = as_ada.post("/tickets/new/", {**TYPED, "key": hidden(page, "key")})
    assert response.url == f"/tickets/{Ticket.objects.get().ref}/received/"


def test_old_address_leads_to_its_topic(as_ada, second):
    assert as_ada.get("/tickets/new/?category=network").url == "/tickets/new/network/"
    assert as_ada.get("/tickets/new/?category=gone").status_code == 200


@pytest.mark.parametrize("code", ["gone", "fax", "new", "reply"])
def test_topic_that_is_gone_leads_to_the_others(as_ada, second, code):
    CategoryFactory.create(name="Fax", code="fax", queue=second.queue, is_active=False)
    page = as_ada.get(f"/tickets/new/{code}/", follow=True)
    assert "That topic is gone" in text_of(page)
    assert "Network" in text_of(page)


def test_topic_that_goes_while_one_writes_keeps_the_words(as_ada, category, second):
    as_ada.get(FORM)
    category.is_active = False
    category.save()
    response = as_ada.post(FORM, TYPED, follow=True)
    assert not Ticket.objects.exists()
    assert "what you wrote is kept" in text_of(response)
    assert "It says that there is none." in as_ada.get("/tickets/new/network/").content.decode()


def test_changing_the_topic_keeps_words_answers_and_files(as_ada, asks, second):
    asks("room", FieldKind.TEXT)
    file = BytesIO(b"no ink at all")
    file.name = "ink.txt"
    typed = {**TYPED, "answer-room": "12", "files": file, "change": "1"}
    assert as_ada.post(FORM, typed).url == "/tickets/new/"
    assert not Ticket.objects.exists()
    other = as_ada.get("/tickets/new/network/")
    for words in ("No ink", "It says that there is none.", "ink.txt"):
        assert words in other.content.decode()
    # Back to the first topic, its answer is there too.
    assert 'value="12"' in as_ada.get(FORM).content.decode()
    as_ada.post("/tickets/new/network/", {**TYPED, "kept": hidden(other, "kept")})
    assert Ticket.objects.get().category == second
    assert "No ink" not in as_ada.get(FORM).content.decode()


def test_changing_the_topic_files_nothing_where_the_words_are_too_long_to_be_kept(as_ada, second):
    long = "й" * 60_000
    page = as_ada.post(FORM, {**TYPED, "text": long, "change": "1"})
    assert page.status_code == 422
    assert "too long to be kept as a draft" in text_of(page)
    assert long in page.content.decode()
    assert not Ticket.objects.exists()


def test_answers_of_every_kind_are_on_the_ticket(as_ada, asks):
    asks("room", FieldKind.TEXT, is_required=True)
    asks("story", FieldKind.LONG_TEXT)
    asks("floor", FieldKind.CHOICE, options=["First", "Second"])
    asks("since", FieldKind.DATE)
    answers = {"answer-room": "12", "answer-story": "Long.", "answer-floor": "Second"}
    date = {"answer-since_0": " 7", "answer-since_1": "3", "answer-since_2": "2026 "}
    as_ada.post(FORM, {**TYPED, **answers, **date})
    kept = {value.field.code: value.value for value in FieldValue.objects.select_related("field")}
    assert kept == {"room": "12", "story": "Long.", "floor": "Second", "since": "2026-03-07"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"answer-since_0": "31", "answer-since_1": "2", "answer-since_2": "2026"}, "there is no day 31 2 2026"),
        ({"answer-since_0": "3", "answer-since_1": "March", "answer-since_2": "2026"}, "there is no day 3 March 2026"),
        ({"answer-since_0": "3", "answer-since_1": "2", "answer-since_2": "26"}, "the year with four digits"),
        ({"answer-since_0": "3", "answer-since_2": "2026"}, "this is missing: Month."),
        ({"answer-since_0": "٣", "answer-since_1": "²", "answer-since_2": "2026"}, "there is no day ٣ ² 2026"),
        ({"answer-floor": "Cellar"}, "Choose an answer: Which floor?"),
        ({"answer-room": ""}, "Answer this: Which room?"),
        ({"answer-room": "x" * 201}, "there is room for 200"),
    ],
)
def test_wrong_answer_is_told_beside_its_question_and_kept(as_ada, asks, typed, words):
    asks("room", FieldKind.TEXT, is_required=True)
    asks("floor", FieldKind.CHOICE, options=["First", "Second"])
    asks("since", FieldKind.DATE)
    response = as_ada.post(FORM, {**TYPED, "answer-room": "12", **typed})
    assert response.status_code == 422
    # Once in the summary, once at the field.
    assert text_of(response).count(words) == 2
    for value in typed.values():
        assert value in response.content.decode() or value == "Cellar"
    assert not Ticket.objects.exists()


def test_summary_leads_to_the_first_box_of_a_date(as_ada, asks):
    asks("since", FieldKind.DATE, is_required=True)
    html = as_ada.post(FORM, TYPED).content.decode()
    assert '<a href="#id_answer-since_0">Answer this: Which since?</a>' in html
    assert 'id="id_answer-since_0"' in html


def test_few_answers_stand_there_and_many_in_a_list(as_ada, asks):
    asks("few", FieldKind.CHOICE, options=list("abcde"))
    asks("many", FieldKind.CHOICE, options=list("abcdef"))
    html = as_ada.get(FORM).content.decode()
    assert 'type="radio" name="answer-few"' in html
    assert '<select name="answer-many"' in html


def test_question_that_is_not_asked_any_more_stops_nobody(as_ada, asks):
    question = asks("room", FieldKind.TEXT, is_required=True)
    as_ada.get(FORM)
    question.is_active = False
    question.save()
    assert as_ada.post(FORM, {**TYPED, "answer-room": "12"}).status_code == 302
    assert not FieldValue.objects.exists()


def test_confirmation_can_be_seen_again_until_something_happened(as_ada, client_of, ada, queue):
    ticket = make_ticket(ada, queue)
    path = f"/tickets/{ticket.ref}/received/"
    assert as_ada.get(path).status_code == as_ada.get(path).status_code == 200
    assert client_of(UserFactory.create()).get(path).status_code == 404
    ticket.first_answer_at = NOW
    ticket.save()
    assert as_ada.get(path).url == f"/tickets/{ticket.ref}/"


def test_usual_time_is_told_where_enough_tickets_tell_it(as_ada, ada, queue):
    for minutes in range(10):
        old = make_ticket(queue=queue)
        old.first_answer_at = old.created_at + timedelta(minutes=minutes * 10)
        old.save()
    page = as_ada.get(f"/tickets/{make_ticket(ada, queue).ref}/received/")
    assert "We usually answer within 2 hours." in text_of(page)


def suggested(client, subject):
    return [found["subject"] for found in client.get("/tickets/alike/", {"subject": subject}).json()["tickets"]]


def test_own_open_tickets_that_look_the_same_are_suggested(as_ada, ada, queue):
    make_ticket(ada, queue, subject="The printer on the second floor has no ink")
    make_ticket(ada, queue, subject="A new chair")
    make_ticket(queue=queue, subject="Printer without ink")
    closed = make_ticket(ada, queue, subject="Printer has no ink")
    Ticket.objects.filter(pk=closed.pk).update(
        status=Status.CLOSED, resolved_at=NOW, closed_at=NOW, resolution_kind="fixed"
    )
    assert suggested(as_ada, "printer no ink") == ["The printer on the second floor has no ink"]


@pytest.mark.parametrize("subject", ["", "pri", "\0\0\0\0\0", "%_%_%", "'; drop", "x" * 5000])
def test_suggestions_bear_any_words(as_ada, ada, queue, subject):
    make_ticket(ada, queue, subject="The printer")
    assert suggested(as_ada, subject) == []


def test_steps_cost_the_same_however_much_there_is(as_ada, ada, queue, asks, second, queries_of):
    asks("room", FieldKind.TEXT)
    make_ticket(ada, queue, subject="Printer 0")
    paths = ("/tickets/new/", FORM, "/tickets/alike/?subject=printer")
    before = [queries_of(as_ada, path) for path in paths]
    for number in range(3):
        asks(f"room{number}", FieldKind.CHOICE, options=["a", "b"])
        CategoryFactory.create(queue=queue)
        make_ticket(ada, queue, subject=f"Printer {number}")
    assert [queries_of(as_ada, path) for path in paths] == before
