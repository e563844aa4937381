"""The roles of a support organisation: who decides on what, and whom one turns to next."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StaffRole(models.Model):
    """A role with who fills it. The right to do something comes from a person's account, never from here."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    responsibilities = models.CharField(_("responsible for"), max_length=200, blank=True)
    escalates_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("escalates to"),
        help_text=_("Who decides what this role cannot decide: the next step of the ladder of management."),
    )
    primary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("primary"),
    )
    backup = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("backup"),
        help_text=_("Who steps in when the primary cannot be reached."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("position", "name")
        constraints = (
            models.CheckConstraint(
                condition=Q(escalates_to__isnull=True) | ~Q(escalates_to=F("id")),
                name="staff_role_escalates_to_another",
                violation_error_message=_("A role cannot escalate to itself."),
            ),
            models.CheckConstraint(
                condition=Q(primary__isnull=True) | Q(backup__isnull=True) | ~Q(primary=F("backup")),
                name="staff_role_backup_is_another",
                violation_error_message=_("The backup has to be somebody else."),
            ),
        )

    def __str__(self) -> str:
        return self.name
