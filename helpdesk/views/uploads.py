"""Files that a form brings: they are stored before the rest of it is checked, so that nobody chooses them twice."""

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
class Uploads:
    """The files of one filling-in of a form, and the sealed note of them that the form carries to its next try."""

    files: tuple[NewFile, ...] = ()
    note: str = ""

    @property
    def digests(self) -> list[tuple[str, str]]:
        """What tells these files from others, for a repeated submission."""
        return [(file.name, file.blob.sha256) for file in self.files]


def receive(request: HttpRequest, form: Form, actor: Actor) -> Uploads:
    """Store what was chosen now, and add it to what the form kept and the person did not remove.

    A refused file stands at the form's field; the others are kept. Of too many new ones none is.
    """
    form.is_valid()
    kept = _kept(request, form, actor)
    chosen = form.cleaned_data.get("files") or ()
    stored = [
        attempt(form, partial(file_actions.store, content=one, name=one.name or "", by=actor))
        for one in attempt(form, partial(file_actions.admit, chosen, beside=len(kept))) or ()
    ]
    files = (*kept, *(file for file in stored if file is not None))
    return Uploads(files, _seal(files, actor) if files else "")


def _kept(request: HttpRequest, form: Form, actor: Actor) -> list[NewFile]:
    """The files of the note in the request, without the removed ones; the form says when some of them are gone."""
    removed = set(request.POST.getlist("remove"))
    noted = _unseal(request.POST.get("kept", ""), actor)
    wanted = [(pk, name) for pk, name in noted or () if str(pk) not in removed]
    blobs = file_selectors.waiting([pk for pk, _name in wanted], since=timezone.now() - _KEPT_FOR)
    if noted is None or len(blobs) < len({pk for pk, _name in wanted}):
        form.add_error("files", gettext("Your files waited too long. Please choose them again."))
    return [NewFile(blobs[pk], name) for pk, name in wanted if pk in blobs]


def _seal(files: tuple[NewFile, ...], actor: Actor) -> str:
    return signing.dumps([[file.blob.pk, file.name] for file in files], salt=_salt(actor))


def _unseal(note: str, actor: Actor) -> list[tuple[int, str]] | None:
    """What the note names, or None where it is too old or not this person's."""
    if not note:
        return []
    try:
        return [(pk, name) for pk, name in signing.loads(note, salt=_salt(actor), max_age=_KEPT_FOR)]
    except signing.BadSignature:
        return None


def _salt(actor: Actor) -> str:
    return f"{_SALT}:{actor.person.pk}"
