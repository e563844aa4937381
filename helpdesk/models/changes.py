"""In which order tickets were written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.models.tickets import Ticket


class TicketChange(models.Model):
    """The transaction that wrote a ticket last, and the last that changed what its requester sees. Triggers keep both.

    By it an export goes on where it was, and misses nothing: times of changes do not come in the order in which these
    are committed. It is no column of the ticket, since each change would then write all the ticket's indexes anew.
    """

    # The triggers take the key from the ticket itself: nothing is left to be checked.
    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="change"
    )
    xid = models.BigIntegerField()
    # Of the columns of `PublicTicketShape`: by the other one, who asked would count what the desk does among itself.
    public_xid = models.BigIntegerField()

    class Meta:
        verbose_name = _("change of a ticket")
        verbose_name_plural = _("changes of tickets")
        indexes = (
            models.Index(fields=["xid", "ticket"], name="change_in_order"),
            models.Index(fields=["public_xid", "ticket"], name="change_in_public_order"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.xid}"
