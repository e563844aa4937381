"""The answers to the questions that a topic asks: from what was typed to what is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from helpdesk.choices import FieldKind
from helpdesk.domain.words import clean_line, clean_text
from helpdesk.errors import NO_ANSWER, NOT_A_DATE, NOT_AN_OPTION, TOO_LONG_AN_ANSWER, Code, DomainError, Text

MAX_LENGTHS: Final = {FieldKind.TEXT: 200, FieldKind.LONG_TEXT: 5_000}


def field_of(code: str) -> str:
    """The name of the form's field that takes the answer to the question of this code."""
    return f"answer-{code}"


def clean_answer(kind: str, typed: str, *, field: str, options: Sequence[str] = (), is_required: bool = False) -> str:
    """The answer as it is kept, empty where there is none. Raises DomainError with words for its field.

    A choice is kept, and sent by forms, in the words of the desk's own language, whatever language it was read in.
    """
    answer = clean_text(typed) if kind == FieldKind.LONG_TEXT else clean_line(typed)
    if not answer:
        if is_required:
            raise DomainError(NO_ANSWER, Code.MISSING, field=field)
        return ""
    problem = _problem(FieldKind(kind), answer, options)
    if problem is not None:
        raise DomainError(problem, Code.WRONG, field=field)
    return answer


def _problem(kind: FieldKind, answer: str, options: Sequence[str]) -> Text | None:
    """What is wrong with an answer, in words."""
    if kind is FieldKind.CHOICE:
        return None if answer in options else NOT_AN_OPTION
    if kind is FieldKind.DATE:
        return None if _is_date(answer) else NOT_A_DATE
    limit = MAX_LENGTHS[kind]
    if len(answer) > limit:
        return TOO_LONG_AN_ANSWER % {"count": len(answer), "limit": limit}
    return None


def _is_date(answer: str) -> bool:
    try:
        # Python reads other forms too, which nothing else does.
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False
