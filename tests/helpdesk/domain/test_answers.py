"""Answers to the questions of a topic, one at a time."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Asks, Typed, Value, clean_answer
from helpdesk.errors import Code, DomainError


def clean(kind: str, typed: Typed, *, had: Value | None = None, is_required: bool = False, **limits: Any) -> Any:
    asks = Asks(FieldKind(kind), ("Red", "Green"), **limits)
    return clean_answer(asks, typed, field="answer-x", is_required=is_required, had=had)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  the  red \n one ", "the red one"),
        ("text", "x" * 200, "x" * 200),
        ("long_text", " a\r\nb \n", "a\nb"),
        ("long_text", "x" * 5000, "x" * 5000),
        ("choice", " Red ", "Red"),
        ("date", " 2024-02-29 ", "2024-02-29"),
        ("date", " ", None),
        ("choice", "\u200b", None),
        ("multi", ["Green", " Red", "Green"], ["Red", "Green"]),
        ("multi", "Green\nRed", ["Red", "Green"]),
        ("multi", [], None),
        ("boolean", "no", False),
        ("boolean", True, True),
        ("boolean", "", None),
        ("person", " 12 ", 12),
        ("person", 12, 12),
        ("person", None, None),
        ("number", " 007 ", "7"),
        ("number", "\u22125", "-5"),
        ("number", "-0", "0"),
        ("number", None, None),
    ],
)
def test_answer_is_kept_as_it_was_meant(kind: str, typed: str, kept: str) -> None:
    assert clean(kind, typed) == kept


@pytest.mark.parametrize(
    ("typed", "decimals", "kept"),
    [
        ("1,234", 0, "1234"),
        ("1.234", 2, "1234.00"),
        ("1.234", 3, "1.234"),
        ("0,234", 3, "0.234"),
        ("1.234.567", 0, "1234567"),
        ("1.234,56", 2, "1234.56"),
        ("1,234.56", 2, "1234.56"),
        ("1 234\u00a0567,8", 1, "1234567.8"),
        ("1'234.5", 1, "1234.5"),
        (",5", 1, "0.5"),
        ("5.", 1, "5.0"),
        ("3,50", 1, "3.5"),
        ("+12", 0, "12"),
    ],
)
def test_number_is_read_as_people_of_many_places_write_it(typed: str, decimals: int, kept: str) -> None:
    assert clean("number", typed, decimals=decimals) == kept


@pytest.mark.parametrize(
    ("typed", "limits", "words"),
    [
        ("1.5", {}, "a whole number"),
        ("1.55", {"decimals": 1}, "at most 1 digits"),
        ("4", {"minimum": Decimal(5)}, "not smaller than 5"),
        ("10.5", {"maximum": Decimal("10.250000"), "decimals": 1}, "not larger than 10.25"),
        ("1,23,4", {}, "Write a number"),
        ("1.2.3,4", {"decimals": 1}, "Write a number"),
        ("1,2,3", {}, "Write a number"),
        ("twelve", {}, "Write a number"),
        ("1e5", {}, "Write a number"),
        ("NaN", {}, "Write a number"),
        ("٣", {}, "Write a number"),
        ("9" * 15, {}, "Write a number"),
        ("-", {}, "Write a number"),
    ],
)
def test_number_that_does_not_fit_is_refused(typed: str, limits: dict[str, Any], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        clean("number", typed, **limits)


def test_what_was_chosen_once_may_stay() -> None:
    assert clean("choice", "Blue", had="Blue") == "Blue"
    assert clean("multi", ["Blue", "Red"], had=["Blue"]) == ["Red", "Blue"]
    with pytest.raises(DomainError):
        clean("choice", "Blue", had="Red")


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
        ("multi", ["Red", "Blue"], "Choose one"),
        ("boolean", "perhaps", "yes or no"),
        ("person", "Ada", "from the list"),
        ("person", "1" * 19, "from the list"),
    ],
)
def test_answer_that_does_not_fit_is_refused_at_its_field(kind: str, typed: str, words: str) -> None:
    with pytest.raises(DomainError, match=words) as refusal:
        clean(kind, typed)
    assert (refusal.value.code, refusal.value.field) == (Code.WRONG, "answer-x")


def test_answer_that_has_to_be_given_is_asked_for() -> None:
    with pytest.raises(DomainError) as refusal:
        clean("text", " ", is_required=True)
    assert (refusal.value.code, refusal.value.field) == (Code.MISSING, "answer-x")


@given(st.sampled_from(list(FieldKind)), st.text())
def test_whatever_is_typed_is_kept_or_refused_in_words(kind: FieldKind, typed: str) -> None:
    try:
        kept = clean(kind, typed)
    except DomainError as refusal:
        assert str(refusal)
    else:
        assert clean(kind, kept) == kept
