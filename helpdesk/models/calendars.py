"""Working hours: calendars and their versions. Shifts and clocks read the same ones."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.working_time import WorkingTime
from helpdesk.models.zones import InZone


class Version(models.Model):
    """One state of something that is promised by: a draft, or in force from an instant on and never changed again.

    What was planned can be taken back before it counts: then `planned_for` is when it would have begun to. `preview`
    says what it would do to the open tickets, as a worker counted it while it is a draft.
    """

    number = models.PositiveIntegerField(_("version"))
    valid_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    planned_for = models.DateTimeField(null=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)
    preview = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(_("made"))
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        """Whether it was not put into force yet."""
        return self.valid_from is None and self.taken_back_at is None


# Of what is promised by, one version at most is these.
DRAFT: Final = Q(valid_from__isnull=True, taken_back_at__isnull=True)
TAKEN_BACK_OR_NOT: Final = Q(planned_for__isnull=True, taken_back_at__isnull=True) | Q(
    planned_for__isnull=False, taken_back_at__isnull=False, valid_from__isnull=True
)


class Calendar(models.Model):
    """A named set of working hours. What it says stands in its versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CalendarVersion(Version, InZone):
    """The working hours of a calendar from an instant on: `{"mon": [["09:00", "17:00"]], …}` in its zone."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions", db_index=False)
    week = models.JSONField(_("week"), default=dict)

    class Meta:
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of calendars")
        constraints = (
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number_unique"),
            models.UniqueConstraint(fields=["calendar"], condition=DRAFT, name="calendar_version_one_draft"),
            models.CheckConstraint(condition=TAKEN_BACK_OR_NOT, name="calendar_version_taken_back"),
        )
        indexes = (models.Index(fields=["calendar", "-valid_from", "-number"], name="calendar_version_in_force"),)

    def __str__(self) -> str:
        return f"{self.calendar} · {self.number}"

    @property
    def working_time(self) -> WorkingTime:
        """The arithmetic of it. A version in force never changes, so that each process makes it once."""
        return self.arithmetic() if self.is_draft else working_time_of(self.pk)

    def arithmetic(self) -> WorkingTime:
        """The arithmetic, made anew from the rows."""
        return WorkingTime(self.time_zone, self.week, [holiday.day for holiday in self.holidays.all()])


class Holiday(models.Model):
    """A day on which a version of a calendar has no working time."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="holidays", db_index=False)
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=["version", "day"], name="holiday_day_unique"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


_KEPT: Final = 1_000


@lru_cache(maxsize=_KEPT)
def working_time_of(version_id: int) -> WorkingTime:
    """The arithmetic of a version that is in force."""
    version = CalendarVersion.objects.prefetch_related("holidays").get(pk=version_id, valid_from__isnull=False)
    return version.arithmetic()
