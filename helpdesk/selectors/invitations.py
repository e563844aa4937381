"""Invitations as pages and mails need them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from helpdesk.models import Invitation, User
from helpdesk.models.invitations import OPEN_INVITATION
from helpdesk.selectors.people import logging_in_with

_SALT: Final = "helpdesk.invitation"
_RECENT: Final = 20


def token_of(invitation: Invitation) -> str:
    """What its mailed link holds."""
    return signing.dumps([invitation.pk, str(invitation.seal)], salt=_SALT)


def by_token(token: str, *, now: datetime) -> Invitation | None:
    """The invitation whose link this is, while it may be accepted."""
    try:
        pk, seal = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return still_open(pk, UUID(seal), now=now)


def still_open(pk: int, seal: UUID, *, now: datetime) -> Invitation | None:
    """The invitation under this seal, while it may be accepted."""
    rows = Invitation.objects.filter(OPEN_INVITATION, pk=pk, seal=seal, expires_at__gt=now)
    return rows.select_related("invited_by").first()


def pending() -> list[Invitation]:
    """Those that nobody has accepted or withdrawn, the latest first."""
    return list(_with_names().filter(OPEN_INVITATION))


def over() -> list[Invitation]:
    """The latest of the others."""
    return list(_with_names().exclude(OPEN_INVITATION)[:_RECENT])


def _with_names() -> QuerySet[Invitation]:
    rows = Invitation.objects.select_related("invited_by", "person")
    return rows.prefetch_related("teams").order_by("-pk")


def invited(invitation: Invitation) -> User | None:
    """Who has the invitation's address already."""
    return logging_in_with(invitation.email)
