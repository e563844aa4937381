"""Who was asked by mail to work at the desk."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Role
from helpdesk.models.teams import Team

OPEN_INVITATION: Final = Q(accepted_at__isnull=True, withdrawn_at__isnull=True)
STAFF_ROLES: Final = [role for role in Role if role is not Role.REQUESTER]


class Invitation(models.Model):
    """An invitation of one address, to one role and some teams. Its mailed link holds the `seal`, which is for one use.

    Sending it again makes another seal, so that only the latest link works.
    """

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=24, choices=[(role.value, role.label) for role in STAFF_ROLES])
    teams = models.ManyToManyField(Team, blank=True, related_name="+", verbose_name=_("teams"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seal = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.UniqueConstraint(Lower("email"), condition=OPEN_INVITATION, name="invitation_open_once"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, person__isnull=True)
                | Q(accepted_at__isnull=False, person__isnull=False, withdrawn_at__isnull=True),
                name="invitation_one_end",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in STAFF_ROLES]), name="invitation_to_staff"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
