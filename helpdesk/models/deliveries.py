"""Everything that leaves the desk."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import DeliveryChannel, Occasion, Urgency
from helpdesk.models.events import TicketEvent
from helpdesk.models.tickets import Ticket

# How one ends.
ENDS: Final = ("sent_at", "cancelled_at", "given_up_at")
OPEN: Final = Q(**{f"{column}__isnull": True for column in ENDS})


class Delivery(models.Model):
    """One message on one wire to one person.

    It is open until it is sent, cancelled or given up. Of the open ones with the same `ordering_key` only the first
    (by `ordering_seq`, then id) may leave. A claim sets `lease_until` by the database's clock; a lease that ran out
    without a result may have sent, so the next try sets `possibly_repeated` and carries the same `token`.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=DeliveryChannel.choices)
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ticket"),
    )
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, null=True, related_name="+")
    # Where it goes to another system. Its index is the one below.
    webhook = models.ForeignKey(
        "helpdesk.Webhook", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    payload = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    ordering_key = models.CharField(max_length=80, blank=True)
    ordering_seq = models.BigIntegerField(default=0)
    # What it tells about, where its reader may choose; what is critical does not wait for the end of quiet hours.
    occasion = models.CharField(
        _("occasion"), max_length=20, choices=Occasion.choices, blank=True, default="", db_default=""
    )
    is_critical = models.BooleanField(_("critical"), default=False, db_default=False)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.NORMAL)

    created_at = models.DateTimeField(_("created"))
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("expires"), null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    possibly_repeated = models.BooleanField(_("possibly sent twice"), default=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.CheckConstraint(
                condition=OPEN
                | Q(
                    sent_at__isnull=False,
                    cancelled_at__isnull=True,
                    given_up_at__isnull=True,
                )
                | Q(
                    sent_at__isnull=True,
                    cancelled_at__isnull=False,
                    given_up_at__isnull=True,
                )
                | Q(
                    sent_at__isnull=True,
                    cancelled_at__isnull=True,
                    given_up_at__isnull=False,
                ),
                name="delivery_one_end",
            ),
        )
        indexes = (
            models.Index(
                fields=["urgency", "not_before", "id"],
                condition=OPEN,
                name="delivery_due",
            ),
            models.Index(
                fields=["ordering_key", "ordering_seq", "id"],
                condition=OPEN,
                name="delivery_order",
            ),
            models.Index(
                F("id").desc(),
                condition=Q(given_up_at__isnull=False),
                name="delivery_given_up",
            ),
            models.Index(fields=["ticket", "id"], name="delivery_of_ticket"),
            models.Index(F("webhook"), F("id").desc(), condition=Q(webhook__isnull=False), name="delivery_of_webhook"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def state(self) -> str:
        """Where it stands: `sent`, `cancelled`, `given_up`, `leased` or `waiting`."""
        if self.sent_at:
            return "sent"
        if self.cancelled_at:
            return "cancelled"
        if self.given_up_at:
            return "given_up"
        return "leased" if self.lease_until else "waiting"
