"""Who follows a ticket without having asked or working on it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.models.tickets import Ticket


class Watcher(models.Model):
    """Somebody who may read a ticket's public words, answer, and is told of them.

    Who watches a private ticket sees it by that only where they were `admitted`: added while it was private, by
    somebody who may.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    admitted = models.BooleanField(_("admitted"), default=False, db_default=False)

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = (models.UniqueConstraint(fields=["ticket", "user"], name="watcher_unique"),)
        indexes = (models.Index(fields=["user", "ticket"], name="watcher_by_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} · {self.ticket_id}"
