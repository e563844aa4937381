"""Small pictures are made from those that people send, by a worker, in a process that is bounded in memory and time.

The process is given the bytes and nothing else: no settings, no network address, no way to the database. Whatever it
does, its worker goes on.
"""

import subprocess
import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import structlog
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone
from PIL import Image

from helpdesk.actions import files
from helpdesk.actions._base import THUMBNAIL_TASK, action, kick
from helpdesk.actions._claim import DatabaseClock
from helpdesk.choices import NoThumbnail, ThumbnailState
from helpdesk.domain import shrink
from helpdesk.domain.filenames import PICTURES
from helpdesk.models import Blob, Thumbnail

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=2)
_TRIES: Final = 3
_RETRY_AFTER: Final = timedelta(minutes=1)
# By the wall's clock; the process may use less of the processor's time.
_SECONDS: Final = 20
_HEAVIEST: Final = 40 << 20
_CHUNK: Final = 1 << 20
_SCRIPT: Final = Path(shrink.__file__)
_REASONS: Final = {shrink.DAMAGED: NoThumbnail.DAMAGED, shrink.TOO_LARGE: NoThumbnail.TOO_LARGE}


class Refused(Exception):
    """No small picture can be made of this one, however often it is tried."""

    def __init__(self, reason: NoThumbnail) -> None:
        super().__init__(reason)
        self.reason: Final = reason


@action
def note_missed(*, limit: int) -> int:
    """Put pictures that stand on messages in the line whom nobody put there. Returns how many."""
    missed = Blob.objects.filter(media_type__in=list(PICTURES), thumbnail__isnull=True, attachments__isnull=False)
    rows = [Thumbnail(blob=blob) for blob in missed.distinct()[:limit]]
    made = Thumbnail.objects.bulk_create(rows, ignore_conflicts=True)
    if made:
        kick(THUMBNAIL_TASK)
    return len(made)


def make_due(*, now: datetime, limit: int) -> int:
    """Make up to `limit` small pictures. Returns how many were claimed."""
    for count in range(limit):
        thumbnail = _claim(now=now)
        if thumbnail is None:
            return count
        if thumbnail.lease_token is not None:
            _make(thumbnail)
    return limit


@action
def _claim(*, now: datetime) -> Thumbnail | None:
    """Lease the next one, or give it up where its workers died too often; then it comes back without a lease."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=DatabaseClock())
    due = Thumbnail.objects.filter(free, state=ThumbnailState.WAITING, not_before__lte=now).order_by("not_before", "pk")
    row = due.annotate(clock=DatabaseClock()).select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    if row.attempts >= _TRIES:
        row.state, row.reason = ThumbnailState.NONE, NoThumbnail.TOO_HEAVY
        row.lease_token = row.lease_until = None
    else:
        row.attempts += 1
        row.lease_token, row.lease_until = uuid.uuid4(), row.clock + LEASE
    row.save(update_fields=["state", "reason", "attempts", "lease_token", "lease_until"])
    return row


def _make(thumbnail: Thumbnail) -> None:
    now = timezone.now
    try:
        small, size = _shrunk(thumbnail.blob)
    except Refused as refusal:
        _settle(thumbnail=thumbnail, now=now(), reason=refusal.reason)
    except Exception:
        log.exception("thumbnail_failed", blob=thumbnail.pk, tries=thumbnail.attempts)
        _settle(thumbnail=thumbnail, now=now())
    else:
        _settle(thumbnail=thumbnail, now=now(), small=small, size=size)


@action
def _settle(
    *,
    thumbnail: Thumbnail,
    now: datetime,
    small: Blob | None = None,
    size: tuple[int, int] = (0, 0),
    reason: NoThumbnail | None = None,
) -> None:
    """Write what came of it, as long as the claim holds; without a result it is tried again a little later."""
    held = Thumbnail.objects.filter(pk=thumbnail.pk, lease_token=thumbnail.lease_token, state=ThumbnailState.WAITING)
    free = {"lease_token": None, "lease_until": None}
    if small is not None:
        held.update(state=ThumbnailState.MADE, small=small, width=size[0], height=size[1], **free)
    elif reason is not None:
        held.update(state=ThumbnailState.NONE, reason=reason, **free)
    else:
        held.update(not_before=now + _RETRY_AFTER * thumbnail.attempts, **free)


def _shrunk(blob: Blob) -> tuple[Blob, tuple[int, int]]:
    """The small picture, stored, and its size. Raises Refused where there can be none."""
    if blob.size > _HEAVIEST:
        raise Refused(NoThumbnail.TOO_LARGE)
    with TemporaryFile() as source, TemporaryFile() as result:
        try:
            with default_storage.open(blob.storage_name) as content:
                while chunk := content.read(_CHUNK):
                    source.write(chunk)
        except FileNotFoundError as error:
            raise Refused(NoThumbnail.LOST) from error
        source.seek(0)
        command = [sys.executable, "-I", str(_SCRIPT), PICTURES[blob.media_type]]
        try:
            done = subprocess.run(
                command, stdin=source, stdout=result, stderr=subprocess.DEVNULL, env={}, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Refused(NoThumbnail.TOO_HEAVY) from error
        if done.returncode < 0 or done.returncode in _REASONS:
            # What the system ended took too much of something.
            raise Refused(_REASONS.get(done.returncode, NoThumbnail.TOO_HEAVY))
        if done.returncode:
            raise RuntimeError(f"The process that makes thumbnails ended with {done.returncode}.")
        result.seek(0)
        # Of our own making, and its head alone.
        with Image.open(result, formats=["WEBP"]) as made:
            size = made.size
        result.seek(0)
        return files.store_made(content=result, media_type="image/webp"), size
