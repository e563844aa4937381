"""Names and types of files that strangers send."""

import re
import unicodedata
from collections.abc import Collection
from types import MappingProxyType
from typing import Final

MAX_LENGTH: Final = 150
# What file systems take; letters of many scripts have three or four bytes each.
_MAX_BYTES: Final = 240
_LONGEST_ENDING: Final = 10
_SEPARATORS: Final = re.compile(r"[/\\:]+")
# Controls, directions and joiners, halves of characters, private and unassigned ones, and line ends of all sorts.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters that nobody sees either: fillers of Korean syllables, the empty Braille cell, the grapheme joiner.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_NOT_ON_WINDOWS: Final = str.maketrans('<>"|?*', "______")
_RESERVED: Final = re.compile(r"\A(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\Z", re.IGNORECASE)
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
# Those that small pictures are made of, and the one decoder that may open each.
PICTURES: Final = MappingProxyType({"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"})
PLAIN_BYTES: Final = "application/octet-stream"
# What systems start, install or mount when somebody opens it. Scripts that people read in editors are not among them,
# but those that a double click runs are.
PROGRAM_ENDINGS: Final = (
    "ade adp apk app appx appxbundle bat cab chm cmd com cpl diagcab dll dmg exe gadget hta img ins inf iso isp jar "
    "jnlp js jse lib lnk mde msc msi msix msixbundle msp mst nsh pif ps1 psm1 reg scf scr sct settingcontent-ms shb "
    "sys url vb vbe vbs vhd vhdx vxd wsc wsf wsh xll"
)


def safe_name(name: str) -> str:
    """A name to show and to save under: without folders, unseen and direction characters, and of bounded length.

    The ending survives the cut, since people choose their program by it.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name[-10 * MAX_LENGTH :]))[-1]
    seen = "".join(c for c in last if c.isspace() or (unicodedata.category(c) not in _UNSEEN and c not in _BLANK))
    # Rows of blanks would push the ending out of sight.
    clean = " ".join(seen.split()).translate(_NOT_ON_WINDOWS).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if _RESERVED.match(clean.split(".")[0].strip()):
        stem, clean = f"_{stem}", f"_{clean}"
    if len(clean) <= MAX_LENGTH and len(clean.encode()) <= _MAX_BYTES:
        return clean or "file"
    ending = dot + ending if stem and len(ending) <= _LONGEST_ENDING else ""
    room = _MAX_BYTES - len(ending.encode())
    start = clean[: MAX_LENGTH - len(ending)].encode()[:room].decode(errors="ignore").rstrip(" .")
    return unicodedata.normalize("NFC", start + ending)


def ending_of(name: str) -> str:
    """What the name ends in, by which systems choose what to do with it; nothing where it has no ending."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def listed_endings(text: str) -> frozenset[str]:
    """The endings that an administrator listed, whatever stands between them, with or without dots."""
    return frozenset(word.strip("*.").lower() for word in re.split(r"[\s,;]+", text)) - {""}


def served_type(detected: str) -> str:
    """The media type under which bytes of a detected type are served."""
    return detected if detected in KNOWN_TYPES else PLAIN_BYTES


def is_program(head: bytes) -> bool:
    """Whether the bytes begin like a program of some system, whatever their name says."""
    if head[:2] == b"MZ":
        # Words may begin with these letters; a program says further on where its second header is.
        start = int.from_bytes(head[0x3C:0x40], "little")
        return head[start : start + 2] in {b"PE", b"NE", b"LE", b"LX"} or len(head) <= start < _FAR
    return head.startswith(_PROGRAM_HEADS)


# No program has its second header further on.
_FAR: Final = 1 << 20
_PROGRAM_HEADS: Final = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    # A link of Windows, which can start anything.
    b"L\x00\x00\x00\x01\x14\x02\x00",
)


def is_blocked(name: str, head: bytes, *, blocked: Collection[str], allowed: Collection[str]) -> bool:
    """Whether a file of this name and with these first bytes is not taken.

    `allowed` are the only endings taken where there are any. A program is one by its bytes too, as long as programs
    are blocked at all.
    """
    ending = ending_of(name)
    if ending in blocked or (allowed and ending not in allowed):
        return True
    return "exe" in blocked and is_program(head)
