"""That somebody is mentioned in a note."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.messages import Message


class Mention(models.Model):
    """Somebody whom a note names, until they have seen it: by saying so, or by writing there themselves."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (models.UniqueConstraint(fields=["message", "user"], name="mention_unique"),)
        indexes = (models.Index("user", F("id").desc(), condition=Q(seen_at=None), name="mention_unseen"),)

    def __str__(self) -> str:
        return f"{self.message_id} · {self.user_id}"
