"""The names of tickets and problems that people say to each other: `WD-1042`, `PRB-12`."""

import re
from typing import Final

PREFIX: Final = "WD"
PROBLEM: Final = "PRB"
_NUMBER: Final = r"([1-9][0-9]{0,17})"
_PATTERNS: Final = {prefix: re.compile(rf"\A(?:{prefix}-)?{_NUMBER}\Z", re.IGNORECASE) for prefix in (PREFIX, PROBLEM)}
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def format_ref(number: int, prefix: str = PREFIX) -> str:
    """The reference of the ticket, or whatever the prefix says, with this number."""
    return f"{prefix}-{number}"


def parse_ref(text: str, prefix: str = PREFIX) -> int | None:
    """The number that `text` names (`WD-1042`, `wd-1042`, `1042`), or None where it names none."""
    match = _PATTERNS[prefix].match(text.strip())
    return int(match.group(1)) if match else None


def split_refs(text: str) -> list[str]:
    """The words of a list of references, each once, in their order."""
    return list(dict.fromkeys(word for word in _SEPARATORS.split(text.strip()) if word))
