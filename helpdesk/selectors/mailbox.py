"""The mails of the demo, which become files: what went out, and what still waits."""

import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from helpdesk.choices import DeliveryChannel
from helpdesk.domain.mails import Mail, parse
from helpdesk.models import Delivery
from helpdesk.models.deliveries import OPEN

# A page has so many mails, and the rest of the file that its last one lies in.
PAGE: Final = 25
# A folder with more files than these, and longer files, are nothing that a demo makes.
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 1_000_000
MOST_READ: Final = 100
MOST_WAITING: Final = 20
_NAME: Final = re.compile(r"\A\d{8}-\d{6}-\d+\.log\Z")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that went out, and the delivery that it was, where there is one."""

    mail: Mail
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Letters:
    """A page of them, the newest first; `older` is where the next page begins, if there is one."""

    letters: Sequence[Letter]
    older: str


def is_open() -> bool:
    """Whether there is a mailbox at all: in a demo whose mails become files."""
    return bool(settings.WATCHDESK_ENV == "demo" and settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"))


def letters(before: str = "") -> Letters:
    """What went out before the file of this name; without one, or when it is gone, what went out last."""
    names = _names()
    start = names.index(before) + 1 if before in names else 0
    mails: list[Mail] = []
    read = 0
    for name in names[start : start + MOST_READ]:
        mails += reversed(_read(name))
        read += 1
        if len(mails) >= PAGE:
            break
    deliveries = _deliveries(mails)
    older = names[start + read - 1] if len(names) > start + read else ""
    return Letters([Letter(mail, deliveries.get(mail.token)) for mail in mails], older)


def waiting() -> QuerySet[Delivery]:
    """What has not left yet, the next one first."""
    rows = Delivery.objects.filter(OPEN, channel=DeliveryChannel.EMAIL).select_related("recipient", "ticket")
    return rows.order_by("not_before", "pk")[:MOST_WAITING]


def _names() -> list[str]:
    """The files of mails, the last written one first."""
    try:
        with os.scandir(settings.EMAIL_FILE_PATH) as entries:
            found = [_aged(entry) for entry in islice(entries, MOST_FILES) if _NAME.match(entry.name)]
    except OSError:
        return []
    return [name for _written, name in sorted(found, reverse=True)]


def _aged(entry: os.DirEntry[str]) -> tuple[int, str]:
    try:
        return entry.stat(follow_symlinks=False).st_mtime_ns, entry.name
    except OSError:  # Taken away in between.
        return 0, entry.name


def _read(name: str) -> list[Mail]:
    path = Path(settings.EMAIL_FILE_PATH) / name
    try:
        if path.is_symlink() or not path.is_file():
            return []
        with path.open("rb") as stream:
            return parse(stream.read(MOST_BYTES))
    except OSError:
        return []


def _deliveries(mails: Sequence[Mail]) -> dict[str, Delivery]:
    tokens = []
    for mail in mails:
        try:
            tokens.append(uuid.UUID(mail.token))
        except ValueError:
            continue
    rows = Delivery.objects.filter(token__in=tokens).select_related("recipient", "ticket")
    return {str(row.token): row for row in rows}
