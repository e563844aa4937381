"""What a topic asks, and what is kept of the answers."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actions import conversation
from helpdesk.errors import Code, DomainError
from helpdesk.models import Category, CustomField, FieldValue, Ticket
from helpdesk.selectors.answers import answers_of, questions_of
from tests.factories import NOW, CategoryFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket

pytestmark = pytest.mark.django_db


def ask(category: Category, code: str, **values: Any) -> CustomField:
    return CustomField.objects.create(category=category, code=code, label=code.title(), **values)


@pytest.fixture
def printers() -> Category:
    """A topic with two questions, the second of which has to be answered, and one that is not asked any more."""
    category = CategoryFactory.create(name="Printers")
    ask(category, "room", kind="choice", options=["1", "2"], position=2, is_required=True)
    ask(category, "since", kind="date", position=1)
    ask(category, "old", is_active=False, is_required=True)
    ask(CategoryFactory.create(), "elsewhere", is_required=True)
    return category


def kept(ticket: Ticket) -> list[tuple[str, str]]:
    return [(value.field.code, value.value) for value in answers_of(ticket)]


def test_questions_come_in_their_order(printers: Category) -> None:
    assert [question.code for question in questions_of(printers)] == ["since", "room"]


def test_answers_are_kept_with_their_questions(printers: Category) -> None:
    ticket = make_ticket(category=printers, answers={"room": " 2 ", "since": "2026-03-01"})
    assert kept(ticket) == [("since", "2026-03-01"), ("room", "2")]
    assert kept(make_ticket(category=printers, answers={"room": "1", "since": " "})) == [("room", "1")]


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({}, "answer-room", Code.MISSING),
        (None, "answer-room", Code.MISSING),
        ({"room": "3"}, "answer-room", Code.WRONG),
        ({"room": "1", "since": "soon"}, "answer-since", Code.WRONG),
        ({"room": "1", "elsewhere": "x"}, "answer-elsewhere", Code.STALE),
        ({"room": "1", "old": "x"}, "answer-old", Code.STALE),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    printers: Category, answers: dict[str, str] | None, field: str, code: Code
) -> None:
    with pytest.raises(DomainError) as refusal:
        make_ticket(category=printers, answers=answers)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert not Ticket.objects.exists()


def test_who_files_for_others_need_not_know_the_answers(printers: Category) -> None:
    agent, ida = make_agent(TeamFactory.create()), UserFactory.create()
    assert kept(make_ticket(agent, category=printers, on_behalf_of=ida)) == []
    with pytest.raises(DomainError):
        make_ticket(agent, category=printers, on_behalf_of=ida, answers={"room": "3"})
    with pytest.raises(DomainError):
        make_ticket(agent, category=printers)


def test_ticket_without_a_topic_is_asked_nothing(printers: Category) -> None:
    make_ticket()
    with pytest.raises(DomainError, match="changed meanwhile"):
        make_ticket(answers={"room": "1"})
    assert not FieldValue.objects.exists()


def test_answer_outlives_its_question(printers: Category) -> None:
    ticket = make_ticket(category=printers, answers={"room": "1"})
    CustomField.objects.update(is_active=False)
    assert kept(ticket) == [("room", "1")]


def test_late_answer_starts_a_ticket_that_asks_nothing_again(printers: Category) -> None:
    old = make_ticket(category=printers, answers={"room": "1"})
    closed = {"status": "closed", "resolved_at": NOW, "closed_at": NOW, "resolution_kind": "fixed"}
    Ticket.objects.filter(pk=old.pk).update(**closed)
    late = NOW + timedelta(days=99)
    new = conversation.reply(ticket=old, body="Again.", by=actor(old.requester), now=late)
    assert (new.follows, kept(new)) == (old, [])
