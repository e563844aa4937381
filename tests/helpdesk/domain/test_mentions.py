"""Whom a note mentions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.mentions import MAX_MENTIONS, meant, spoken

KNOWN = {"mara silva": [1], "mara": [2], "nia fofana": [3], "o'neill jr.": [4]}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("@Mara Silva, look", [1]),
        ("@mara silva look", [1]),
        ("Hello @mara: and (@Nia Fofana)", [2, 3]),
        ("@Nia Fofana.", [3]),
        ("@O'Neill Jr. knows", [4]),
        ("Ask @mara. @Mara Silva too, @mara", [2, 1]),
        ("mail mara@example.org", []),
        ("`@mara` and\n```\n@nia fofana\n```", []),
        ("@@mara", []),
        ("@mara` said", [2]),
        ("@ mara", []),
        ("@somebody else", []),
        ("@Mara\nSilva", [2]),
    ],
)
def test_names_and_handles_are_found(text: str, ids: list[int]) -> None:
    assert meant(spoken(text), KNOWN) == ids


@given(st.text(alphabet="@aäZ .,'`\n(", max_size=200))
def test_any_text_is_read_and_nothing_is_made_up(text: str) -> None:
    for phrases in spoken(text):
        assert phrases
        assert all("@" not in phrase and "`" not in phrase for phrase in phrases)


def test_there_is_an_end_to_mentions() -> None:
    assert len(spoken(" ".join(f"@somebody{number}," for number in range(100)))) == MAX_MENTIONS
