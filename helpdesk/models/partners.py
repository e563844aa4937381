"""Others on whom tickets wait: companies that have numbers of their own for the same matter."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _


class Partner(models.Model):
    """An external partner, and whom to talk to there."""

    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("liaison"), max_length=120, blank=True)
    contact_email = models.EmailField(_("their address"), blank=True)
    contact_phone = models.CharField(_("their phone"), max_length=40, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="partner_name_unique"),)

    def __str__(self) -> str:
        return self.name


class PartnerWait(models.Model):
    """That a ticket waits or waited on a partner, under the partner's own reference: it is found by that for good."""

    ticket = models.ForeignKey("helpdesk.Ticket", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("their reference"), max_length=60, blank=True)
    began_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("wait on a partner")
        verbose_name_plural = _("waits on partners")
        indexes = (
            models.Index(
                OpClass(Upper("reference"), name="text_pattern_ops"),
                condition=~Q(reference=""),
                name="partner_wait_reference",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner_id} {self.reference}"
