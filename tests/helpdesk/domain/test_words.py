"""Text from anywhere."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.domain.words import clean_line, clean_text


@given(st.text(st.characters(), max_size=200))
@example("a\0b")
@example("a\r\nb\rc")
@example("\ud800")
def test_clean_text_can_be_stored_and_holds_nothing_unseen(text: str) -> None:
    clean = clean_text(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in clean if c not in "\n\t")
    assert clean == clean.strip()
    assert clean_text(clean) == clean
    clean.encode()


@given(st.text(max_size=200))
def test_clean_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert "  " not in line
    assert clean_line(line) == line


@given(st.text(st.characters(categories=["L", "N", "P"], exclude_characters="\u115f\u1160\u3164\uffa0"), max_size=100))
def test_what_people_can_see_stays(text: str) -> None:
    assert clean_text(text) == text


def test_direction_marks_go() -> None:
    assert clean_line("in\u202egnp.exe") == "ingnp.exe"
    assert clean_text("one\r\ntwo\rthree\n") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    "text", ["\u200b\u2060", "\u202e", "\u00ad\n\u00a0", "\u0301", "\ufe0f", "\u3164", "\u2800 \u2800"]
)
def test_what_nobody_can_see_is_empty(text: str) -> None:
    assert (clean_text(text), clean_line(text)) == ("", "")


@pytest.mark.parametrize("text", ["👩\u200d💻", "❤\ufe0f", "e\u0301", "می\u200cخواهم", "👍", "…"])
def test_joiners_and_marks_stay_where_they_belong(text: str) -> None:
    assert clean_text(text) == text
