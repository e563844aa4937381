"""Files that a form brings: they are stored before the rest of it is checked, so that nobody chooses them twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from django.core import signing
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from helpdesk.actions import files as file_actions
from helpdesk.actions.files import ORPHAN_AGE, NewFile
from helpdesk.actors import Actor
from helpdesk.selectors import files as file_selectors
from helpdesk.views.refusals import attempt

_SALT: Final = "helpdesk.uploads"
# The sweep takes away what no message points to after a day; a form is given up a little earlier.
_KEPT_FOR: Final = ORPHAN_AGE - timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file on its way to a message, and the sealed note of it that the form carries to its next try."""

    file: NewFile
    note: str


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of one filling-in of a form."""

    kept: tuple[Kept, ...] = ()

    @property
    def files(self) -> tuple[NewFile, ...]:
        """What goes on the message."""
        return tuple(kept.file for kept in self.kept)

    @property
    def digests(self) -> list[tuple[str, str]]:
        """What tells these files from others, for a repeated submission."""
        return [(file.name, file.blob.sha256) for file in self.files]


def receive(request: HttpRequest, form: Form, actor: Actor) -> Uploads:
    """Store what was chosen now, and add it to what the form kept and the person did not remove.

    A refused file stands at the form's field; the others are kept. Of too many new ones none is.
    """
    form.is_valid()
    removed = set(request.POST.getlist("remove"))
    noted, gone = unseal(request.POST.getlist("kept"), actor)
    kept = [one for one in noted if str(one.file.blob.pk) not in removed]
    if gone:
        form.add_error("files", gettext("Your files waited too long. Please choose them again."))
    chosen = form.cleaned_data.get("files") or ()
    stored = [
        attempt(form, partial(file_actions.store, content=one, name=one.name or "", by=actor))
        for one in attempt(form, partial(file_actions.admit, chosen, beside=len(kept))) or ()
    ]
    return Uploads((*kept, *(seal(file, actor) for file in stored if file is not None)))


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


def _read(note: str, salt: str) -> tuple[int, str] | None:
    """What the note says, or None where it is too old or not this person's."""
    try:
        pk, name = signing.loads(note, salt=salt, max_age=_KEPT_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return pk, name


def _salt(actor: Actor) -> str:
    return f"{_SALT}:{actor.person.pk}"
