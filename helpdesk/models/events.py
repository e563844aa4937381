"""What happened. Rows are only ever added: a trigger refuses to change or delete them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import ActorKind, Channel
from helpdesk.models.tickets import Ticket

_PEOPLE = (ActorKind.PERSON, ActorKind.GUEST)


class Happening(models.Model):
    """What events of both kinds share.

    `effective_at` is when it counts (now, or when it was due); `recorded_at` is the database's clock.
    """

    kind = models.CharField(max_length=40)
    v = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    request_id = models.CharField(max_length=64, blank=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TicketEvent(Happening):
    """Something that happened to a ticket. `seq` counts from 1 and is the ticket's version after it."""

    # Its unique constraint finds a ticket's events; by its cause nobody looks for one.
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, db_index=False, related_name="events")
    seq = models.PositiveIntegerField()
    cause = models.ForeignKey("self", on_delete=models.PROTECT, db_index=False, null=True, related_name="+")

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        constraints = (
            models.UniqueConstraint(fields=["ticket", "seq"], name="ticket_event_seq_unique"),
            models.CheckConstraint(
                condition=Q(actor_kind__in=_PEOPLE, actor__isnull=False)
                | (~Q(actor_kind__in=_PEOPLE) & Q(actor__isnull=True)),
                name="ticket_event_actor_fits",
            ),
        )


class AuditEvent(Happening):
    """Something that happened to anything else: people, roles, set-up, logins."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = (
            models.CheckConstraint(
                condition=Q(actor_kind__in=_PEOPLE, actor__isnull=False)
                | (~Q(actor_kind__in=_PEOPLE) & Q(actor__isnull=True)),
                name="audit_event_actor_fits",
            ),
        )
        indexes = (
            models.Index(
                fields=["subject_type", "subject_id", "-id"],
                name="audit_event_of_subject",
            ),
        )


class PendingEvent(models.Model):
    """An event that a consumer still has to take. The row goes when its effect is written, in one transaction."""

    consumer = models.CharField(max_length=40)
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("waiting effect")
        verbose_name_plural = _("waiting effects")
        constraints = (models.UniqueConstraint(fields=["consumer", "event"], name="pending_event_unique"),)
        indexes = (
            models.Index(fields=["not_before", "id"], name="pending_event_due"),
            models.Index(fields=["consumer", "ticket", "seq"], name="pending_event_order"),
        )

    def __str__(self) -> str:
        return f"{self.consumer}: {self.event_id}"
