"""Files come in, and what nobody points to is swept."""

import hashlib
import io
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, Final

import puremagic
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._files import NewFile
from helpdesk.actors import Actor
from helpdesk.domain.filenames import safe_name, served_type
from helpdesk.errors import Code, DomainError
from helpdesk.models import Blob
from helpdesk.permissions import Right, holds
from helpdesk.selectors.settings import desk_settings

__all__ = ["NewFile", "store", "sweep"]

_HEAD: Final = 8192
_CHUNK: Final = 1 << 20
ORPHAN_AGE: Final = timedelta(days=1)


def store(*, content: IO[bytes], name: str, by: Actor) -> NewFile:
    """Write the bytes under a random key, then their row. What a crash leaves in between is swept.

    Raises DomainError for an empty file and for one over the limit.
    """
    if not holds(by, Right.FILE_TICKET):
        raise DomainError(_("You may not send files."), Code.FORBIDDEN, field="files")
    limit = desk_settings().max_file_mb
    shown = safe_name(name)
    digest, size, head = _measure(content, limit << 20)
    if size > limit << 20:
        raise DomainError(
            _("“%(name)s” is larger than %(limit)d MB, which is the limit. Share a link or split it.")
            % {"name": shown, "limit": limit},
            Code.WRONG,
            field="files",
        )
    if size == 0:
        raise DomainError(_("“%(name)s” is empty.") % {"name": shown}, Code.WRONG, field="files")
    blob = Blob(
        key=secrets.token_hex(20),
        sha256=digest,
        size=size,
        media_type=served_type(_detect(head)),
    )
    default_storage.save(blob.storage_name, File(content))
    return NewFile(_save(blob=blob), shown)


@action
def _save(*, blob: Blob) -> Blob:
    blob.save(force_insert=True)
    return blob


def _measure(content: IO[bytes], limit: int) -> tuple[str, int, bytes]:
    """Digest, size and first bytes; stops reading where the limit is passed."""
    digest, size, head = hashlib.sha256(), 0, b""
    content.seek(0)
    while size <= limit and (chunk := content.read(_CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        head = head or chunk[:_HEAD]
    content.seek(0)
    return digest.hexdigest(), size, head


def _detect(head: bytes) -> str:
    """The media type that the bytes themselves tell, never the sender."""
    with suppress(puremagic.PureError, ValueError):
        return str(puremagic.magic_stream(io.BytesIO(head))[0].mime_type)
    with suppress(UnicodeDecodeError):
        text = head.decode("utf-8-sig")
        if not text.lstrip().startswith("<") and "\0" not in text:
            return "text/plain"
    return ""


def sweep(*, now: datetime, limit: int) -> int:
    """Take away bytes and rows that nothing points to and that are older than a day. Returns how many went."""
    gone = _sweep_rows(before=now - ORPHAN_AGE, limit=limit)
    for name in _stray_names(now - ORPHAN_AGE):
        if gone >= limit:
            break
        default_storage.delete(name)
        gone += 1
    return gone


@action
def _sweep_rows(*, before: datetime, limit: int) -> int:
    orphans = list(
        Blob.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(attachments__isnull=True, recorded_at__lt=before)
        .order_by("pk")[:limit]
    )
    Blob.objects.filter(pk__in=[blob.pk for blob in orphans]).delete()
    return len(orphans)


def _stray_names(before: datetime) -> Iterator[str]:
    """The names of stored bytes that no row knows."""
    if not default_storage.exists("blobs"):
        return
    for folder in default_storage.listdir("blobs")[0]:
        keys = default_storage.listdir(f"blobs/{folder}")[1]
        known = set(Blob.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in keys:
            name = f"blobs/{folder}/{key}"
            if key not in known and default_storage.get_modified_time(name) < before:
                yield name
