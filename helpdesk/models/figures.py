"""What served systems say of themselves: figures that are pushed in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Health(models.TextChoices):
    """How a component of a served system is."""

    UP = "up", pgettext_lazy("health", "Up")
    DEGRADED = "degraded", pgettext_lazy("health", "Degraded")
    DOWN = "down", pgettext_lazy("health", "Down")


class Figure(models.Model):
    """One component of a served system at one moment. What was not told is null.

    `error_rate` is in per cent, `p95_ms` in milliseconds, `throughput` in requests a second.
    """

    system = models.CharField(_("system"), max_length=60)
    component = models.CharField(_("component"), max_length=60)
    measured_at = models.DateTimeField(_("measured"))
    health = models.CharField(_("health"), max_length=8, choices=Health.choices)
    error_rate = models.FloatField(_("error rate"), null=True, blank=True)
    p95_ms = models.FloatField(_("p95"), null=True, blank=True)
    throughput = models.FloatField(_("throughput"), null=True, blank=True)
    sessions = models.PositiveBigIntegerField(_("sessions"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = (
            # Also the way to the latest of each component.
            models.UniqueConstraint(fields=["system", "component", "measured_at"], name="figure_unique"),
            models.CheckConstraint(condition=Q(health__in=Health.values), name="figure_health_known"),
        )
        indexes = (models.Index(fields=["recorded_at"], name="figure_age"),)

    def __str__(self) -> str:
        return f"{self.system}: {self.component}"
