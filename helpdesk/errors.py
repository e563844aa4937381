"""What an action says when it refuses: words for the person who can act on them, and a code for machines."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

Text = str | Promise


class Code(StrEnum):
    """The classes of refusal; an interface picks its status and its place on the page by them."""

    MISSING = "missing"
    WRONG = "wrong"
    FORBIDDEN = "forbidden"
    ILLEGAL_MOVE = "illegal_move"
    STALE = "stale"
    REPEATED = "repeated"


class DomainError(Exception):
    """An action refused. Nothing was written.

    `field` names the form field that the words belong to, where there is one.
    """

    def __init__(self, message: Text, code: Code, field: str | None = None) -> None:
        super().__init__(message)
        self.message: Final = message
        self.code: Final = code
        self.field: Final = field

    def __str__(self) -> str:
        return str(self.message)
