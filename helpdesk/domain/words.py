"""Text from anywhere becomes text that can be stored, shown and mailed."""

import re
import unicodedata
from typing import Final

# A long log fits; what is longer is a file.
MAX_TEXT: Final = 100_000
MAX_SUBJECT: Final = 200
# Control characters, and those that turn the direction of what stands around them.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_text(text: str) -> str:
    """A message: one kind of line break, nothing that cannot be seen, no blank ends."""
    return _UNWANTED.sub("", re.sub("\r\n?|\u2028|\u2029", "\n", text)).strip()


def clean_line(text: str) -> str:
    """A subject or a name: the same on one line, in composed characters."""
    return unicodedata.normalize("NFC", " ".join(clean_text(text).split()))
