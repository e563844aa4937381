"""Files: the bytes, and where they are attached."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.models.messages import Message

if TYPE_CHECKING:
    from helpdesk.models.thumbnails import Thumbnail


class Blob(models.Model):
    """Bytes in the storage under a random key. They are written before this row; what has no row is swept."""

    key = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    # As the bytes themselves tell it, never the sender.
    media_type = models.CharField(max_length=100)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    # Whose they are while they stand on no message; see the index.
    uploaded_by = models.ForeignKey(
        "helpdesk.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("sent by"),
    )

    class Meta:
        indexes = (models.Index(fields=["uploaded_by", "recorded_at"], name="blob_of_sender"),)
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.key

    @property
    def picture(self) -> "Thumbnail | None":
        """The small picture of it, where there is one to show."""
        thumbnail: Thumbnail | None = getattr(self, "thumbnail", None)
        return thumbnail if thumbnail is not None and thumbnail.is_made else None

    @property
    def storage_name(self) -> str:
        """Where the storage keeps the bytes."""
        return f"blobs/{self.key[:2]}/{self.key}"


class Attachment(models.Model):
    """A file on a message; whoever may read the message may load it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=150)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name
