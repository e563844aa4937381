"""How tickets stand to each other."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import LinkKind
from helpdesk.models.tickets import Ticket


class TicketLink(models.Model):
    """A link from one ticket to another; what holds in both directions alike starts at the lower id."""

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=LinkKind.choices)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (
            models.UniqueConstraint(fields=["source", "target", "kind"], name="ticket_link_unique"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(kind=LinkKind.PARENT), name="ticket_link_one_parent"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_link_to_another"),
            models.CheckConstraint(
                condition=~Q(kind=LinkKind.RELATES) | Q(source__lt=F("target")), name="ticket_link_related_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="ticket_link_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
