"""Mails that lie in files: reading them back, whatever else lies there, and finding the links in their text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import Final

# What Django writes after each message of a file.
_SEPARATOR: Final = b"\n" + b"-" * 79 + b"\n"
# All that one sender mails within a second may end up in one file.
MOST_IN_A_FILE: Final = 100
MOST_CHARACTERS: Final = 20_000
_PATH: Final = r"/(?![/])[\w\-./?=&%:~+,@]*"
_ENDS_A_SENTENCE: Final = ".,:?"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader sees it; `token` is the first part of its Message-ID, `is_cut` that the text goes on."""

    to: str
    subject: str
    written_at: datetime | None
    text: str
    is_cut: bool
    token: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `path` is where it leads on this host, if it is a link."""

    text: str
    path: str = ""


def parse(content: bytes) -> list[Mail]:
    """The mails in a file's content, in its order; what is no mail, or not one yet, is left out."""
    parts = content.replace(b"\r\n", b"\n").split(_SEPARATOR, MOST_IN_A_FILE)[:MOST_IN_A_FILE]
    mails = (_mail(part) for part in parts if part.strip())
    return [mail for mail in mails if mail is not None]


def _mail(part: bytes) -> Mail | None:
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(part)
        to, subject = str(message["To"] or ""), str(message["Subject"] or "")
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body is not None else ""
        token = str(message["Message-ID"] or "").strip("<> ").partition("@")[0]
    except Exception:  # noqa: BLE001 - a file of somebody else's may break the parser in ways of its own
        return None
    if not to and not subject:
        return None
    return Mail(to, subject, _moment(str(message["Date"] or "")), text[:MOST_CHARACTERS].strip(),
                len(text) > MOST_CHARACTERS, token)  # fmt: skip


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else None


def pieces(text: str, base: str) -> Iterator[Piece]:
    """The text with those links marked that lead to pages below `base`; all others stay words."""
    end = 0
    for found in re.finditer(re.escape(base.rstrip("/")) + f"({_PATH})", text):
        path = found[1].rstrip(_ENDS_A_SENTENCE) or "/"
        start = found.start()
        if start > end:
            yield Piece(text[end:start])
        stop = found.start(1) + len(path)
        yield Piece(text[start:stop], path)
        end = stop
    if end < len(text):
        yield Piece(text[end:])
