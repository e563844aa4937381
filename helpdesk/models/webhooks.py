"""Webhooks: other systems that are called when something happens to tickets."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.addresses import MAX_URL
from helpdesk.domain.webhooks import Filter
from helpdesk.models.deliveries import Delivery


class WebhookForm(models.TextChoices):
    """The form in which another system is told."""

    JSON = "json", _("JSON, signed")
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"


class WebhookEnd(models.TextChoices):
    """Why the desk itself switched a webhook off."""

    GONE = "gone", _("Its address says that it is gone for good")
    FAILING = "failing", _("Nothing reached it for a day")


class Webhook(models.Model):
    """A subscription: what is told to which address, in which form.

    `owner` saved it last; what they may read when an event leaves is all that leaves. The secrets are sealed. Empty
    lists narrow nothing; they hold ids, since nothing that they name is ever deleted.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=MAX_URL)
    form = models.CharField(_("form"), max_length=10, choices=WebhookForm.choices, default=WebhookForm.JSON)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("events"), default=list, blank=True)
    queue_ids = ArrayField(models.BigIntegerField(), verbose_name=_("queues"), default=list, blank=True)
    priorities = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("priorities"), default=list, blank=True)
    category_ids = ArrayField(models.BigIntegerField(), verbose_name=_("categories"), default=list, blank=True)
    organization_ids = ArrayField(models.BigIntegerField(), verbose_name=_("organisations"), default=list, blank=True)
    is_ordered = models.BooleanField(_("in order"), default=True)
    secret = models.TextField(editable=False)
    # The one before it, which signs too until then.
    old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by the rights of")
    )
    is_active = models.BooleanField(_("active"), default=True)
    # When the desk itself switched it off, and why.
    ended_at = models.DateTimeField(_("switched off"), null=True, editable=False)
    ended_why = models.CharField(max_length=10, choices=WebhookEnd.choices, blank=True, editable=False)
    # Since it succeeded last: how often it failed, since when, and until when nothing is sent.
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("made"), editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="webhook_ended_why",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def filter(self) -> Filter:
        """Which tickets it is about."""
        return Filter(self.queue_ids, self.priorities, self.category_ids, self.organization_ids)


class WebhookTry(models.Model):
    """One call of a webhook's address, and what came of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries", db_index=False)
    at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    # What was answered; none where nothing was.
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("call of a webhook")
        verbose_name_plural = _("calls of webhooks")
        indexes = (
            models.Index(fields=["delivery", "id"], name="webhook_try_of_delivery"),
            # By which the old ones are forgotten.
            models.Index(fields=["at"], name="webhook_try_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
