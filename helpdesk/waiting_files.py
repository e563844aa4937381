"""Files that are stored and wait for their message: the sealed notes by which their senders name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

from helpdesk.actions.files import ORPHAN_AGE, NewFile
from helpdesk.actors import Actor
from helpdesk.selectors import files as file_selectors

_SALT: Final = "helpdesk.uploads"
# The sweep takes away what no message points to after a day; a form is given up a little earlier.
_KEPT_FOR: Final = ORPHAN_AGE - timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file on its way to a message, and the sealed note of it that the form carries to its next try."""

    file: NewFile
    note: str


def seal(file: NewFile, actor: Actor) -> Kept:
    """The file with its note, which is of use to this person alone, and for less than a day."""
    return seal_by(file, _salt(actor))


def seal_by(file: NewFile, salt: str) -> Kept:
    """The same for who knows the salt, where nobody is known."""
    return Kept(file, signing.dumps([file.blob.pk, file.name], salt=salt))


def unseal(notes: Iterable[str], actor: Actor) -> tuple[list[Kept], bool]:
    """The files of the notes, each once, and whether some of them are gone: swept, or not this person's."""
    return unseal_by(notes, _salt(actor))


def unseal_by(notes: Iterable[str], salt: str) -> tuple[list[Kept], bool]:
    """The same with the salt by which they were sealed."""
    named = {note: _read(note, salt) for note in notes if note}
    ids = {read[0]: note for note, read in named.items() if read is not None}
    blobs = file_selectors.waiting(ids, since=timezone.now() - _KEPT_FOR)
    kept = [
        Kept(NewFile(blobs[read[0]], read[1]), note)
        for note, read in named.items()
        if read is not None and read[0] in blobs and ids[read[0]] == note
    ]
    return kept, None in named.values() or len(blobs) < len(ids)


def is_there(note: str, actor: Actor) -> bool:
    """Whether the file of a note of this person's is on a message, or may come to be on one by the note."""
    waiting, _gone = unseal([note], actor)
    read = _read(note, _salt(actor), max_age=None)
    return bool(waiting) or (read is not None and file_selectors.is_sent(read[0]))


def _read(note: str, salt: str, max_age: timedelta | None = _KEPT_FOR) -> tuple[int, str] | None:
    """What the note says, or None where it is too old or not this person's."""
    try:
        pk, name = signing.loads(note, salt=salt, max_age=max_age)
    except (signing.BadSignature, ValueError):
        return None
    return pk, name


def _salt(actor: Actor) -> str:
    return f"{_SALT}:{actor.person.pk}"
