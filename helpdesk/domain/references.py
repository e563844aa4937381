"""The name of a ticket that people say to each other: `WD-1042`."""

import re
from typing import Final

PREFIX: Final = "WD"
_PATTERN: Final = re.compile(rf"\A(?:{PREFIX}-)?([1-9][0-9]{{0,17}})\Z", re.IGNORECASE)


def format_ref(number: int) -> str:
    """The reference of the ticket with this number."""
    return f"{PREFIX}-{number}"


def parse_ref(text: str) -> int | None:
    """The number that `text` names (`WD-1042`, `wd-1042`, `1042`), or None where it names none."""
    match = _PATTERN.match(text.strip())
    return int(match.group(1)) if match else None
