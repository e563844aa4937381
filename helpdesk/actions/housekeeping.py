"""What nobody needs any more goes."""

from datetime import datetime

from helpdesk.actions import _once
from helpdesk.actions._base import action


@action
def forget_submissions(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` keys of requests that nobody repeats any more. Returns how many."""
    return _once.forget(now=now, limit=limit)
