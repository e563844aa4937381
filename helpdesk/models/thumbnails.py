"""Small pictures of the pictures that people send."""

import math

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import NoThumbnail, ThumbnailState
from helpdesk.models.files import Blob

# Within which it is shown; it has twice as many pixels each way, for screens that have them.
SHOWN_WIDTH = 240
SHOWN_HEIGHT = 180


class Thumbnail(models.Model):
    """What came of making a small picture of a stored one. `small` is a picture of our own making, from pixels alone.

    While it waits a worker may claim it with a lease; a lease that ran out is another's to take.
    """

    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, primary_key=True, related_name="thumbnail")
    state = models.CharField(max_length=8, choices=ThumbnailState.choices, default=ThumbnailState.WAITING)
    reason = models.CharField(max_length=10, choices=NoThumbnail.choices, blank=True)
    small = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="thumbnail_of")
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    not_before = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("thumbnail")
        verbose_name_plural = _("thumbnails")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ThumbnailState.MADE, small__isnull=False, width__gt=0, height__gt=0)
                | (~Q(state=ThumbnailState.MADE) & Q(small__isnull=True)),
                name="thumbnail_made_is_there",
            ),
        )
        indexes = (
            models.Index(fields=["not_before"], name="thumbnail_due", condition=Q(state=ThumbnailState.WAITING)),
        )

    def __str__(self) -> str:
        return f"{self.blob_id}: {self.state}"

    @property
    def is_made(self) -> bool:
        """Whether there is a small picture to show."""
        return self.state == ThumbnailState.MADE

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height on a page: within the bounds, and never larger than its pixels."""
        width, height = self.width or 1, self.height or 1
        factor = min(1, SHOWN_WIDTH / width, SHOWN_HEIGHT / height)
        return math.ceil(width * factor), math.ceil(height * factor)
