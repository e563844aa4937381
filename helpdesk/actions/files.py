"""Files come in, and what nobody points to is swept."""

import errno
import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Final, TypeVar

import puremagic
import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import THUMBNAIL_TASK, action, kick
from helpdesk.actions._files import NewFile, check_count
from helpdesk.actors import Actor
from helpdesk.domain.filenames import PICTURES, ending_of, safe_name, served_type
from helpdesk.errors import Code, DomainError
from helpdesk.models import Blob, DeskSettings, Thumbnail, User
from helpdesk.permissions import Right, holds, scope
from helpdesk.selectors.files import waiting_files
from helpdesk.selectors.settings import desk_settings

__all__ = ["NewFile", "admit", "store", "store_logo", "store_made", "sweep"]

T = TypeVar("T")
log = structlog.get_logger(__name__)

_HEAD: Final = 8192
_CHUNK: Final = 1 << 20
ORPHAN_AGE: Final = timedelta(days=1)
# So many full messages of files may wait for one person's mistakes to be mended, and so many of small files.
_WAITING_MESSAGES: Final = 4
_WAITING_SMALL_MESSAGES: Final = 10
# No SVG: it is a document that can carry scripts and load from elsewhere, and mail programs do not draw it.
LOGO_TYPES: Final = ("image/png", "image/jpeg", "image/webp")
LOGO_KB: Final = 512
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_SUCH_FILES: Final = _(
    "“%(name)s” was not taken: files that end in “.%(ending)s” are not accepted here, since they can do harm. "
    "Send a picture of it or its text, or ask us for another way."
)
_NO_ENDING: Final = _("“%(name)s” was not taken: files without an ending are not accepted here.")


def admit(files: Sequence[T], *, beside: int) -> Sequence[T]:
    """The files themselves, still to be stored beside others of the same message.

    Raises DomainError when they are too many together, so that none of them is stored in vain.
    """
    if files or beside:
        check_count(len(files) + beside, desk_settings())
    return files


def store(*, content: IO[bytes], name: str, by: Actor) -> NewFile:
    """Write the bytes under a random key, then their row. What a crash leaves in between is swept.

    Raises DomainError for an empty file, for one over the limit, and for who left too much lying already.
    """
    with written(content=content, name=name, by=by) as file:
        keep(file=file, by=by)
    return file


def require_sender(by: Actor) -> None:
    """Raise DomainError for who may send no files."""
    if not holds(by, Right.FILE_TICKET) and scope(by, Right.REPLY).is_empty:
        raise DomainError(_("You may not send files."), Code.FORBIDDEN, field="files")


@contextmanager
def written(*, content: IO[bytes], name: str, by: Actor) -> Iterator[NewFile]:
    """The file with its bytes written, and no row: where the block does not `keep` it, they go again."""
    require_sender(by)
    settings = desk_settings()
    shown = safe_name(name)
    digest, size, head = _measure(content, settings.max_file_mb << 20)
    _check_content(shown, size, head, settings)
    blob = Blob(
        key=secrets.token_hex(20),
        sha256=digest,
        size=size,
        media_type=served_type(_detect(head)),
        uploaded_by=by.person,
    )
    _check_waiting(blob.size, by.person)
    _write(blob, content)
    try:
        yield NewFile(blob, shown)
    finally:
        if not blob.pk:
            default_storage.delete(blob.storage_name)


def store_of_guest(*, content: IO[bytes], name: str) -> NewFile:
    """Write what somebody without an account sends, whom nobody knows yet; the sweep takes it where no report does."""
    settings, shown = desk_settings(), safe_name(name)
    digest, size, head = _measure(content, settings.max_file_mb << 20)
    _check_content(shown, size, head, settings)
    return NewFile(_keep(content, digest, size, served_type(_detect(head))), shown)


def store_logo(*, content: IO[bytes], by: Actor) -> Blob:
    """Write a picture that the brand may take for its logo; where it does not, the sweep takes the picture away.

    Raises DomainError for one that is too large, and for what is no picture by its own bytes.
    """
    if not holds(by, Right.CHANGE_SETUP):
        raise DomainError(_("You may not change this."), Code.FORBIDDEN)
    digest, size, head = _measure(content, LOGO_KB << 10)
    if size > LOGO_KB << 10:
        raise DomainError(
            _("This picture is larger than %(limit)d kB, which is the limit. Save it in a smaller size.")
            % {"limit": LOGO_KB},
            Code.WRONG,
            field="logo_file",
        )
    if (media_type := _detect(head)) not in LOGO_TYPES:
        raise DomainError(
            _("This is no PNG, JPEG or WebP picture. Save it as one of them."), Code.WRONG, field="logo_file"
        )
    return _keep(content, digest, size, media_type)


