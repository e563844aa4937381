"""What a message said before its author changed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.models.messages import Message


class MessageRevision(models.Model):
    """The text that a change replaced; `number` counts from 0, the text that was sent first."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    body = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced"))

    class Meta:
        verbose_name = _("earlier text of a message")
        verbose_name_plural = _("earlier texts of messages")
        constraints = (models.UniqueConstraint(fields=["message", "number"], name="message_revision_unique"),)

    def __str__(self) -> str:
        return f"{self.message_id} · {self.number}"
