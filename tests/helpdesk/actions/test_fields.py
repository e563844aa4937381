"""Questions about a ticket, of every kind: answered by agents, wanted to resolve, kept where it goes."""

from functools import partial
from typing import Any

import pytest

from helpdesk.actions import properties
from helpdesk.actions.fields import set_answer, state_of
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Typed
from helpdesk.errors import Code, DomainError
from helpdesk.models import CustomField, FieldValue, Ticket, TicketEvent
from helpdesk.selectors.answers import answers_of, asked_about
from tests.factories import (
    CategoryFactory,
    CustomFieldFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.helpdesk.actions.desk import LATER, Desk
from tests.together import together

pytestmark = pytest.mark.django_db


def ask(d: Desk, kind: FieldKind = FieldKind.TEXT, **values: Any) -> CustomField:
    return CustomFieldFactory.create(category=None, queue=d.queue, kind=kind, **values)


def answer(d: Desk, field: CustomField, to: Typed, seen: str | None = None) -> Ticket:
    return set_answer(ticket=d.ticket, field=field, to=to, by=d.desk(), now=LATER, seen=seen)


def kept(d: Desk, field: CustomField) -> Any:
    row = FieldValue.objects.filter(ticket=d.ticket, field=field).first()
    return None if row is None else row.answer


def changes(d: Desk) -> list[dict[str, Any]]:
    events = TicketEvent.objects.filter(ticket=d.ticket, kind="field_changed").order_by("seq")
    return [{name: value for name, value in event.data.items() if value is not None} for event in events]


@pytest.mark.parametrize(
    ("kind", "typed", "value", "columns"),
    [
        (FieldKind.TEXT, " Room  12 ", "Room 12", {"words": "Room 12"}),
        (FieldKind.LONG_TEXT, "a\r\nb", "a\nb", {"words": "a\nb"}),
        (FieldKind.NUMBER, "1.234,5", "1234.50", {"words": "1234.50", "number": "1234.500000"}),
        (FieldKind.DATE, "2026-03-01", "2026-03-01", {"day": "2026-03-01"}),
        (FieldKind.CHOICE, "Red", "Red", {"words": "Red", "picks": ["Red"]}),
        (FieldKind.MULTI, ["Blue", "Red"], ["Red", "Blue"], {"words": "Red\nBlue", "picks": ["Red", "Blue"]}),
        (FieldKind.BOOLEAN, "no", False, {"picks": ["no"]}),
    ],
)
def test_answer_of_each_kind_is_kept_and_can_be_taken_back(
    d: Desk, kind: FieldKind, typed: Typed, value: Any, columns: dict[str, Any]
) -> None:
    field = ask(d, kind, options=["Red", "Blue"], decimals=2)
    answer(d, field, typed)
    row = FieldValue.objects.get()
    assert row.value == value
    found = {"words": row.words, "number": row.number, "day": row.day, "picks": row.picks}
    told = {name: [one.split(":", 1)[1] for one in part] if name == "picks" else str(part) for name, part in
            found.items() if part}  # fmt: skip
    assert told == columns
    answer(d, field, None, seen=state_of(value))
    assert kept(d, field) is None
    written = kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}
    shown = True if written else value
    assert changes(d) == [{"field_id": field.pk, "to_value": shown}, {"field_id": field.pk, "from_value": shown}]


def test_same_answer_is_no_change(d: Desk) -> None:
    field = ask(d)
    answer(d, field, "12")
    version = d.now().version
    assert answer(d, field, " 12 ").version == version


def test_person_is_somebody_whom_one_may_name(d: Desk) -> None:
    field, boss = ask(d, FieldKind.PERSON), UserFactory.create()
    organization = OrganizationFactory.create()
    OrganizationMembershipFactory.create(user=d.requester, organization=organization)
    OrganizationMembershipFactory.create(user=boss, organization=organization)
    d.ticket = make_ticket(d.requester, d.queue)
    answer(d, field, boss.pk)
    answer(d, field, str(d.requester.pk))
    assert changes(d) == [
        {"field_id": field.pk, "to_id": boss.pk},
        {"field_id": field.pk, "from_id": boss.pk, "to_id": d.requester.pk},
    ]
    gone = UserFactory.create(is_active=False)
    OrganizationMembershipFactory.create(user=gone, organization=organization)
    for who in (UserFactory.create(), gone):
        with pytest.raises(DomainError, match="Choose somebody"):
            answer(d, field, who.pk)


