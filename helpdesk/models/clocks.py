"""The clocks of tickets."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import CycleState, Metric, StepKind
from helpdesk.domain.clocks import Entry, Promise
from helpdesk.models.calendars import CalendarVersion, working_time_of
from helpdesk.models.events import TicketEvent
from helpdesk.models.policies import PolicyVersion, rules_of
from helpdesk.models.tickets import Ticket


def promise(versions: tuple[int, int], metric: Metric, target: timedelta) -> Promise:
    """What a clock goes by that is bound to these versions, of a policy and of its calendar."""
    paused = rules_of(versions[0]).paused(metric)
    return Promise(working_time_of(versions[1]), target, paused)


class SLACycle(models.Model):
    """One clock of a ticket, from its start to its stop.

    `ledger` holds what happened, as `domain.clocks.Entry` reads it, and is only ever added to. `bindings` are the
    promises it was bound to, one after another; the columns `policy_version` to `bound_at` are the last of them, the
    one in force. All the rest follows from both: `due_at` is when the target is used up, `left_seconds` what is left
    of it while the clock stands, `next_due_at` the next step (warning, breach, escalation) that nobody has recorded.
    A clock without `target_seconds` measures, and promises nothing.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="cycles", db_index=False)
    metric = models.CharField(_("metric"), max_length=16, choices=Metric.choices)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=CycleState.choices, default=CycleState.RUNNING)
    started_at = models.DateTimeField(_("started"))
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    ledger = models.JSONField(default=list)
    bindings = models.JSONField(default=list)

    binding = models.PositiveIntegerField(default=0)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    target_seconds = models.PositiveIntegerField(_("target"), null=True)
    bound_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(_("due"), null=True)
    left_seconds = models.PositiveIntegerField(_("left"), null=True)
    next_due_at = models.DateTimeField(null=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    breached_at = models.DateTimeField(_("breached"), null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = (
            models.UniqueConstraint(fields=["ticket", "metric", "number"], name="sla_cycle_unique"),
            models.UniqueConstraint(
                fields=["ticket", "metric"], condition=Q(stopped_at__isnull=True), name="sla_cycle_one_running"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, state__in=[CycleState.RUNNING, CycleState.PAUSED])
                | Q(stopped_at__isnull=False, state__in=[CycleState.MET, CycleState.BREACHED, CycleState.VOID]),
                name="sla_cycle_state_fits",
            ),
            models.CheckConstraint(
                condition=Q(target_seconds__isnull=True)
                | Q(target_seconds__gt=0, policy_version__isnull=False, calendar_version__isnull=False),
                name="sla_cycle_target_fits",
            ),
            models.CheckConstraint(condition=Q(metric__in=Metric.values), name="sla_cycle_metric_known"),
        )
        indexes = (
            models.Index(
                fields=["next_due_at", "ticket"], condition=Q(next_due_at__isnull=False), name="sla_cycle_due"
            ),
            models.Index(fields=["ticket", "id"], condition=Q(stopped_at__isnull=True), name="sla_cycle_open"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.number}"

    @property
    def target(self) -> timedelta | None:
        """What is promised, in working time."""
        return None if self.target_seconds is None else timedelta(seconds=self.target_seconds)

    @property
    def is_stopped(self) -> bool:
        """Whether it is over."""
        return self.stopped_at is not None

    @property
    def entries(self) -> list[Entry]:
        """What happened to it."""
        return [Entry.parse(row) for row in self.ledger]

    @property
    def promise(self) -> Promise | None:
        """What it is bound to, if to anything."""
        if self.target is None or self.policy_version_id is None or self.calendar_version_id is None:
            return None
        return promise((self.policy_version_id, self.calendar_version_id), Metric(self.metric), self.target)


class SLAStep(models.Model):
    """Something that came due on a clock under one binding: recorded once, with when it was due and when it counts.

    It has no event where it was recorded already under an earlier binding, or where the ladder had stopped.
    """

    cycle = models.ForeignKey(SLACycle, on_delete=models.PROTECT, related_name="steps", db_index=False)
    binding = models.PositiveIntegerField()
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    due_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("step of a clock")
        verbose_name_plural = _("steps of clocks")
        constraints = (
            models.UniqueConstraint(fields=["cycle", "binding", "key"], name="sla_step_once"),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="sla_step_kind_known"),
            models.CheckConstraint(condition=Q(effective_at__gte=models.F("due_at")), name="sla_step_not_before_due"),
        )

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.key}"
