"""What people are told: what they chose, when they are left in peace, and their inboxes in the desk."""

from datetime import time
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.domain import quiet
from helpdesk.models.events import TicketEvent
from helpdesk.models.tickets import Ticket

_WEEK: Final = list(range(1, 8))


class NotificationPreference(models.Model):
    """That somebody wants to be told, or not, of an occasion by a channel, where that is not so anyway."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    occasion = models.CharField(_("occasion"), max_length=20, choices=Occasion.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=DeliveryChannel.choices)
    on = models.BooleanField(_("on"))

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = (
            models.UniqueConstraint(fields=["user", "occasion", "channel"], name="notification_preference_unique"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.occasion} · {self.channel}"


class QuietHours(models.Model):
    """When somebody is told nothing but what is critical, in their own zone. See `domain.quiet`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("days"), default=list, blank=True)
    starts = models.TimeField(_("from"), default=time(19))
    ends = models.TimeField(_("to"), default=time(8))
    whole_days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("whole days"), default=list, blank=True)
    muted_until = models.DateTimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=_WEEK) & Q(whole_days__contained_by=_WEEK),
                name="quiet_hours_days_of_a_week",
            ),
        )

    def __str__(self) -> str:
        return str(self.user_id)

    @property
    def hours(self) -> quiet.Hours:
        """The hours as a value."""
        return quiet.Hours(
            frozenset(self.weekdays), self.starts, self.ends, frozenset(self.whole_days), self.muted_until
        )


class InboxEntry(models.Model):
    """One event of a ticket in the inbox of one person, once, until its days are over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="+")
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, db_index=False, related_name="+")
    occasion = models.CharField(_("occasion"), max_length=20, choices=Occasion.choices)
    is_critical = models.BooleanField(_("critical"), default=False)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("inbox entry")
        verbose_name_plural = _("inbox entries")
        constraints = (models.UniqueConstraint(fields=["event", "user"], name="inbox_entry_unique"),)
        indexes = (
            models.Index(fields=["user", "-id"], name="inbox_newest"),
            # With the ticket, whose entries are read when it is.
            models.Index(fields=["user", "-id"], include=["ticket"], condition=Q(read_at=None), name="inbox_unread"),
            models.Index(fields=["created_at"], name="inbox_age"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.event_id}"
