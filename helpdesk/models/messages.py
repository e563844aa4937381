"""What people write on a ticket."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Channel, Purpose, Visibility
from helpdesk.domain.references import format_ref
from helpdesk.models.tickets import Ticket


class Message(models.Model):
    """A public reply or an internal note, in Markdown as it was typed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="messages")
    # Where it was written, while it stands on the ticket that its own was merged into.
    origin = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
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
    # How often its author changed it, and when last; the earlier texts are its revisions.
    revision = models.PositiveSmallIntegerField(_("revision"), default=0, db_default=0)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)

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
        indexes = (
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            models.Index(
                fields=["origin", "created_at", "id"],
                condition=models.Q(origin__isnull=False),
                name="message_of_merged_ticket",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_visibility_display()} {self.pk}"

    @property
    def origin_ref(self) -> str:
        """The reference of the ticket on which it was written first, where that was merged; a selector tells it."""
        number: int | None = getattr(self, "origin_number", None)
        return format_ref(number) if number is not None else ""

    @property
    def is_internal(self) -> bool:
        """Whether only the desk may read it."""
        return self.visibility == Visibility.INTERNAL
