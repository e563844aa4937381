"""The ticket."""

from typing import Final

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Channel, ClockMark, Priority, ResolutionKind, Status
from helpdesk.domain.lifecycle import SOLVED, Stand
from helpdesk.domain.references import format_ref
from helpdesk.models.kinds import Kind, Tag
from helpdesk.models.organizations import Organization
from helpdesk.models.partners import PartnerWait
from helpdesk.models.problems import Problem
from helpdesk.models.queues import Category, Queue
from helpdesk.models.teams import Tier

_SOLVED = sorted(SOLVED)
# The one series of ticket numbers; a number is never changed or given twice.
NUMBERS: Final = "helpdesk_ticket_number"
_NEXT_NUMBER = models.Func(
    models.Value(NUMBERS),
    function="nextval",
    output_field=models.BigIntegerField(),
)


class Ticket(models.Model):
    """One matter of one requester, from the first word to its closing.

    `version` rises by one with each event, under the row's lock. `status_since`, `resolved_at`, `closed_at` and
    `close_due_at` follow from the lifecycle (`domain.lifecycle.consequence`). `public_at` is the last change that the
    requester sees, `unanswered_since` when the first of their words came that nobody has answered yet, and
    `first_answer_at` when the desk first spoke to them.
    """

    number = models.BigIntegerField(_("number"), unique=True, db_default=_NEXT_NUMBER, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    # What has no index of its own leads one of those below.
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("requester"),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("queue")
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    kind = models.ForeignKey(
        Kind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
    )
    problem = models.ForeignKey(
        Problem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        # Of a million tickets few are of a problem; the index below knows those alone.
        db_index=False,
        verbose_name=_("problem"),
    )
    tags = models.ManyToManyField(Tag, related_name="+", verbose_name=_("tags"), blank=True)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+", verbose_name=_("tier"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        db_index=False,
        verbose_name=_("follows"),
    )
    # The wait that goes on, while the ticket is on hold for somebody outside.
    waits = models.ForeignKey(
        PartnerWait,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("waits on a partner"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("merged into"),
    )
    # Whether others were merged into it, so that nobody has to ask who reads one of the many without.
    has_merged = models.BooleanField(_("others were merged into it"), default=False, db_default=False, editable=False)
    resolution_kind = models.CharField(_("resolution"), max_length=20, choices=ResolutionKind.choices, blank=True)

    # The sum of its entries, kept here so that no page has to add them up.
    minutes_spent = models.PositiveIntegerField(_("minutes spent"), default=0, db_default=0)

    version = models.PositiveIntegerField(_("version"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last change"))
    public_at = models.DateTimeField(_("last news"), db_default=Now())
    first_answer_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    unanswered_since = models.DateTimeField(_("unanswered since"), null=True, blank=True)
    status_since = models.DateTimeField(_("status since"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    close_due_at = models.DateTimeField(_("closes by itself"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    # Which promise somebody chose for it; `sla_chosen` without a policy is none at all.
    sla_chosen = models.BooleanField(_("SLA policy chosen by hand"), default=False, db_default=False)
    sla_policy = models.ForeignKey(
        "SLAPolicy",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("SLA policy"),
    )
    # How its clocks stand together: the one that is due next, and whether any is breached or all stand.
    sla_due_at = models.DateTimeField(_("due"), null=True, blank=True)
    sla_mark = models.CharField(
        _("clocks"), max_length=8, choices=ClockMark.choices, default=ClockMark.NONE, db_default="", blank=True
    )
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="ticket_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority_known"),
            models.CheckConstraint(
                condition=Q(status__in=_SOLVED, resolved_at__isnull=False)
                | (~Q(status__in=_SOLVED) & Q(resolved_at__isnull=True)),
                name="ticket_resolved_at_fits",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=_SOLVED) & ~Q(resolution_kind=""))
                | (~Q(status__in=_SOLVED) & Q(resolution_kind="")),
                name="ticket_resolution_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
                name="ticket_closed_at_fits",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RESOLVED, close_due_at__isnull=False)
                | (~Q(status=Status.RESOLVED) & Q(close_due_at__isnull=True)),
                name="ticket_close_due_at_fits",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                name="ticket_follows_another",
            ),
            models.CheckConstraint(condition=Q(sla_mark__in=ClockMark.values), name="ticket_clock_mark_known"),
            models.CheckConstraint(
                condition=Q(sla_policy__isnull=True) | Q(sla_chosen=True), name="ticket_policy_is_chosen"
            ),
            models.CheckConstraint(
                condition=Q(waits__isnull=True) | Q(status=Status.ON_HOLD), name="ticket_waits_on_hold"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(status=Status.CLOSED, has_merged=False) & ~Q(merged_into=F("id"))),
                name="ticket_merged_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) & ~Q(resolution_kind=ResolutionKind.MERGED)
                | Q(merged_into__isnull=False, resolution_kind=ResolutionKind.MERGED),
                name="ticket_merged_kind_fits",
            ),
        )
        # Each list has an index of its order; the id decides among equals. The desk's lists are of unsolved tickets
        # first of all, and by the last change; the portal's by the last change that is seen there.
        indexes = (
            models.Index(F("updated_at").desc(), F("id").desc(), name="ticket_latest"),
            models.Index(F("created_at").desc(), F("id").desc(), name="ticket_newest"),
            models.Index(fields=["priority", "created_at", "id"], name="ticket_urgent"),
            models.Index(
                "requester",
                F("public_at").desc(),
                F("id").desc(),
                condition=~Q(status=Status.CLOSED),
                name="ticket_open_of_requester",
            ),
            models.Index(
                "organization",
                F("public_at").desc(),
                F("id").desc(),
                condition=~Q(status=Status.CLOSED),
                name="ticket_open_of_organization",
            ),
            models.Index(
                "requester",
                F("public_at").desc(),
                F("id").desc(),
                name="ticket_news_of_requester",
            ),
            models.Index(
                "organization",
                F("public_at").desc(),
                F("id").desc(),
                name="ticket_news_of_organization",
            ),
            models.Index("queue", F("updated_at").desc(), F("id").desc(), name="ticket_of_queue"),
            models.Index(
                F("updated_at").desc(),
                F("id").desc(),
                condition=~Q(status__in=_SOLVED),
                name="ticket_unsolved_latest",
            ),
            models.Index(
                "assignee",
                F("updated_at").desc(),
                F("id").desc(),
                condition=~Q(status__in=_SOLVED),
                name="ticket_unsolved_of_assignee",
            ),
            models.Index(
                "queue",
                F("updated_at").desc(),
                F("id").desc(),
                condition=~Q(status__in=_SOLVED) & Q(assignee__isnull=True),
                name="ticket_unassigned_in_queue",
            ),
            models.Index(fields=["created_at", "id"], condition=~Q(status__in=_SOLVED), name="ticket_unsolved_oldest"),
            models.Index(
                fields=["priority", "created_at", "id"], condition=~Q(status__in=_SOLVED), name="ticket_unsolved_urgent"
            ),
            models.Index(
                fields=["priority", "created_at", "id"],
                condition=~Q(status__in=_SOLVED) & Q(assignee__isnull=True),
                name="ticket_unassigned_urgent",
            ),
            models.Index(
                fields=["unanswered_since", "id"],
                condition=Q(unanswered_since__isnull=False),
                name="ticket_unanswered",
            ),
            models.Index(
                fields=["assignee", "unanswered_since", "id"],
                condition=Q(unanswered_since__isnull=False),
                name="ticket_unanswered_of_assignee",
            ),
            # The home's numbers come from it alone, without a look at the tickets.
            models.Index(
                fields=["queue", "status", "tier", "category", "requester", "id"],
                condition=~Q(status__in=_SOLVED),
                name="ticket_unsolved_numbers",
            ),
            models.Index(
                F("resolved_at").desc(),
                F("id").desc(),
                condition=Q(resolved_at__isnull=False),
                name="ticket_latest_solved",
            ),
            models.Index(
                "queue",
                F("first_answer_at").desc(),
                condition=Q(first_answer_at__isnull=False),
                name="ticket_answered_of_queue",
            ),
            models.Index(
                "problem",
                F("updated_at").desc(),
                F("id").desc(),
                condition=Q(problem__isnull=False),
                name="ticket_of_problem",
            ),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="ticket_subject_words"),
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="ticket_following"),
            models.Index(fields=["waits"], condition=Q(waits__isnull=False), name="ticket_waiting_outside"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="ticket_merged"),
            models.Index(
                fields=["close_due_at", "id"],
                condition=Q(close_due_at__isnull=False),
                name="ticket_close_due",
            ),
            models.Index(
                fields=["sla_due_at", "id"],
                condition=Q(sla_due_at__isnull=False),
                name="ticket_clock_due",
            ),
            models.Index(
                fields=["sla_mark", "sla_due_at", "id"],
                condition=~Q(sla_mark=ClockMark.NONE),
                name="ticket_clock_mark",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.subject}"

    @property
    def ref(self) -> str:
        """The ticket's name among people, `WD-1042`."""
        return format_ref(self.number)

    # Django's own look a word up among all words of the column, in the reader's language each time: dear in a list.
    def get_status_display(self) -> str:  # type: ignore[no-redef] # takes the place of Django's
        """The status in the reader's words."""
        return str(Status(self.status).label)

    def get_priority_display(self) -> str:  # type: ignore[no-redef] # takes the place of Django's
        """The priority in the reader's words."""
        return str(Priority(self.priority).label)

    @property
    def stand(self) -> Stand:
        """What the lifecycle asks of the ticket."""
        return Stand(Status(self.status), self.closed_at)

    @property
    def is_solved(self) -> bool:
        """Whether the desk holds it for solved."""
        return self.status in SOLVED
