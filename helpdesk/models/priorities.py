"""What a priority follows from, where a queue does not leave it to its agents."""

from typing import Any, Final

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Impact, Pressure, Priority
from helpdesk.domain.severity import Scale
from helpdesk.models.translated import Translated


class PriorityCell(models.Model):
    """One cell of the matrix: the priority of an impact with an urgency."""

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Impact.choices)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Pressure.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)

    class Meta:
        verbose_name = _("priority of an impact and an urgency")
        verbose_name_plural = _("impact and urgency")
        ordering = ("impact", "urgency")
        constraints = (
            models.UniqueConstraint(fields=["impact", "urgency"], name="priority_cell_unique"),
            models.CheckConstraint(
                condition=Q(impact__in=Impact.values, urgency__in=Pressure.values, priority__in=Priority.values),
                name="priority_cell_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_impact_display()} · {self.get_urgency_display()}"


_BOUND: Final[dict[str, Any]] = {
    "max_digits": 9,
    "decimal_places": 2,
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(0)],
}


class Criterion(Translated):
    """Something that is measured or seen, and the priority that follows from it. The worst one decides.

    A measure has bounds: above `critical_above` it is P1, above `high_above` P2, from `medium_from` on P3, else P4; an
    empty bound is passed by. A case is so or not; where it is so it has `case_priority`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    is_case = models.BooleanField(_("yes or no"), default=False)
    critical_above = models.DecimalField(_("P1 above"), help_text=_("Empty: it is never P1 by this."), **_BOUND)
    high_above = models.DecimalField(_("P2 above"), help_text=_("Empty: it is never P2 by this."), **_BOUND)
    medium_from = models.DecimalField(_("P3 from"), help_text=_("What is less is P4."), **_BOUND)
    case_priority = models.PositiveSmallIntegerField(_("priority if so"), choices=Priority.choices, default=Priority.P1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("criterion of priority")
        verbose_name_plural = _("criteria of priority")
        ordering = ("position", "name")
        constraints = (
            models.CheckConstraint(condition=Q(case_priority__in=Priority.values), name="criterion_priority_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> Scale:
        """What the arithmetic asks of it."""
        return Scale(
            self.code, self.is_case, self.critical_above, self.high_above, self.medium_from, self.case_priority
        )
