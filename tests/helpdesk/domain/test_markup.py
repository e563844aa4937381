"""Messages without marks take a short way, which leads to the same HTML as the parser's and the cleaner's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.domain import markup

# Letters, line breaks and spaces, and the characters that mean something only where they stand.
_NEAR_LETTERS = st.text(
    st.one_of(st.sampled_from("ab \n .,:;-+=)(1%$§\"'/@?!"), st.characters(exclude_categories=["Cs"])), max_size=60
)


@given(_NEAR_LETTERS)
@example("")
@example(" \n \n")
@example("One line,  \nanother   \n\n\n  and a paragraph.")
@example("1. a list\n2. of two")
@example("    four spaces are code")
@example("A heading\n===\nand one more\n---")
@example("- a list\n\n+ another")
@example("Non-breaking\xa0space, zero\u200bwidth, \u2028 and \x85")
@example("a:\n:-\nb")
def test_short_way_leads_to_the_same_html(text: str) -> None:
    cleaned = markup.nh3.clean(
        markup._render(text),
        tags=markup._TAGS,
        attributes=markup._ATTRIBUTES,
        url_schemes=markup._SCHEMES,
        link_rel=None,
    )
    assert markup.to_html(text) == cleaned


@pytest.mark.parametrize("mark", ["*b*", "<b>", "&amp;", "`c`", "[a](b)", "\\", "# h", "~~s~~", "a | b", "- l", "> q"])
def test_marks_take_the_long_way(mark: str) -> None:
    assert markup._MAY_MARK.search(f"Words\n{mark}")
