"""The tiers of skill and the teams that stand on them."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import TeamRole
from helpdesk.models.organizations import Region


class Tier(models.Model):
    """A level of skill. A ticket climbs tier by tier, always with a reason."""

    level = models.PositiveSmallIntegerField(
        _("level"),
        unique=True,
        validators=[MinValueValidator(1)],
        help_text=_("1 is where most reports start."),
    )
    name = models.CharField(_("name"), max_length=60)
    handles = models.CharField(_("handles"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ("level",)
        constraints = (models.CheckConstraint(condition=models.Q(level__gte=1), name="tier_level_positive"),)

    def __str__(self) -> str:
        return _("Tier %(level)d") % {"level": self.level}


class Team(models.Model):
    """People of one tier who work queues together."""

    name = models.CharField(_("name"), max_length=80)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="teams", verbose_name=_("tier"))
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("region"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="TeamMembership", related_name="teams")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="team_name_unique"),)

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=TeamRole.choices, default=TeamRole.MEMBER)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(fields=["user", "team"], name="team_membership_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=TeamRole.values),
                name="team_membership_role_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
