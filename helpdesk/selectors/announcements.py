"""What the desk tells everybody."""

from datetime import datetime

from django.db.models import Q

from helpdesk.models import Announcement


def current(now: datetime) -> list[Announcement]:
    """The announcements that have begun and not ended: what does not work first, then the newest first."""
    running = Announcement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), is_active=True)
    # By the stored code, which happens to stand in the right order: `warning` before `info`.
    return list(running.filter(starts_at__lte=now).order_by("-level", "-starts_at", "-pk"))
