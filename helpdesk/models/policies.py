"""What is promised, to whom: SLA policies, their versions, and the rows that say which one applies."""

from functools import lru_cache
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import WorkState
from helpdesk.domain.sla_rules import Rules
from helpdesk.models.calendars import DRAFT, TAKEN_BACK_OR_NOT, Calendar, Version
from helpdesk.models.organizations import Organization, ServiceTier
from helpdesk.models.queues import Category, Queue


class SLAPolicy(models.Model):
    """A named promise. What it says stands in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PolicyVersion(Version):
    """What a policy says from an instant on: its calendar, and its rules as `domain.sla_rules.Rules` reads them."""

    policy = models.ForeignKey(SLAPolicy, on_delete=models.PROTECT, related_name="versions", db_index=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendar"))
    rules = models.JSONField(_("rules"), default=dict)

    class Meta:
        verbose_name = _("version of an SLA policy")
        verbose_name_plural = _("versions of SLA policies")
        constraints = (
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number_unique"),
            models.UniqueConstraint(fields=["policy"], condition=DRAFT, name="policy_version_one_draft"),
            models.CheckConstraint(condition=TAKEN_BACK_OR_NOT, name="policy_version_taken_back"),
        )
        indexes = (models.Index(fields=["policy", "-valid_from", "-number"], name="policy_version_in_force"),)

    def __str__(self) -> str:
        return f"{self.policy} · {self.number}"

    def parsed(self) -> Rules:
        """The rules as values."""
        return Rules.parse(self.rules)


_KEPT: Final = 1_000


@lru_cache(maxsize=_KEPT)
def rules_of(version_id: int) -> Rules:
    """The rules of a version that is in force. It never changes, so that each process reads it once."""
    return PolicyVersion.objects.get(pk=version_id, valid_from__isnull=False).parsed()


class Phase(models.Model):
    """A span in which the work is not as usual: a go-live window, a deployment, an emergency; of all, or of some."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[choice for choice in WorkState.choices if choice[0] != WorkState.ACTIVE],
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("queue")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ("-starts_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="phase_ends_after_start",
                violation_error_message=_("A phase ends after it starts."),
            ),
            models.CheckConstraint(condition=Q(kind__in=WorkState.values), name="phase_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class PolicyRule(models.Model):
    """Which policy applies: of the active rules the first that fits decides. One without a policy promises nothing.

    Every criterion that is filled in has to fit. `phase` fits tickets that were filed while one of that kind lasted.
    """

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    policy = models.ForeignKey(
        SLAPolicy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("policy"),
        help_text=_("Empty: nothing is promised."),
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    service_tier = models.ForeignKey(
        ServiceTier, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service tier")
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("queue")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    phase = models.CharField(
        _("filed during"),
        max_length=10,
        choices=[choice for choice in WorkState.choices if choice[0] != WorkState.ACTIVE],
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("rule for the policy")
        verbose_name_plural = _("rules for the policy")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.position}: {self.policy or _('No SLA')}"


class Recount(models.Model):
    """A change of what is promised that the clocks of open tickets still have to follow, from `valid_from` on.

    A worker walks the open tickets, in order of their ids; `through` is how far it came. Where others were writing as
    it began, nobody sees yet what they file by the old promise: it walks again once all transactions before
    `settles_at` are over, which is 0 on the last walk.
    """

    valid_from = models.DateTimeField()
    cause = models.CharField(max_length=20)
    cause_id = models.BigIntegerField(null=True)
    through = models.BigIntegerField(default=0)
    settles_at = models.BigIntegerField(null=True)
    changed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recount of clocks")
        verbose_name_plural = _("recounts of clocks")
        indexes = (models.Index(fields=["valid_from", "id"], condition=Q(done_at__isnull=True), name="recount_due"),)

    def __str__(self) -> str:
        return f"{self.cause} {self.cause_id}"
