"""Taking the next row that is due, with many workers at it and any number of rows waiting."""

from typing import Final, TypeVar

from django.db.models import DateTimeField, F, Func, Model, Q, QuerySet, Subquery

M = TypeVar("M", bound=Model)
_FIRST_LOOK: Final = 50


class DatabaseClock(Func):
    """The database's clock, not the transaction's start: leases compare on one clock for all machines."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def claim_first(due: QuerySet[M], *, head: Subquery, alone: Q) -> M | None:
    """Lock the first row of `due` (ordered) that nobody holds and that is the head of its line, or stands `alone`.

    `head` gives the key of the first row in a row's line. Looking goes in widening steps along the order, and the head
    is looked up row by row along its index: PostgreSQL's statistics know nothing of rows that come and go within
    seconds, and a join of all that wait with all that wait would cost their square.
    """
    passed, look = 0, _FIRST_LOOK
    while True:
        keys = list(due.values_list("pk", flat=True)[:look])
        beginning = due.filter(pk__in=keys[passed:]).annotate(head=head).filter(alone | Q(head=F("pk")))
        row = beginning.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None or len(keys) < look:
            return row
        passed, look = look, look * 10


def delete_first(old: QuerySet[M], limit: int) -> int:
    """Delete up to `limit` of the rows (ordered) that nobody holds. Returns how many."""
    keys = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    old.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
