"""Taking the next rows that are due, with many workers at it and any number of rows waiting."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from django.db.models import DateTimeField, Func, Model, QuerySet

K = TypeVar("K")
M = TypeVar("M", bound=Model)
_FIRST_LOOK: Final = 50


class DatabaseClock(Func):
    """The database's clock, not the transaction's start: leases compare on one clock for all machines."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def claim(
    due: Callable[[int], Sequence[K]], lock: Callable[[Sequence[K]], Sequence[M]], *, look: int = _FIRST_LOOK
) -> Sequence[M]:
    """The first rows that `lock` takes out of those that are `due`; none where all are held, or wait for others.

    `due` gives so many of those that are due, in order, without a lock. `lock` takes what it may of some of them:
    of what nobody holds, what stands at the head of its line. Looking goes in widening steps along the order, and the
    head is looked up row by row along its index: PostgreSQL's statistics know nothing of rows that come and go within
    seconds, and a join of all that wait with all that wait would cost their square.
    """
    passed = 0
    while True:
        found = due(look)
        rows = lock(found[passed:]) if len(found) > passed else ()
        if rows or len(found) < look:
            return rows
        passed, look = look, look * 10


def delete_first(old: QuerySet[M], limit: int) -> int:
    """Delete up to `limit` of the rows (ordered) that nobody holds. Returns how many."""
    keys = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    old.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
