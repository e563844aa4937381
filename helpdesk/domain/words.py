"""Text from anywhere becomes text that can be stored, shown and mailed."""

import re
import unicodedata
from typing import Final

from helpdesk.errors import TOO_LONG_A_TEXT, Code, DomainError

# A long log fits; what is longer is a file.
MAX_TEXT: Final = 100_000
MAX_SUBJECT: Final = 200
MAX_NAME: Final = 120
# Control characters, and those that turn the direction of what stands around them.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# Blanks, joiners and marks, which show nothing without something else, and letters that are drawn as blanks.
_SHOWS_NOTHING: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean_text(text: str) -> str:
    """A message: one kind of line break, no controls, no blank ends; empty where nothing of it can be seen."""
    clean = _UNWANTED.sub("", re.sub("\r\n?|\u2028|\u2029", "\n", text)).strip()
    return clean if any(map(_shows, clean)) else ""


def check_length(text: str) -> None:
    """Refuse a text that no message takes."""
    if len(text) > MAX_TEXT:
        raise DomainError(TOO_LONG_A_TEXT % {"count": len(text), "limit": MAX_TEXT}, Code.WRONG, field="text")


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _SHOWS_NOTHING and character not in _BLANK_LETTERS


def clean_line(text: str) -> str:
    """A subject or a name: the same on one line, in composed characters."""
    return unicodedata.normalize("NFC", " ".join(clean_text(text).split()))
