"""Files that wait for their message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Sum
from django.db.models.functions import Now

from helpdesk.models import Blob, User


def waiting(ids: Iterable[int], since: datetime) -> dict[int, Blob]:
    """Those of the stored files that came in after `since`, by id; older ones may be swept at any moment."""
    return Blob.objects.filter(recorded_at__gt=since).in_bulk(list(ids))


def waiting_bytes(person: User, younger_than: timedelta) -> int:
    """How much the person sent lately that stands on no message, by the clock that wrote `recorded_at`."""
    lying = Blob.objects.filter(uploaded_by=person, recorded_at__gt=Now() - younger_than, attachments__isnull=True)
    return lying.aggregate(total=Sum("size"))["total"] or 0
