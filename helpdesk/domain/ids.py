"""Ids as somebody sends them."""

from typing import Final

# As many as a bigint surely holds.
_DIGITS: Final = 18


def id_in(told: object) -> int | None:
    """The id, or None for whatever is none."""
    text = str(told or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
