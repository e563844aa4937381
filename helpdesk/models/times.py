"""Minutes that somebody spent on a ticket."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.messages import Message
from helpdesk.models.tickets import Ticket

# A whole day; what is more was several entries.
MOST_MINUTES: Final = 1440


class TimeEntry(models.Model):
    """Minutes of one person on one ticket. An error is corrected by a counter entry of as many minutes below nought."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    minutes = models.SmallIntegerField(_("minutes"))
    what = models.CharField(_("what for"), max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="correction", verbose_name=_("corrects")
    )
    created_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("time spent")
        verbose_name_plural = _("times spent")
        constraints = (
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, minutes__gte=1, minutes__lte=MOST_MINUTES)
                | Q(corrects__isnull=False, minutes__lte=-1, minutes__gte=-MOST_MINUTES),
                name="time_entry_minutes_fit",
            ),
        )
        # For the sums of a ticket, and for reports of who spent how much when.
        indexes = (
            models.Index(fields=["ticket", "id"], name="time_entry_of_ticket"),
            models.Index(fields=["person", "created_at"], name="time_entry_of_person"),
            models.Index(fields=["created_at"], name="time_entry_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.minutes} · {self.ticket_id}"
