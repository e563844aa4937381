"""What all who asked about one problem are told at once: written once, one row for each ticket."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import NoticeRefusal, NoticeState, ResolutionKind
from helpdesk.models.problems import Problem
from helpdesk.models.tickets import Ticket


class ProblemNotice(models.Model):
    """Words for the requesters of a problem's tickets, by whom, and whether they solve the tickets.

    Without a `resolution_kind` it is a public reply. `with_solved`: those that are solved already are told too.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.TextField(_("text"))
    resolution_kind = models.CharField(_("resolution"), max_length=20, choices=ResolutionKind.choices, blank=True)
    with_solved = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("notice of a problem")
        verbose_name_plural = _("notices of problems")
        constraints = (models.CheckConstraint(condition=~Q(body=""), name="problem_notice_filled"),)
        indexes = (models.Index(fields=["problem", "-id"], name="problem_notice_of_problem"),)

    def __str__(self) -> str:
        return f"{self.problem_id} · {self.pk}"

    @property
    def ref(self) -> str:
        """The name of what it is about."""
        return self.problem.ref


class NoticeRow(models.Model):
    """One ticket of a notice. The row is taken, the reply is written and the state is set in one transaction."""

    notice = models.ForeignKey(ProblemNotice, on_delete=models.PROTECT, related_name="rows", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=8, choices=NoticeState.choices, default=NoticeState.WAITING)
    refusal = models.CharField(_("why not"), max_length=10, choices=NoticeRefusal.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ticket of a notice")
        verbose_name_plural = _("tickets of a notice")
        constraints = (
            models.UniqueConstraint(fields=["notice", "ticket"], name="notice_row_unique"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_row_state_known"),
            models.CheckConstraint(
                condition=(Q(state=NoticeState.REFUSED) & ~Q(refusal=""))
                | (~Q(state=NoticeState.REFUSED) & Q(refusal="")),
                name="notice_row_refusal_fits",
            ),
        )
        indexes = (
            models.Index(fields=["not_before", "id"], condition=Q(state=NoticeState.WAITING), name="notice_row_due"),
            models.Index(fields=["notice", "state", "id"], name="notice_row_of_notice"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.ticket_id}"
