"""No cell runs, whatever a spreadsheet takes the line apart by."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.spreadsheets import harmless

ACTIVE: Final = tuple("=+-@＝＋－＠")
LINES: Final = re.compile("[\r\n]")
TEXTS: Final = st.text(alphabet="=+-@＝ \t\r\n;,\"'a1\0\u200b\u2028", max_size=12)


def written(texts: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(text) for text in texts])
    return out.getvalue()


def cells(line: str) -> Iterator[str]:
    """All that could become a cell: by a reader who heeds quotes, and by one who takes them for characters."""
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=separator):
            yield from row
    for separator in ";\t":
        for row in LINES.split(line):
            yield from row.split(separator)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_no_cell_begins_like_a_formula_by_whatever_the_line_is_taken_apart(texts: list[str]) -> None:
    for cell in cells(written(texts)):
        assert not cell.lstrip(' "').startswith(ACTIVE), cell


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_nothing_but_apostrophes_is_added(texts: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(written(texts), newline=""))
    for text, cell in zip(texts, row, strict=True):
        kept = text.translate({0: None, 0x200B: None, 0x2028: None})
        assert cell.replace("'", "") == kept.replace("'", "")


@pytest.mark.parametrize(
    "text", ["", "Drucker 3. OG", "Größe; Farbe, Form", "a-b; c+d", "it's 5 o'clock", "me@example.org"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
