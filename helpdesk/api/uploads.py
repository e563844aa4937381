"""Files on their way to a message."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from helpdesk.actions.files import NewFile
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.waiting_files import unseal


def files_of(notes: Sequence[str], actor: Actor) -> list[NewFile]:
    """The files that these notes of theirs name. Raises DomainError where one is unknown, or waited too long."""
    kept, gone = unseal(notes, actor)
    if gone:
        words = _("One of these uploads is not yours or waited too long. Send it again.")
        raise DomainError(words, Code.WRONG, field="uploads")
    return [one.file for one in kept]
