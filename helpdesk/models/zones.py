"""Rows that live in a time zone."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.zones import zones
from helpdesk.errors import NOT_A_ZONE


class InZone(models.Model):
    """Something with an IANA time zone."""

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.time_zone not in zones():
            raise ValidationError({"time_zone": NOT_A_ZONE % {"name": self.time_zone}})
