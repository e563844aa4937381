"""Files that a form brings: they are stored before the rest of it is checked, so that nobody chooses them twice."""

from dataclasses import dataclass
from functools import partial

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext

from helpdesk.actions import files as file_actions
from helpdesk.actions.files import NewFile
from helpdesk.actors import Actor
from helpdesk.views.refusals import attempt
from helpdesk.waiting_files import Kept, seal, unseal


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
