"""What a change of what is promised would do to the clocks of open tickets, before anybody makes it.

It is counted by the functions that count after the change, so that it comes out as told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Metric
from helpdesk.domain import clocks
from helpdesk.domain.sla_rules import Asked
from helpdesk.models import SLACycle, Ticket
from helpdesk.selectors.promises import Setup, asked_of
from helpdesk.selectors.tickets import visible_to

# So many clocks are counted while somebody waits, those that are due next.
LOOKED_AT: Final = 5_000
# Tickets that are named one by one, and clocks of such that are kept of what a worker counts.
NAMED: Final = 50
_KEPT: Final = 1_000
# So many tickets a worker looks at, at once.
BATCH: Final = 500
# Any ticket may be asked about, however old it is.
FILED_SINCE: Final = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Late:
    """A clock whose time would be used up already."""

    ticket: Ticket
    metric: str
    due_after: datetime


def _unmoved(asked: Asked) -> Asked:
    return asked


@dataclass(frozen=True, slots=True)
class Trial:
    """A change that is tried: the clocks that it concerns, and the set-up before and after it.

    `moved` is what becomes of a ticket itself by it.
    """

    concerned: Q
    before: Setup
    after: Setup
    moved: Callable[[Asked], Asked] = _unmoved


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: to how many of the open tickets that it concerns, and which would be late at once.

    `freed` are those of whose clocks one would promise nothing any more. `late` are those of the clocks that would be
    late (`late_count`) which the reader sees; `hidden` are not for them. Where a worker counts, `counted_at` is when it
    was done, and `is_busy` while it is not.
    """

    open: int
    looked_at: int
    changed: int
    freed: int
    late: Sequence[Late]
    late_count: int
    hidden: int
    counted_at: datetime | None = None
    is_busy: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of them were looked at, or are going to be."""
        return self.looked_at == self.open or self.is_busy or self.counted_at is not None

    @property
    def more(self) -> int:
        """How many are late beyond those that are named."""
        return max(self.late_count - self.hidden - NAMED, 0)

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

    def count(self, cycles: Iterable[SLACycle], trial: Trial, now: datetime) -> None:
        """Look at some more clocks, as they would go after the change instead of before it."""
        before, after = trial.before, trial.after
        for cycle in cycles:
            self.looked_at.add(cycle.ticket_id)
            asked, metric = asked_of(cycle.ticket), Metric(cycle.metric)
            terms = after.terms(trial.moved(asked), metric)
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


def preview_of(trial: Trial, actor: Actor, now: datetime) -> Preview:
    """Count some open clocks as if the change had been made."""
    there, tally = open_clocks(trial.concerned), Tally()
    tally.count(there.order_by("due_at", "pk")[:LOOKED_AT], trial, now)
    return Preview(
        open=_tickets(there),
        looked_at=len(tally.looked_at),
        changed=len(tally.changed),
        freed=len(tally.freed),
        **_seen(tally.late, len(tally.late), actor),
    )


def _tickets(there: QuerySet[SLACycle]) -> int:
    return there.order_by().values("ticket").distinct().count()


def _seen(late: Sequence[tuple[int, str, datetime]], count: int, actor: Actor) -> dict[str, Any]:
    """Of the late clocks those whose tickets the reader may see, and how many there are besides."""
    tickets = visible_to(actor).in_bulk({pk for pk, _metric, _due in late})
    shown = [Late(tickets[pk], str(Metric(metric).label), due) for pk, metric, due in late if pk in tickets]
    return {"late": shown, "late_count": count, "hidden": len(late) - len(shown)}


def begun(concerned: Q, now: datetime) -> dict[str, Any]:
    """What a draft keeps while a worker is going to count its clocks; nothing where they are few enough to wait for."""
    there = open_clocks(concerned)
    if there.order_by().values("pk")[: LOOKED_AT + 1].count() <= LOOKED_AT:
        return {}
    counts = dict.fromkeys(("through", "looked_at", "changed", "freed", "late_count"), 0)
    return {"asked_at": now.isoformat(), "done_at": None, "open": _tickets(there), "late": [], **counts}


def gone_on(kept: Mapping[str, Any], trial: Trial, now: datetime) -> dict[str, Any]:
    """The same after some more tickets, in the order of their ids; `done_at` is told once there are no more."""
    there = open_clocks(trial.concerned)
    further = there.filter(ticket__gt=kept["through"]).order_by("ticket").values_list("ticket", flat=True)
    ids = list(further.distinct()[:BATCH])
    if not ids:
        return {**kept, "done_at": now.isoformat()}
    tally = Tally()
    tally.count(there.filter(ticket__in=ids).order_by("ticket", "pk"), trial, now)
    late = [*kept["late"], *([pk, metric, due.isoformat()] for pk, metric, due in tally.late)]
    return {
        **kept,
        "through": ids[-1],
        "looked_at": kept["looked_at"] + len(ids),
        "changed": kept["changed"] + len(tally.changed),
        "freed": kept["freed"] + len(tally.freed),
        "late": sorted(late, key=lambda row: row[2])[:_KEPT],
        "late_count": kept["late_count"] + len(tally.late),
    }


def counted(kept: Mapping[str, Any], actor: Actor) -> Preview:
    """What a worker has counted so far, for one reader."""
    late = [(pk, metric, datetime.fromisoformat(due)) for pk, metric, due in kept["late"]]
    return Preview(
        open=kept["open"],
        looked_at=kept["looked_at"],
        changed=kept["changed"],
        freed=kept["freed"],
        counted_at=datetime.fromisoformat(kept["done_at"]) if kept["done_at"] else None,
        is_busy=not kept["done_at"],
        **_seen(late, kept["late_count"], actor),
    )
