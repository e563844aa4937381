"""What was answered to the questions about a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._work import Work
from helpdesk.actors import Actor
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Typed, Value, clean_answer, field_of
from helpdesk.domain.events import FieldChanged
from helpdesk.errors import NOT_A_PERSON, Code, DomainError
from helpdesk.models import Category, CustomField, FieldValue, Queue, Ticket
from helpdesk.selectors.answers import asked_about, fields_of, questions_of, unanswered
from helpdesk.selectors.suggestions import people

Answers = list[tuple[CustomField, Value]]
_CHANGED: Final = _("What we ask about this topic changed meanwhile. Look at the questions again.")
_WRITTEN: Final = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


def check(category: Category | None, queue: Queue, answers: Mapping[str, Typed], *, by: Actor, insist: bool) -> Answers:
    """The answers as they are kept, with their questions. `insist`: those that have to be answered are."""
    questions = questions_of(category, queue)
    for key in answers:
        if key not in {question.key for question in questions}:
            raise DomainError(_CHANGED, Code.STALE, field=field_of(key))
    return cleaned(questions, answers, by=by, insist=insist)


def cleaned(
    questions: Sequence[CustomField], answers: Mapping[str, Typed], *, by: Actor | None, insist: bool
) -> Answers:
    """The answers to these questions as they are kept; those to others are passed over. Nobody names no person."""
    found = [(question, _cleaned(question, answers, by, insist=insist)) for question in questions]
    return [(question, answer) for question, answer in found if answer is not None]


def _cleaned(question: CustomField, answers: Mapping[str, Typed], by: Actor | None, *, insist: bool) -> Value | None:
    answer = clean_answer(
        question.asks,
        answers.get(question.key),
        field=field_of(question.key),
        is_required=insist and question.is_required,
    )
    _check_person(question, answer, by, None)
    return answer


def _check_person(question: CustomField, answer: Value | None, by: Actor | None, ticket: Ticket | None) -> None:
    """Nobody names a person whom they would not be offered."""
    if question.kind != FieldKind.PERSON or answer is None:
        return
    if by is None or not people(by, ticket).filter(pk=answer).exists():
        raise DomainError(NOT_A_PERSON, Code.WRONG, field=field_of(question.key))


def keep(ticket: Ticket, answers: Answers) -> None:
    """Put checked answers on a new ticket."""
    FieldValue.objects.bulk_create(FieldValue.of(ticket, question, answer) for question, answer in answers)


def take(work: Work, answers: Mapping[str, Typed]) -> None:
    """The step that answers some of the questions of a locked ticket inside an action."""
    known = {question.key: question for question in fields_of(work.ticket)}
    for key, typed in answers.items():
        if key not in known:
            raise DomainError(_CHANGED, Code.STALE, field=field_of(key))
        put(work, known[key], typed)


def put(work: Work, question: CustomField, typed: Typed) -> None:
    """The step that answers one question anew; an answer of nothing takes the old one away."""
    row = FieldValue.objects.filter(ticket=work.ticket, field=question).first()
    before = None if row is None else row.answer
    answer = clean_answer(question.asks, typed, field=field_of(question.key), had=before)
    if answer == before:
        return
    _check_person(question, answer, work.by, work.ticket)
    if answer is None:
        FieldValue.objects.filter(ticket=work.ticket, field=question).delete()
    elif row is None:
        FieldValue.of(work.ticket, question, answer).save(force_insert=True)
    else:
        row.field = question
        row.fill(answer)
        row.save()
    work.record(_event(question, before, answer))


def _event(question: CustomField, before: Any, after: Any) -> FieldChanged:
    """What changed, without a word that somebody wrote and without a name."""
    if question.kind == FieldKind.PERSON:
        return FieldChanged(question.pk, from_id=before, to_id=after)
    if question.kind in _WRITTEN:
        return FieldChanged(question.pk, from_value=before is not None or None, to_value=after is not None or None)
    return FieldChanged(question.pk, from_value=before, to_value=after)


def refuse_unanswered(work: Work) -> None:
    """Refuse to resolve what lacks an answer that is wanted by then."""
    missing: Sequence[CustomField] = unanswered(asked_about(work.ticket, with_internal=True))
    if missing:
        names = ", ".join(_("“%(name)s”") % {"name": one.shown("label")} for one in missing)
        raise DomainError(
            _("Before this is resolved, answer: %(names)s.") % {"names": names},
            Code.MISSING,
            field=field_of(missing[0].key),
        )
