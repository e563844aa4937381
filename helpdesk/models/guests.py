"""People without an account who ask for help: what waits for their confirmation, and their link to one ticket."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import AttemptKind
from helpdesk.domain.sealing import CannotOpen, seal, unseal
from helpdesk.models.files import Blob
from helpdesk.models.queues import Category
from helpdesk.models.tickets import Ticket


def digest_of(key: uuid.UUID) -> str:
    """What is kept of a link's key: who reads it in the database comes nowhere by it."""
    return hashlib.sha256(str(key).encode()).hexdigest()


class GuestFiling(models.Model):
    """A report that becomes a ticket once its sender confirms the address by the mailed link, which holds its key; here
    is only the digest of that.

    Afterwards its words are on the ticket and here no more; the row leads whoever clicks again to the ticket, until it
    is swept. `form_key` names the filling-in of the form, which counts once.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    form_key = models.UUIDField(unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("report of a guest")
        verbose_name_plural = _("reports of guests")
        indexes = (models.Index(fields=["expires_at"], name="guest_filing_age"),)

    def __str__(self) -> str:
        return f"{self.pk}"


class GuestFile(models.Model):
    """A file of a report that waits."""

    filing = models.ForeignKey(GuestFiling, on_delete=models.PROTECT, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="guest_files")
    name = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("file of a guest")
        verbose_name_plural = _("files of guests")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class GuestLink(models.Model):
    """A mailed way to one ticket: whoever has its key reads its public words and answers as its requester.

    The link is found by the digest of its key; the key itself is sealed, for the mails that carry it. Without a key
    that opens it the link still leads there, and the next mail has another one.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.CharField(max_length=200, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="guest_links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("link of a guest")
        verbose_name_plural = _("links of guests")
        indexes = (models.Index(fields=["ticket", "user"], condition=Q(revoked_at=None), name="guest_link_valid"),)

    def __str__(self) -> str:
        return f"{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; a new one gets its key here."""
        if not self.digest:
            self.key = uuid.uuid4()
            self.digest, self.sealed = digest_of(self.key), seal(str(self.key), settings.ENCRYPTION_KEYS)
        super().save(*args, **kwargs)

    @cached_property
    def key(self) -> uuid.UUID:
        """The key; CannotOpen where nothing opens it any more."""
        return uuid.UUID(unseal(self.sealed, settings.ENCRYPTION_KEYS))

    @property
    def can_be_mailed(self) -> bool:
        """Whether the key can be opened."""
        try:
            return bool(self.key)
        except CannotOpen:
            return False


class Attempt(models.Model):
    """Something that a stranger did and may do only so often. `subject` is a digest of an address or a network."""

    kind = models.CharField(max_length=20, choices=AttemptKind.choices)
    subject = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = (
            models.Index(fields=["subject", "kind", "made_at"], name="attempt_of_subject"),
            models.Index(fields=["made_at"], name="attempt_age"),
        )

    def __str__(self) -> str:
        return self.kind
