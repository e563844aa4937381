"""What nobody needs any more goes."""

from datetime import datetime

from helpdesk.actions import _once, drafts
from helpdesk.actions._base import action, without_kicks

__all__ = ["forget_drafts", "forget_submissions", "without_kicks"]


@action
def forget_submissions(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` keys of requests that nobody repeats any more. Returns how many."""
    return _once.forget(now=now, limit=limit)


@action
def forget_drafts(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` drafts that nobody went on with. Returns how many."""
    return drafts.forget(now=now, limit=limit)
