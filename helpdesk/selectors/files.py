"""Files that wait for their message."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk.models import Blob


def waiting(ids: Iterable[int], since: datetime) -> dict[int, Blob]:
    """Those of the stored files that came in after `since`, by id; older ones may be swept at any moment."""
    return Blob.objects.filter(recorded_at__gt=since).in_bulk(list(ids))
