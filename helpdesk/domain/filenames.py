"""Names and types of files that strangers send."""

import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 150
_SEPARATORS: Final = re.compile(r"[/\\:]+")
# Shown to a browser as what they are; all others are told to be plain bytes.
KNOWN_TYPES: Final = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "application/zip",
        "application/json",
        "text/plain",
        "text/csv",
    }
)
PLAIN_BYTES: Final = "application/octet-stream"


def safe_name(name: str) -> str:
    """A name to show and to save under: without folders, control and direction characters, and of bounded length.

    The ending survives the cut, since people choose their program by it.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    clean = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    clean = clean.strip(" .")
    if len(clean) > MAX_LENGTH:
        stem, dot, ending = clean.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 10 else ""
        clean = clean[: MAX_LENGTH - len(ending)] + ending
    return clean or "file"


def served_type(detected: str) -> str:
    """The media type under which bytes of a detected type are served."""
    return detected if detected in KNOWN_TYPES else PLAIN_BYTES
