"""Cells that a spreadsheet shows and never runs."""

import re
from typing import Final

# What a spreadsheet takes for the beginning of a formula, also in letters of full width. It stands at the beginning of
# a cell, or of what becomes one where a spreadsheet takes cells apart by something else than commas, as many do with
# semicolons: then quotes around a cell are nothing but characters of the line, and are skipped before it as blanks are.
_ACTIVE: Final = re.compile(r"((?:\A|[;\t\r\n])[ \"]*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
# What a cell of a spreadsheet holds at most.
_LONGEST: Final = 32_767


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for a formula."""
    kept = _ACTIVE.sub(r"\1'\2", plain(text))
    # A tab or a line break in front is dropped by some, and so would be what it kept apart.
    return f"'{kept}"[:_LONGEST] if kept.startswith(("\t", "\r", "\n")) else kept[:_LONGEST]


def plain(text: str) -> str:
    """The text without characters that no file of this sort can hold, as long as a cell takes."""
    kept = "".join(c for c in text if c.isprintable() or c in "\t\r\n")
    return kept[: _LONGEST - 1]
