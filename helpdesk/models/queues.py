"""Queues, what people choose from when they ask for help, and the rule for the first tier."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Priority, PrioritySource
from helpdesk.domain import first_tier
from helpdesk.models.kinds import Kind
from helpdesk.models.teams import Team, Tier
from helpdesk.models.translated import Translated


class FirstTierRule(models.Model):
    """The tiers that take part in a new report, by its priority; the first of them owns it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    plan = models.JSONField(
        _("plan"),
        help_text=_(
            "For each priority from 1 to 4 the levels that take part; the first one owns the ticket. "
            'Example: {"1": [4], "2": [3], "3": [2], "4": [1]}'
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("rule for the first tier")
        verbose_name_plural = _("rules for the first tier")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        levels = frozenset(Tier.objects.filter(is_active=True).values_list("level", flat=True))
        for problem in first_tier.problems(self.plan, levels):
            kind, _sep, what = problem.partition(":")
            words = {
                "shape": _("Write one entry for each of the priorities 1, 2, 3 and 4."),
                "priority": _("Priority %(what)s needs a list of levels, each named once.") % {"what": what},
                "level": _("There is no active tier of level %(what)s.") % {"what": what},
            }[kind]
            raise ValidationError({"plan": words})


class Queue(models.Model):
    """A line of work. Who is in one of its teams may work its tickets."""

    name = models.CharField(_("name"), max_length=80)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    teams = models.ManyToManyField(Team, related_name="queues", verbose_name=_("teams"), blank=True)
    first_tier_rule = models.ForeignKey(
        FirstTierRule,
        on_delete=models.PROTECT,
        related_name="queues",
        verbose_name=_("rule for the first tier"),
    )
    default_priority = models.PositiveSmallIntegerField(
        _("default priority"), choices=Priority.choices, default=Priority.P3
    )
    priority_source = models.CharField(
        _("where priorities come from"),
        max_length=8,
        choices=PrioritySource.choices,
        default=PrioritySource.DIRECT,
        db_default=PrioritySource.DIRECT,
    )
    asks_impact = models.BooleanField(
        _("ask requesters for impact and urgency"),
        default=False,
        db_default=False,
        help_text=_("In plain words, where priorities come from both: how many people it stops, and how badly."),
    )
    is_default = models.BooleanField(
        _("default"),
        default=False,
        help_text=_("Takes what no category sends elsewhere. One queue is the default."),
    )
    guests_allowed = models.BooleanField(
        _("open to guests"),
        default=False,
        db_default=False,
        help_text=_("Whoever confirms an e-mail address may report here without an account."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="queue_name_unique"),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="queue_one_default",
            ),
            models.CheckConstraint(
                condition=models.Q(default_priority__in=Priority.values),
                name="queue_priority_known",
            ),
            models.CheckConstraint(
                condition=models.Q(priority_source__in=PrioritySource.values),
                name="queue_priority_source_known",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Category(Translated):
    """What a report is about, in the requester's words; it decides on the queue.

    One that is `restricted_to` teams is private: beside who asked only these teams see its tickets, see `permissions`.
    """

    name = models.CharField(_("name"), max_length=80)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        related_name="categories",
        verbose_name=_("queue"),
    )
    kind = models.ForeignKey(
        Kind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
        help_text=_("What a ticket of this category is at first."),
    )
    restricted_to = models.ManyToManyField(
        Team,
        related_name="private_categories",
        verbose_name=_("private to"),
        blank=True,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("position", "name")
        constraints = (models.UniqueConstraint(Lower("name"), name="category_name_unique"),)

    def __str__(self) -> str:
        return self.name
