"""Cells that a spreadsheet shows and never runs."""

from typing import Final

# What a spreadsheet takes for the beginning of a formula, also in letters of full width, and what it skips before one.
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What a cell of a spreadsheet holds at most.
_LONGEST: Final = 32_767


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    kept = plain(text)
    return f"'{kept}" if kept.startswith(_ACTIVE) else kept


def plain(text: str) -> str:
    """The text without characters that no file of this sort can hold, as long as a cell takes."""
    kept = "".join(c for c in text if c.isprintable() or c in "\t\r\n")
    return kept[: _LONGEST - 1]
