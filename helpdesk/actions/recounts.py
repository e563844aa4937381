"""Clocks of open tickets follow when what is promised changes: by a version, a rule, or a phase."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Final

from django.db.models import Q, QuerySet

from helpdesk.actions._base import RECOUNT_TASK, action, kick
from helpdesk.actions._cycles import BOUND, MARKS, bind, put_mark
from helpdesk.actions._record import Happened, record_all
from helpdesk.actions._rows import write_back
from helpdesk.actions._steps import tell_bound, tell_due
from helpdesk.actors import SYSTEM
from helpdesk.choices import Metric
from helpdesk.domain.clock_events import PromiseChanged
from helpdesk.models import Recount, SLACycle, Ticket
from helpdesk.prepared import prepared
from helpdesk.selectors.promises import DECIDING, Setup, Terms, asked_of, setup_at
from helpdesk.selectors.transactions import below_horizon, horizon, own_number

# So many tickets are locked at once, for as long as it takes to count their clocks, where nobody says how many.
_BATCH: Final = 100


def ask_for(cause: tuple[str, int | None], valid_from: datetime) -> Recount:
    """The step that lets the clocks follow a change from an instant on, inside the action that makes it."""
    recount = Recount.objects.create(cause=cause[0], cause_id=cause[1], valid_from=valid_from)
    kick(RECOUNT_TASK)
    return recount


def call_off(cause: tuple[str, int | None], now: datetime) -> None:
    """The step that lets no clock follow a change that was planned, inside the action that takes it back."""
    Recount.objects.filter(cause=cause[0], cause_id=cause[1], done_at__isnull=True).update(done_at=now)


def recount_due(*, now: datetime, limit: int = _BATCH) -> int:
    """Let the clocks of up to `limit` more open tickets follow the oldest change that is in force. Returns how many
    were looked at; nothing where there is nothing to do.
    """
    due = Recount.objects.filter(_may_go_on(), done_at__isnull=True, valid_from__lte=now)
    recount = due.order_by("valid_from", "pk").first()
    return 0 if recount is None else _batch(recount_id=recount.pk, now=now, limit=limit)


def _may_go_on() -> Q:
    """Not those that wait between two walks: others may go on meanwhile."""
    return Q(settles_at__isnull=True) | Q(through__gt=0) | Q(settles_at__lte=below_horizon())


@action
def _batch(*, recount_id: int, now: datetime, limit: int) -> int:
    recount = Recount.objects.select_for_update(skip_locked=True).filter(pk=recount_id, done_at__isnull=True).first()
    if recount is None:
        return 0
    if not recount.through:
        _begin_walk(recount)
    open_cycles = SLACycle.objects.filter(stopped_at__isnull=True, ticket__gt=recount.through)
    ids = list(open_cycles.order_by("ticket").values_list("ticket", flat=True).distinct()[:limit])
    if ids:
        recount.changed += _follow(recount, ids, now)
        recount.through = ids[-1]
    elif recount.settles_at:
        recount.through = 0
    else:
        recount.done_at = now
    recount.save(update_fields=["through", "changed", "done_at", "settles_at"])
    return max(len(ids), 1)


def _begin_walk(recount: Recount) -> None:
    """Find out whether this walk sees all. A ticket that is being filed just now may go by what was in force before it.

    Whoever read that had written by then, and comes before the transaction that looked at the change first.
    """
    settles_at = recount.settles_at or own_number()
    recount.settles_at = 0 if horizon() >= settles_at else settles_at


def _follow(recount: Recount, ids: Sequence[int], now: datetime) -> int:
    """Bind the clocks of these tickets to what is in force at the change. Returns of how many tickets that changed."""
    tickets = {ticket.pk: ticket for ticket in _held(ids)}
    cycles = list(_running(ids))
    for cycle in cycles:
        cycle.ticket = tickets[cycle.ticket_id]
    # What came due before the change did so by the old promise, also where no sweep has told of it yet.
    moved = {one.cycle.pk: one.cycle for one in tell_due(cycles, before=recount.valid_from, now=now)}
    changed, had = dict[int, SLACycle](), dict[int, datetime | None]()
    for cycle, terms, at in _terms(cycles, _changes(recount, now)):
        before = cycle.breached_at
        if bind(cycle, terms, cycle.ticket.priority, at, cycle.ticket.version + 1):
            changed[cycle.pk], had[cycle.pk] = cycle, before
    bound = {cycle.ticket_id: cycle.ticket for cycle in changed.values()}
    news = [Happened(ticket, PromiseChanged(recount.pk), recount.valid_from) for ticket in bound.values()]
    record_all(news, by=SYSTEM, now=now)
    tell_bound(changed, had, now=now)
    moved |= changed
    write_back(moved.values(), BOUND)
    touched = {cycle.ticket_id for cycle in moved.values()}
    for pk, own in groupby(cycles, key=lambda cycle: cycle.ticket_id):
        if pk in touched:
            put_mark(tickets[pk], own)
    write_back([tickets[pk] for pk in touched], ("version", *MARKS))
    return len(bound)


def _changes(recount: Recount, now: datetime) -> list[datetime]:
    """When what is promised changed, from this change on."""
    later = Recount.objects.filter(valid_from__gt=recount.valid_from, valid_from__lte=now)
    return [recount.valid_from, *later.order_by("valid_from").values_list("valid_from", flat=True).distinct()]


def _terms(cycles: Iterable[SLACycle], changes: Sequence[datetime]) -> Iterator[tuple[SLACycle, Terms, datetime]]:
    """What each clock is promised by the first of the changes, and since when.

    A clock that was bound since a later one goes by that: nobody is promised again what was over by then.
    """
    oldest = min((cycle.ticket.created_at for cycle in cycles), default=changes[0])

    @cache
    def setup(at: datetime) -> Setup:
        return setup_at(at, filed_since=oldest)

    @cache
    def promise(ticket: Ticket, at: datetime) -> Callable[[Metric], Terms]:
        return setup(at).promise(asked_of(ticket))

    for cycle in cycles:
        bound_at = max(cycle.started_at, cycle.bound_at or cycle.started_at)
        at = changes[max(bisect(changes, bound_at) - 1, 0)]
        yield cycle, promise(cycle.ticket, at)(Metric(cycle.metric)), max(at, bound_at)


@prepared
def _held(ids: Sequence[int]) -> QuerySet[Ticket]:
    rows = Ticket.objects.select_for_update().filter(pk__among=ids).order_by("pk")
    return rows.only(*DECIDING, "version", "acknowledged_at", *MARKS).prefetch_related("organization")


@prepared
def _running(tickets: Sequence[int]) -> QuerySet[SLACycle]:
    return SLACycle.objects.filter(ticket__among=tickets, stopped_at__isnull=True).order_by("ticket", "pk")
