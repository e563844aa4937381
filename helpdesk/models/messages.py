"""What people write on a ticket."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Channel, Purpose, Visibility
from helpdesk.models.tickets import Ticket


class Message(models.Model):
    """A public reply or an internal note, in Markdown as it was typed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility.choices)
    purpose = models.CharField(
        _("purpose"),
        max_length=12,
        choices=Purpose.choices,
        default=Purpose.CONVERSATION,
    )
    body = models.TextField(_("text"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    created_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values),
                name="message_visibility_known",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values),
                name="message_purpose_known",
            ),
            models.CheckConstraint(condition=~models.Q(body=""), name="message_body_filled"),
        )
        indexes = (models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),)

    def __str__(self) -> str:
        return f"{self.get_visibility_display()} {self.pk}"

    @property
    def is_internal(self) -> bool:
        """Whether only the desk may read it."""
        return self.visibility == Visibility.INTERNAL