def store_made(*, content: IO[bytes], media_type: str) -> Blob:
    """Write what the desk itself made; where nothing comes to point to it, the sweep takes it away."""
    digest, size, _head = _measure(content, None)
    return _keep(content, digest, size, media_type)


def _keep(content: IO[bytes], digest: str, size: int, media_type: str) -> Blob:
    blob = Blob(key=secrets.token_hex(20), sha256=digest, size=size, media_type=media_type)
    _write(blob, content)
    blob.save(force_insert=True)
    return blob


def _write(blob: Blob, content: IO[bytes]) -> None:
    """Put the bytes into the storage. Raises DomainError where there is no room for them, and leaves nothing then."""
    try:
        default_storage.save(blob.storage_name, File(content))
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(blob.storage_name)
        if error.errno not in _FULL:
            raise
        log.exception("storage_full", size=blob.size)
        raise DomainError(
            _("We have no room for files right now, and have been told. Send your message without them, or try later."),
            Code.WRONG,
            field="files",
        ) from error


def _check_content(shown: str, size: int, head: bytes, settings: DeskSettings) -> None:
    limit = settings.max_file_mb
    words = {"name": shown, "limit": limit, "ending": ending_of(shown)}
    if size > limit << 20:
        refusal = _("“%(name)s” is larger than %(limit)d MB, which is the limit. Share a link or split it.")
    elif size == 0:
        refusal = _("“%(name)s” is empty.")
    elif settings.blocks(shown, b""):
        refusal = _NO_SUCH_FILES if words["ending"] else _NO_ENDING
    elif settings.blocks(shown, head):
        refusal = _("“%(name)s” is a program, whatever its name says. We take none, since they can do harm.")
    else:
        return
    raise DomainError(refusal % words, Code.WRONG, field="files")


@action
def keep(*, file: NewFile, by: Actor) -> None:
    """Keep a file that was written: it waits for its message."""
    blob, sender = file.blob, by.person
    # Whoever sends at the same moment waits here and is counted.
    User.objects.select_for_update(no_key=True).get(pk=sender.pk)
    _check_waiting(blob.size, sender)
    blob.save(force_insert=True)
    if blob.media_type in PICTURES:
        Thumbnail.objects.create(blob=blob)
        kick(THUMBNAIL_TASK)


def _check_waiting(size: int, sender: User) -> None:
    settings = desk_settings()
    most = _WAITING_MESSAGES * settings.max_files * (settings.max_file_mb << 20)
    count, lying = waiting_files(sender, ORPHAN_AGE)
    if lying + size > most or count >= _WAITING_SMALL_MESSAGES * settings.max_files:
        raise DomainError(
            _("You have sent many files that stand on no message yet. Send the message first, or try again tomorrow."),
            Code.WRONG,
            field="files",
        )


def _measure(content: IO[bytes], limit: int | None) -> tuple[str, int, bytes]:
    """Digest, size and first bytes; stops reading where the limit is passed, if there is one."""
    digest, size, head = hashlib.sha256(), 0, b""
    content.seek(0)
    while (limit is None or size <= limit) and (chunk := content.read(_CHUNK)):
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
    """Take away what nothing points to and is older than a day: so many rows with their bytes, and so many bytes that
    no row knows. Returns how many went.
    """
    before = now - ORPHAN_AGE
    gone = _delete(_sweep_rows(before=before, limit=limit))
    return gone + _delete(islice(_stray_names(before), limit))


def _delete(names: Iterable[str]) -> int:
    gone = 0
    for name in names:
        default_storage.delete(name)
        gone += 1
    return gone


@action
def _sweep_rows(*, before: datetime, limit: int) -> list[str]:
    """The names of the bytes whose rows went; who dies before they went too leaves them to the strays."""
    orphans = list(
        Blob.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            attachments__isnull=True,
            brands__isnull=True,
            exports__isnull=True,
            thumbnail_of__isnull=True,
            guest_files__isnull=True,
            recorded_at__lt=before,
        )
        .order_by("pk")[:limit]
    )
    # The small pictures themselves go with a later sweep.
    Thumbnail.objects.filter(blob__in=[blob.pk for blob in orphans]).delete()
    Blob.objects.filter(pk__in=[blob.pk for blob in orphans]).delete()
    return [blob.storage_name for blob in orphans]


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
