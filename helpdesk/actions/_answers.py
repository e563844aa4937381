"""What was answered to the questions of a topic."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.domain.answers import clean_answer, field_of
from helpdesk.errors import Code, DomainError
from helpdesk.models import Category, CustomField, FieldValue, Ticket
from helpdesk.selectors.catalogue import questions_of

Answers = list[tuple[CustomField, str]]
_CHANGED: Final = _("What we ask about this topic changed meanwhile. Look at the questions again.")


def check(category: Category | None, answers: Mapping[str, str], *, insist: bool) -> Answers:
    """The answers as they are kept, with their questions. `insist`: those that have to be answered are."""
    questions = questions_of(category) if category is not None else []
    for code in answers:
        if code not in {question.code for question in questions}:
            raise DomainError(_CHANGED, Code.STALE, field=field_of(code))
    cleaned = [
        (
            question,
            clean_answer(
                question.kind,
                answers.get(question.code, ""),
                field=field_of(question.code),
                options=question.options,
                is_required=insist and question.is_required,
            ),
        )
        for question in questions
    ]
    return [(question, answer) for question, answer in cleaned if answer]


def keep(ticket: Ticket, answers: Answers) -> None:
    """Put checked answers on a new ticket."""
    FieldValue.objects.bulk_create(
        FieldValue(ticket=ticket, field=question, value=answer) for question, answer in answers
    )