def test_requester_names_people_of_their_own_organisation_only(d: Desk) -> None:
    ask(d, FieldKind.PERSON, code="boss")
    boss, organization = UserFactory.create(), OrganizationFactory.create()
    for who in (d.requester, boss):
        OrganizationMembershipFactory.create(user=who, organization=organization)
    make_ticket(d.requester, d.queue, answers={"queue.boss": str(boss.pk)})
    with pytest.raises(DomainError, match="Choose somebody"):
        make_ticket(d.requester, d.queue, answers={"queue.boss": str(d.agents[0].pk)})


def test_who_answers_on_an_older_page_is_told(d: Desk) -> None:
    field = ask(d)
    answer(d, field, "12")
    with pytest.raises(DomainError, match="Meanwhile somebody else answered") as refusal:
        answer(d, field, "13", seen=state_of(None))
    assert refusal.value.code is Code.STALE
    assert kept(d, field) == "12"


def test_who_does_not_work_the_ticket_answers_nothing(d: Desk) -> None:
    field = ask(d)
    for who in (d.me(), actor(make_agent())):
        with pytest.raises(DomainError) as refusal:
            set_answer(ticket=d.ticket, field=field, to="x", by=who, now=LATER)
        assert refusal.value.code is Code.FORBIDDEN


def test_moved_ticket_keeps_its_answers_and_shows_those_that_apply(d: Desk) -> None:
    field, elsewhere = ask(d), QueueFactory.create(teams=[d.teams[0]])
    answer(d, field, "12")
    properties.set_queue(ticket=d.ticket, to=elsewhere, by=d.desk(), now=LATER)
    assert answers_of(d.now()) == []
    assert [(one.shown, one.applies) for one in asked_about(d.now(), with_internal=True)] == [("12", False)]
    with pytest.raises(DomainError, match="is not asked about this ticket any more"):
        answer(d, field, "13")
    properties.set_queue(ticket=d.ticket, to=d.queue, by=d.desk(), now=LATER)
    assert [one.shown for one in answers_of(d.now())] == ["12"]


def test_questions_of_a_queue_are_asked_beside_those_of_a_topic(d: Desk) -> None:
    topic = CategoryFactory.create(queue=d.queue)
    CustomFieldFactory.create(category=topic, code="room", is_required=True)
    ask(d, code="room", is_required=True)
    ask(d, code="secret", is_internal=True, is_required=True)
    with pytest.raises(DomainError) as refusal:
        make_ticket(d.requester, category=topic, answers={"room": "1"})
    assert refusal.value.field == "answer-queue.room"
    ticket = make_ticket(d.requester, category=topic, answers={"room": "1", "queue.room": "2"})
    assert [one.shown for one in answers_of(ticket)] == ["1", "2"]
    with pytest.raises(DomainError) as refusal:
        make_ticket(d.requester, category=topic, answers={"room": "1", "queue.room": "2", "queue.secret": "x"})
    assert refusal.value.code is Code.STALE


def test_internal_answer_is_the_desks_own(d: Desk) -> None:
    answer(d, ask(d, is_internal=True), "secret")
    assert answers_of(d.now()) == []
    assert [one.shown for one in asked_about(d.now(), with_internal=True)] == ["secret"]


def test_ticket_is_not_resolved_without_the_answers_that_are_wanted_by_then(d: Desk) -> None:
    field = ask(d, FieldKind.CHOICE, label="Cause", code="cause", options=["Red"], is_required_to_resolve=True)
    with pytest.raises(DomainError, match="Before this is resolved, answer: “Cause”") as refusal:
        d.resolve()
    assert (refusal.value.code, refusal.value.field) == (Code.MISSING, "answer-queue.cause")
    with pytest.raises(DomainError, match="Choose one of the answers"):
        d.resolve(answers={"queue.cause": "Blue"})
    assert not d.now().is_solved
    d.resolve(answers={"queue.cause": "Red"})
    assert d.now().is_solved
    assert kept(d, field) == "Red"
    assert d.record()[-2:] == ["field_changed", "resolved"]


def test_question_that_is_asked_no_longer_holds_nothing_up(d: Desk) -> None:
    ask(d, is_required_to_resolve=True, is_active=False)
    d.resolve()
    assert d.now().is_solved


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_is_told(d: Desk) -> None:
    field = ask(d)
    results = together(*(partial(_try, d, field, text) for text in ("one", "two")))
    assert sorted(results) == ["answered", "refused"]
    assert len(changes(d)) == 1


def _try(d: Desk, field: CustomField, text: str) -> str:
    try:
        answer(d, field, text, seen=state_of(None))
    except DomainError:
        return "refused"
    return "answered"
