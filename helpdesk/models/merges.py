"""That a ticket was merged into another one, and what it takes to undo it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.tickets import Ticket


class TicketMerge(models.Model):
    """One merge. `moved` are the ids of the rows that went over or were added, by what they are; `before` are the
    columns of both tickets that it changed, as they were.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(_("merged"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = (
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="ticket_merge_one_at_a_time"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_merge_into_another"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
