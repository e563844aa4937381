"""Where a draft is kept: one of the forms for a new ticket, or a box to write in on one."""

import re
from dataclasses import dataclass
from typing import Final

_PATTERN: Final = re.compile(r"\A(?:(new|filing)|(reply|note):([1-9][0-9]{0,17}))\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its form and, where the form has one, the number of its ticket.

    `new` is the portal's form for a new ticket, `filing` the desk's; `reply` and `note` stand on a ticket.
    """

    form: str
    number: int | None = None

    def __str__(self) -> str:
        return self.form if self.number is None else f"{self.form}:{self.number}"


def parse_place(text: str) -> Place | None:
    """The place of this name (`new`, `reply:1042`), or None where it names none."""
    found = _PATTERN.match(text)
    if found is None:
        return None
    alone, form, number = found.groups()
    return Place(form, int(number)) if form else Place(alone)
