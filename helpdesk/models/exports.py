"""Files that the desk makes for one person: a list of tickets, or what is kept about them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Channel, ExportProblem, ExportState
from helpdesk.models.files import Blob

OPEN_STATES = (ExportState.WAITING, ExportState.RUNNING)


class Export(models.Model):
    """A file on its way to its owner, whom alone it is for.

    `kind` names its maker in the registry and `query` says to it what goes in. While it is open a worker may claim it
    with a lease; a lease that ran out is another's to take. A ready one goes when `expires_at` is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The room that it was asked for in, and that its page is in.
    channel = models.CharField(max_length=8, choices=Channel.choices)
    query = models.JSONField(default=dict, blank=True)
    name = models.CharField(_("name"), max_length=150)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState.choices, default=ExportState.WAITING, editable=False
    )
    progress = models.PositiveIntegerField(_("rows so far"), default=0)
    total = models.PositiveIntegerField(_("rows"), null=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="exports")
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=12, choices=ExportProblem.choices, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=Q(state=ExportState.READY, blob__isnull=False, expires_at__isnull=False)
                | (~Q(state=ExportState.READY) & Q(blob__isnull=True)),
                name="export_ready_has_its_file",
            ),
        )
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="export_of_owner"),
            models.Index(fields=["not_before"], name="export_due", condition=Q(state__in=OPEN_STATES)),
            models.Index(fields=["expires_at"], name="export_expiry", condition=Q(state=ExportState.READY)),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN_STATES

    @property
    def is_ready(self) -> bool:
        """Whether its file can be loaded."""
        return self.state == ExportState.READY

    @property
    def percent(self) -> int:
        """How far it is, of a hundred."""
        return min(100 * self.progress // self.total, 100) if self.total else 0
