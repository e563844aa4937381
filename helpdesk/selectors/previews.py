"""What a change of what is promised would do to the clocks of open tickets, before anybody makes it.

It is counted by the functions that count after the change, so that it comes out as told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Metric
from helpdesk.domain import clocks
from helpdesk.models import SLACycle, Ticket
from helpdesk.selectors.promises import Setup, asked_of
from helpdesk.selectors.tickets import visible_to

# So many clocks are counted while somebody waits, those that are due next.
LOOKED_AT: Final = 5_000
# Tickets that are named one by one.
NAMED: Final = 50
# Any ticket may be asked about, however old it is.
FILED_SINCE: Final = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Late:
    """A clock whose time would be used up already."""

    ticket: Ticket
    metric: str
    due_after: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: to how many of the open tickets that it concerns, and which would be late at once.

    `freed` are those of whose clocks one would promise nothing any more. `hidden` are late too, but not for the reader
    to see.
    """

    open: int
    looked_at: int
    changed: int
    freed: int
    late: Sequence[Late]
    hidden: int

    @property
    def is_whole(self) -> bool:
        """Whether all of them were looked at."""
        return self.looked_at == self.open

    @property
    def more(self) -> int:
        """How many are late beyond those that are named."""
        return max(len(self.late) - NAMED, 0)

    @property
    def named(self) -> Sequence[Late]:
        """The first of those that would be late."""
        return self.late[:NAMED]


@dataclass(slots=True)
class Tally:
    """What was found on clocks so far: ids of tickets, and of late clocks the ticket, the metric and when it is due."""

    looked_at: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    freed: set[int] = field(default_factory=set)
    late: list[tuple[int, str, datetime]] = field(default_factory=list)

    def count(self, cycles: Iterable[SLACycle], before: Setup, after: Setup, now: datetime) -> None:
        """Look at some more clocks, as they would go after the change instead of before it."""
        for cycle in cycles:
            self.looked_at.add(cycle.ticket_id)
            asked, metric = asked_of(cycle.ticket), Metric(cycle.metric)
            terms = after.terms(asked, metric)
            if terms.binding == before.terms(asked, metric).binding:
                continue
            promise = after.bound(terms, metric)
            if promise is None:
                if cycle.target_seconds is not None:
                    self.changed.add(cycle.ticket_id)
                    self.freed.add(cycle.ticket_id)
                continue
            stand = clocks.stand(clocks.course(cycle.entries, promise.paused), promise)
            left = None if stand.left is None else int(stand.left.total_seconds())
            if (stand.due_at, left) == (cycle.due_at, cycle.left_seconds):
                continue
            self.changed.add(cycle.ticket_id)
            was_late = cycle.due_at is not None and cycle.due_at <= now
            if stand.due_at is not None and stand.due_at <= now and not was_late:
                self.late.append((cycle.ticket_id, metric.value, stand.due_at))


def open_clocks(concerned: Q) -> QuerySet[SLACycle]:
    """The clocks that a change concerns, with all that decides on their promises."""
    rows = SLACycle.objects.filter(concerned, stopped_at__isnull=True)
    return rows.select_related("ticket__organization")


def preview_of(concerned: Q, before: Setup, after: Setup, actor: Actor, now: datetime) -> Preview:
    """Count some open clocks as if the set-up were another one."""
    clocks_there = open_clocks(concerned)
    tally = Tally()
    tally.count(clocks_there.order_by("due_at", "pk")[:LOOKED_AT], before, after, now)
    seen = visible_to(actor).in_bulk({late[0] for late in tally.late})
    return Preview(
        open=clocks_there.order_by().values("ticket").distinct().count(),
        looked_at=len(tally.looked_at),
        changed=len(tally.changed),
        freed=len(tally.freed),
        late=[Late(seen[pk], str(Metric(metric).label), due) for pk, metric, due in tally.late if pk in seen],
        hidden=len({late[0] for late in tally.late} - set(seen)),
    )
