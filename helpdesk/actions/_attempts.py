"""What strangers may do only so often: counted in the database, for an address and for a network."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils.crypto import salted_hmac

from helpdesk.choices import AttemptKind
from helpdesk.models import Attempt

WINDOW: Final = timedelta(days=1)
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def allow(kind: AttemptKind, limits: Mapping[str, int], now: datetime) -> bool:
    """Inside an action: count this once for each subject, or return False where one of them did it too often.

    Who comes with the same subject at the same moment waits here and is counted. What is refused is not counted, so
    that asking on and on keeps nobody out for longer, and costs the database no row.
    """
    digests = {_digest(subject): limit for subject, limit in limits.items()}
    with connection.cursor() as cursor:
        for digest in sorted(digests):
            cursor.execute(_LOCK, [digest])
    since = now - WINDOW
    made = Attempt.objects.filter(kind=kind, made_at__gt=since)
    if any(made.filter(subject=digest).count() >= limit for digest, limit in digests.items()):
        return False
    Attempt.objects.bulk_create(Attempt(kind=kind, subject=digest, made_at=now) for digest in digests)
    return True


def forget(*, now: datetime, limit: int) -> int:
    """Inside an action: forget what counts no more. Returns how many."""
    old = Attempt.objects.filter(made_at__lt=now - WINDOW).order_by("made_at")
    rows = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    return Attempt.objects.filter(pk__in=rows).delete()[0]


def _digest(subject: str) -> str:
    """Nobody reads out of the table who was here."""
    return salted_hmac("helpdesk.attempts", subject, algorithm="sha256").hexdigest()
