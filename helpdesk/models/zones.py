"""Rows that live in a time zone."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class InZone(models.Model):
    """Something with an IANA time zone."""

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.time_zone not in available_timezones():
            words = _("“%(name)s” is not a time zone; an example is Europe/Berlin.")
            raise ValidationError({"time_zone": words % {"name": self.time_zone}})
