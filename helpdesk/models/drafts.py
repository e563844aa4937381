"""What somebody began to write."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """The fields of a form that was not sent yet. `place` names the form, such as `new` or `reply:1042`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    content = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = (models.UniqueConstraint(fields=["user", "place"], name="draft_unique"),)
        indexes = (models.Index(fields=["updated_at"], name="draft_age"),)

    def __str__(self) -> str:
        return self.place
