"""Files on their way to a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from helpdesk.errors import Code, DomainError
from helpdesk.models import Attachment, Blob, DeskSettings, Message


@dataclass(frozen=True, slots=True)
class NewFile:
    """Bytes that are stored already, and the name that the sender gave them."""

    blob: Blob
    name: str


def check_count(count: int, settings: DeskSettings) -> None:
    """Raises DomainError for more files than one message takes."""
    if count > settings.max_files:
        raise DomainError(
            _("These are %(count)d files; one message takes %(limit)d. Send the others in a second one.")
            % {"count": count, "limit": settings.max_files},
            Code.WRONG,
            field="files",
        )


def attach(message: Message, files: Sequence[NewFile], settings: DeskSettings) -> None:
    """Put files on a message."""
    if not files:
        return
    check_count(len(files), settings)
    Attachment.objects.bulk_create(
        Attachment(message=message, blob=file.blob, name=file.name, position=position)
        for position, file in enumerate(files)
    )
