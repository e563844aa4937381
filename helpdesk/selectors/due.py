"""The oldest row of each kind that has come due, for those who watch the desk."""

from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Now

from helpdesk.choices import ExportState, ThumbnailState
from helpdesk.models import Delivery, Export, PendingEvent, Recount, SLACycle, Thumbnail, Ticket
from helpdesk.models.deliveries import OPEN
from helpdesk.selectors.deliveries import UNORDERED, head_of_line


def oldest_event() -> datetime | None:
    """When the event came due that waits longest for a consumer; failed ones wait for their next try, not for us."""
    return _oldest(PendingEvent.objects.filter(not_before__lte=Now()), "not_before")


def oldest_delivery() -> datetime | None:
    """When the delivery came due that waits longest to leave.

    One that waits behind another does not count: its line may wait for the next try at a single full mailbox.
    """
    due = Delivery.objects.filter(OPEN, not_before__lte=Now(), lease_until__isnull=True)
    heads = due.annotate(head=head_of_line()).filter(UNORDERED | Q(head=F("pk")))
    return heads.order_by("not_before").values_list("not_before", flat=True).first()


def oldest_closing() -> datetime | None:
    """When the ticket came due that waits longest to be closed."""
    return _oldest(Ticket.objects.filter(close_due_at__lte=Now()), "close_due_at")


def oldest_clock() -> datetime | None:
    """When the step of a clock came due that waits longest to be told."""
    return _oldest(SLACycle.objects.filter(next_due_at__lte=Now()), "next_due_at")


def oldest_recount() -> datetime | None:
    """Since when the clocks wait that have to follow what is promised now."""
    return _oldest(Recount.objects.filter(valid_from__lte=Now(), done_at__isnull=True), "valid_from")


def oldest_export() -> datetime | None:
    """When the export came due that waits longest for a worker; one that is being made is not late."""
    return _oldest(Export.objects.filter(state=ExportState.WAITING, not_before__lte=Now()), "not_before")


def oldest_thumbnail() -> datetime | None:
    """When the picture came due that waits longest to be made small; one that is being made is not late."""
    waiting = Thumbnail.objects.filter(state=ThumbnailState.WAITING, not_before__lte=Now(), lease_until__isnull=True)
    return _oldest(waiting, "not_before")


def _oldest(due: QuerySet[Any], column: str) -> datetime | None:
    oldest: datetime | None = due.aggregate(oldest=Min(column))["oldest"]
    return oldest
