"""What was asked for once already."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """The result of a request that its sender may repeat. `body_hash` tells a repetition from another request."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("repeatable request")
        verbose_name_plural = _("repeatable requests")
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_unique"),)
        indexes = (models.Index(fields=["recorded_at"], name="idempotency_key_age"),)

    def __str__(self) -> str:
        return self.key
