"""What the desk tells people."""

from datetime import datetime

from django.db.models import Q, QuerySet

from helpdesk.choices import Audience
from helpdesk.models import Announcement, OrganizationMembership, User
from helpdesk.prepared import prepared


def _running(now: datetime) -> QuerySet[Announcement]:
    """Those that have begun and not ended: what does not work first, then the newest first."""
    running = Announcement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), is_active=True)
    # By the stored code, which happens to stand in the right order: `warning` before `info`.
    return running.filter(starts_at__lte=now).order_by("-level", "-starts_at", "-pk")


def current(now: datetime, reader: User | None = None) -> list[Announcement]:
    """What the portal's first page tells this reader, or a stranger. One query."""
    return list(_current(now, 0 if reader is None else reader.pk, signed_in=reader is not None))


@prepared
def _current(now: datetime, reader: int, *, signed_in: bool) -> QuerySet[Announcement]:
    told = Q(audience=Audience.EVERYBODY)
    if signed_in:
        places = OrganizationMembership.objects.filter(user=reader, is_active=True, organization__is_active=True)
        told |= Q(audience=Audience.SIGNED_IN)
        told |= Q(audience=Audience.ORGANIZATION, organization__in=places.values("organization"))
    return _running(now).filter(told)


def for_staff(now: datetime) -> list[Announcement]:
    """What the desk's home tells: all but what one organisation's people read."""
    return list(_for_staff(now))


@prepared
def _for_staff(now: datetime) -> QuerySet[Announcement]:
    return _running(now).exclude(audience=Audience.ORGANIZATION)
