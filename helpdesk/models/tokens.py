"""Tokens: how other systems, and scripts of people, come to the desk."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Integration(models.Model):
    """Another system that has a role here, and comes by tokens alone. What it may do is its account's to say."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="integration"
    )
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(models.Model):
    """A token of one person or integration. The secret itself is shown once and kept nowhere.

    It can do what its person may do, and of that only what its scopes name; with queues, on their tickets alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(_("key"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=24), verbose_name=_("scopes"))
    # Queues are never deleted, so that their ids need no table of their own.
    queue_ids = ArrayField(models.BigIntegerField(), verbose_name=_("queues"), default=list, blank=True)
    per_minute = models.PositiveIntegerField(
        _("requests a minute"),
        default=600,
        validators=[MinValueValidator(1), MaxValueValidator(60_000)],
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    # The one in whose place this one came.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = (
            models.CheckConstraint(condition=~Q(scopes=[]), name="token_has_scopes"),
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="token_per_minute_positive"),
        )
        indexes = (models.Index("user", models.F("created_at").desc(), name="token_of_user"),)

    def __str__(self) -> str:
        return self.name

    def is_valid(self, now: datetime) -> bool:
        """Whether it is in force: whether it opens anything still."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @staticmethod
    def valid_at(now: datetime, path: str = "") -> Q:
        """The same as a condition of rows that the path leads to tokens from."""
        lasts = Q(**{f"{path}expires_at__isnull": True}) | Q(**{f"{path}expires_at__gt": now})
        return Q(**{f"{path}revoked_at__isnull": True}) & lasts
