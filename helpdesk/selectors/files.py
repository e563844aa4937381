"""Files that wait for their message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import Now

from helpdesk.models import Attachment, Blob, User


def waiting(ids: Iterable[int], since: datetime) -> dict[int, Blob]:
    """Those of the stored files that came in after `since`, by id; older ones may be swept at any moment."""
    return Blob.objects.filter(recorded_at__gt=since).in_bulk(list(ids))


def is_sent(pk: int) -> bool:
    """Whether the stored file of this id is on a message."""
    return Attachment.objects.filter(blob=pk).exists()


def waiting_files(person: User, younger_than: timedelta) -> tuple[int, int]:
    """How many files the person sent lately that stand on no message, and how many bytes they are.

    By the clock that wrote `recorded_at`.
    """
    lying = Blob.objects.filter(uploaded_by=person, recorded_at__gt=Now() - younger_than, attachments__isnull=True)
    found = lying.aggregate(count=Count("pk"), size=Sum("size"))
    return found["count"], found["size"] or 0
