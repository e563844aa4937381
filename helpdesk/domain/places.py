"""Where a draft is kept: the form for a new ticket, or a box to write in on one."""

import re
from dataclasses import dataclass
from typing import Final

_PATTERN: Final = re.compile(r"\A(?:new|(reply|note):([1-9][0-9]{0,17}))\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its form, `new`, `reply` or `note`, and the number of the ticket where the form has one."""

    form: str
    number: int | None = None

    def __str__(self) -> str:
        return self.form if self.number is None else f"{self.form}:{self.number}"


def parse_place(text: str) -> Place | None:
    """The place of this name (`new`, `reply:1042`), or None where it names none."""
    found = _PATTERN.match(text)
    if found is None:
        return None
    form, number = found.groups()
    return Place(form, int(number)) if form else Place("new")
