"""Ids as somebody sends them."""

import pytest

from helpdesk.domain.ids import id_in


@pytest.mark.parametrize(("told", "known"), [("7", 7), (12, 12), ("9" * 18, int("9" * 18)), ("0", 0)])
def test_id_is_read(told: object, known: int) -> None:
    assert id_in(told) == known


@pytest.mark.parametrize(
    "told", [None, "", "-1", "+1", "1.0", " 1", "1e3", "٣", "²", "9" * 19, "9" * 5_000, "0x1", "1\x00"]
)
def test_what_is_no_id_is_none(told: object) -> None:
    assert id_in(told) is None
