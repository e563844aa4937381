"""Answers to the questions of a topic, one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.choices import FieldKind
from helpdesk.domain.answers import clean_answer
from helpdesk.errors import Code, DomainError


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  the  red \n one ", "the red one"),
        ("text", "x" * 200, "x" * 200),
        ("long_text", " a\r\nb \n", "a\nb"),
        ("long_text", "x" * 5000, "x" * 5000),
        ("choice", " Red ", "Red"),
        ("date", " 2024-02-29 ", "2024-02-29"),
        ("date", " ", ""),
        ("choice", "\u200b", ""),
    ],
)
def test_answer_is_kept_as_it_was_meant(kind: str, typed: str, kept: str) -> None:
    assert clean_answer(kind, typed, field="answer-x", options=["Red", "Green"]) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("text", "x" * 201, "has 201 characters; there is room for 200"),
        ("long_text", "x" * 5001, "room for 5000"),
        ("choice", "red", "Choose one"),
        ("date", "2023-02-29", "a date that exists"),
        ("date", "20240229", "a date that exists"),
        ("date", "2024-W09-4", "a date that exists"),
        ("date", "tomorrow", "a date that exists"),
    ],
)
def test_answer_that_does_not_fit_is_refused_at_its_field(kind: str, typed: str, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        clean_answer(kind, typed, field="answer-x", options=["Red"])
    assert (refusal.value.code, refusal.value.field) == (Code.WRONG, "answer-x")


def test_answer_that_has_to_be_given_is_asked_for() -> None:
    with pytest.raises(DomainError) as refusal:
        clean_answer("text", " ", field="answer-x", is_required=True)
    assert (refusal.value.code, refusal.value.field) == (Code.MISSING, "answer-x")


@given(st.sampled_from(list(FieldKind)), st.text())
def test_whatever_is_typed_is_kept_or_refused_in_words(kind: FieldKind, typed: str) -> None:
    try:
        kept = clean_answer(kind, typed, field="answer-x", options=["Red"])
    except DomainError as refusal:
        assert str(refusal)
    else:
        assert clean_answer(kind, kept, field="answer-x", options=["Red"]) == kept
