"""The clocks of a ticket follow what is done to it, inside the action that does it.

An action tells nothing: what it did is read from the ticket before and after, and from who spoke (`Work.spoken`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from helpdesk.actions._cycles import add, begin, bind, bring_back, mark, project, stop
from helpdesk.actions._rows import add_new, write_back
from helpdesk.actions._steps import tell_bound, tell_due, withdraw_breaches
from helpdesk.choices import CycleState, Metric, WorkState
from helpdesk.domain.clocks import What
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.domain.sla_rules import state_of_work
from helpdesk.models import SLACycle, Ticket
from helpdesk.models.policies import rules_of
from helpdesk.prepared import prepared
from helpdesk.selectors.promises import Setup, Terms, asked_of, promised, setup_at, windows

# From the beginning, and again after a ticket was opened anew.
_WHILE_UNSOLVED: Final = (Metric.UPDATE, Metric.RESOLUTION)
_ANSWERS: Final = frozenset({Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE})
_DECIDING: Final = ("priority", "queue_id", "category_id", "organization_id", "sla_chosen", "sla_policy_id")
COLUMNS: Final = (
    "state", "stopped_at", "ledger", "bindings", "binding", "policy_version", "calendar_version", "target_seconds",
    "bound_at", "due_at", "left_seconds", "next_due_at", "steps_done", "breached_at", "started_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the clocks mind of a ticket."""

    status: str
    status_since: datetime
    merged_into_id: int | None
    unanswered_since: datetime | None
    deciding: tuple[object, ...]

    @classmethod
    def of(cls, ticket: Ticket) -> "Snapshot":
        """The ticket as it is now."""
        deciding = tuple(getattr(ticket, name) for name in _DECIDING)
        return cls(ticket.status, ticket.status_since, ticket.merged_into_id, ticket.unanswered_since, deciding)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Public words: of the desk, or of who asked."""

    by_desk: bool
    at: datetime


@dataclass
class Clocks:
    """The clocks of one locked ticket, while an action changes it."""

    ticket: Ticket
    now: datetime
    cycles: list[SLACycle]
    touched: list[SLACycle] = field(default_factory=list)
    loaded: Setup | None = None
    # The event that what is done now goes back to: the latest one, before any that is told of the clocks themselves.
    seq: int = field(init=False)

    def __post_init__(self) -> None:
        self.seq = self.ticket.version

    @property
    def setup(self) -> Setup:
        """What is in force now."""
        if self.loaded is None:
            self.loaded = setup_at(self.now, filed_since=self.ticket.created_at)
        return self.loaded

    def running(self, *metrics: Metric) -> list[SLACycle]:
        """Those of some metrics, or all, that are not stopped."""
        return [cycle for cycle in self.cycles if not cycle.is_stopped and (not metrics or cycle.metric in metrics)]

    def start(self, metric: Metric, at: datetime, *, terms: Terms | None = None, number: int | None = None) -> None:
        """Start a clock, bound to what the ticket is promised now unless the terms are told."""
        number = number or self._last_number(metric) + 1
        terms = terms or self.setup.terms(asked_of(self.ticket), metric)
        self.cycles.append(begin(self.ticket, metric, number, at=at, terms=terms, now=self.now))
        self.touch(self.cycles[-1])

    def stop(self, at: datetime, *metrics: Metric, what: What = What.STOP) -> None:
        """Stop clocks, with a verdict unless they are taken off."""
        for cycle in self.running(*metrics):
            stop(cycle, at, self.ticket.status, self.seq, what)
            if cycle.state == CycleState.MET and cycle.breached_at is not None:
                # Who stopped it had begun before the breach, and waited for its being told.
                cycle.breached_at = None
                withdraw_breaches([cycle], now=self.now)
            self.touch(cycle)

    def catch_up(self) -> None:
        """Put on record what came due before this instant and nobody has told yet."""
        for fired in tell_due(self.running(), now=self.now):
            self.touch(fired.cycle)

    def rebind(self) -> None:
        """Bind the running clocks to what the ticket is promised now."""
        promise = self.setup.promise(asked_of(self.ticket))
        changed, had = dict[int, SLACycle](), dict[int, datetime | None]()
        for cycle in self.running():
            before = cycle.breached_at
            if bind(cycle, promise(Metric(cycle.metric)), self.ticket.priority, self.now, self.seq):
                changed[cycle.pk], had[cycle.pk] = cycle, before
                self.touch(cycle)
        tell_bound(changed, had, now=self.now)

    def status_changed(self, before: str, at: datetime) -> None:
        """The ticket moved from a status."""
        was_solved, is_solved = before in SOLVED, self.ticket.is_solved
        if not was_solved and not is_solved:
            for cycle in self.running():
                add(cycle, What.STATUS, self.ticket.status, at, self.seq)
                project(cycle)
                self.touch(cycle)
        elif is_solved:
            self.stop(at, Metric.RESOLUTION)
            self.stop(at, what=What.AWAY)
        elif was_solved:
            self.ticket.acknowledged_at = None
            for metric in _WHILE_UNSOLVED:
                if not self.running(metric):
                    self.start(metric, at)

    def spoken(self, word: Spoken) -> None:
        """Somebody wrote to everybody."""
        if word.by_desk:
            self.stop(word.at, *_ANSWERS)
            self._rearm(word.at)
        elif not self.running(*_ANSWERS) and not self.ticket.is_solved:
            self.await_answer(word.at)

    def await_answer(self, at: datetime) -> None:
        """Somebody waits for an answer since then."""
        self.start(Metric.NEXT_RESPONSE, at, terms=self._as_beside(Metric.NEXT_RESPONSE))

    def _rearm(self, at: datetime) -> None:
        """The requester has heard something: the next update is owed later."""
        for cycle in self.running(Metric.UPDATE):
            if all(row["target"] is None for row in cycle.bindings):
                # It never promised anything: it starts over, and no row tells of it.
                again = begin(self.ticket, Metric.UPDATE, cycle.number, at=at, terms=Terms(), now=self.now)
                cycle.started_at, cycle.ledger = at, again.ledger
                self.touch(cycle)
                continue
            self.stop(at, Metric.UPDATE)
            if not self.ticket.is_solved:
                self.start(Metric.UPDATE, at, terms=self._as_beside(Metric.UPDATE), number=cycle.number + 1)

    def _as_beside(self, metric: Metric) -> Terms | None:
        """What the versions say to which the ticket is bound by its other clocks."""
        beside = next((cycle for cycle in self.cycles if cycle.metric in _WHILE_UNSOLVED), None)
        if beside is None:
            return None
        if beside.policy_version_id is None or beside.calendar_version_id is None:
            return Terms()
        state, rules = WorkState.ACTIVE, rules_of(beside.policy_version_id)
        if metric is Metric.UPDATE and len(rules.updates) > 1:
            state = state_of_work(asked_of(self.ticket), windows(self.now, self.now), self.now)
        versions = beside.policy_version_id, beside.calendar_version_id
        return promised(versions, metric, self.ticket.priority, state, beside.bindings[-1].get("rule"))

    def _last_number(self, metric: Metric) -> int:
        last = SLACycle.objects.filter(ticket=self.ticket, metric=metric).order_by("-number")
        stopped = last.values_list("number", flat=True).first() or 0
        return max([stopped, *(cycle.number for cycle in self.cycles if cycle.metric == metric)])

    def touch(self, cycle: SLACycle) -> None:
        """Have the clock written at the end."""
        if not any(cycle is one for one in self.touched):
            self.touched.append(cycle)

    def write(self) -> dict[str, object]:
        """Write the rows. Returns the columns of the ticket that follow, for who saves it."""
        new = [cycle for cycle in self.touched if cycle._state.adding]
        write_back([cycle for cycle in self.touched if not cycle._state.adding], COLUMNS)
        add_new(new)
        return {**mark(self.cycles), "acknowledged_at": self.ticket.acknowledged_at}


def begin_clocks(ticket: Ticket, now: datetime) -> dict[str, object]:
    """The step that starts the clocks of a new ticket. Returns the columns of the ticket that follow."""
    clocks = Clocks(ticket, now, [])
    for metric in (Metric.FIRST_RESPONSE, *_WHILE_UNSOLVED):
        clocks.start(metric, now, number=1)
    return clocks.write()


def follow(ticket: Ticket, before: Snapshot, words: Sequence[Spoken], now: datetime) -> dict[str, object]:
    """The step that lets the clocks of a locked ticket follow what was done. Returns the columns that follow."""
    after = Snapshot.of(ticket)
    if before == after and not words:
        return {}
    if before.status in SOLVED and after.status in SOLVED and before.merged_into_id == after.merged_into_id:
        return {}
    clocks = Clocks(ticket, now, _running(ticket))
    if before.merged_into_id != after.merged_into_id:
        _follow_merge(clocks, before)
        return clocks.write()
    clocks.catch_up()
    if before.deciding != after.deciding:
        clocks.rebind()
    if before.status != after.status:
        _follow_move(clocks, before, words)
    else:
        for word in words:
            clocks.spoken(word)
    if not words and before.unanswered_since != after.unanswered_since:
        _follow_wait(clocks)
    return clocks.write()


def _running(ticket: Ticket) -> list[SLACycle]:
    cycles = list(_running_on(ticket.pk))
    for cycle in cycles:
        cycle.ticket = ticket
    return cycles


@prepared
def _running_on(ticket: int) -> QuerySet[SLACycle]:
    return SLACycle.objects.filter(ticket=ticket, stopped_at__isnull=True).order_by("pk")


def _follow_move(clocks: Clocks, before: Snapshot, words: Sequence[Spoken]) -> None:
    """Words that solve the ticket are an answer first; those that open it anew start the wait for one."""
    ticket = clocks.ticket
    moved_at = ticket.status_since
    if ticket.is_solved:
        for word in words:
            clocks.spoken(word)
        clocks.status_changed(before.status, moved_at)
        return
    clocks.status_changed(before.status, moved_at)
    for word in words:
        clocks.spoken(word)


def _follow_merge(clocks: Clocks, before: Snapshot) -> None:
    """Where a ticket goes on in another one its clocks are taken off; taken apart again, they go on as is promised."""
    ticket = clocks.ticket
    if ticket.merged_into_id is not None:
        clocks.stop(clocks.now, what=What.AWAY)
        return
    gone = SLACycle.objects.filter(ticket=ticket, state=CycleState.VOID, stopped_at__gte=before.status_since)
    for cycle in gone.order_by("pk"):
        cycle.ticket = ticket
        bring_back(cycle, clocks.now, ticket.status, clocks.seq)
        clocks.cycles.append(cycle)
        clocks.touch(cycle)
    clocks.catch_up()
    clocks.rebind()


def _follow_wait(clocks: Clocks) -> None:
    """Who waits changed without a word: a ticket was merged into this one, or taken out of it again."""
    since = clocks.ticket.unanswered_since
    if since is None:
        clocks.stop(clocks.now, Metric.NEXT_RESPONSE, what=What.AWAY)
    elif not clocks.running(*_ANSWERS) and not clocks.ticket.is_solved:
        clocks.await_answer(since)
