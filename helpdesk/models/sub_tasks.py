"""What has to be done for a ticket, step by step."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.tickets import Ticket


class SubTask(models.Model):
    """A piece of work on a ticket, for one person and one day. One that is not wanted any more is dropped.

    `holds_resolution`: the ticket is not resolved before this is done.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="sub_tasks")
    title = models.CharField(_("what is to be done"), max_length=200)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    holds_resolution = models.BooleanField(_("holds the resolution"), default=False)
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        verbose_name = _("sub-task")
        verbose_name_plural = _("sub-tasks")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="sub_task_title_filled"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(dropped_at=None), name="sub_task_done_or_dropped"),
        )
        indexes = (
            models.Index(
                fields=["assignee", "due_on", "id"],
                condition=Q(done_at=None, dropped_at=None),
                name="sub_task_to_do",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.done_at is None and self.dropped_at is None

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.is_open and self.due_on is not None and self.due_on < today
