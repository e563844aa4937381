"""Whatever happens to tickets, what is stored of their clocks follows from the ledgers."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from helpdesk.actions import clocks, merging, properties, recounts
from helpdesk.actions.rebuilding import rebuild
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import CycleState, Metric, MoveName, Priority, ResolutionKind, WorkState
from helpdesk.domain.clocks import Entry, What
from helpdesk.errors import DomainError
from helpdesk.models import CalendarVersion, PolicyRule, SLACycle, SLAPolicy, SLAStep, Ticket
from helpdesk.models.policies import rules_of
from tests.factories import NOW, make_ticket
from tests.helpdesk.actions.desk import Desk
from tests.helpdesk.actions.test_clocks import Clocked
from tests.promises import ALWAYS, HOUR, OFFICE, make_calendar, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def promised() -> list[SLAPolicy]:
    """Two policies of which the first applies to all; it is stricter for what is critical, and knows office hours."""
    rules = targets(first_response=1, next_response=2, resolution=8)
    for metric in rules:
        rules[metric][Priority.P1] = HOUR / 2
    fast = plain_rules(targets=rules, updates={WorkState.ACTIVE: {1: HOUR / 2, 2: HOUR}}, warn_at=(50, 75))
    slow = plain_rules(targets=targets(resolution=30), pauses={})
    policies = [make_policy(fast, calendar=make_calendar(OFFICE, zone="Europe/Berlin")), make_policy(slow)]
    promise_all(policies[0])
    return policies


class Steady(Desk):
    """The same people in the same places all the time, whose standing is read once."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Actor] = {}

    def desk(self, tier: int = 1) -> Actor:
        return self.known.setdefault(tier, super().desk(tier))

    def me(self) -> Actor:
        return self.known.setdefault(0, super().me())


class History:
    """A ticket to which things happen at random; each that is refused is no harm."""

    def __init__(self, desk: Desk, policies: list[SLAPolicy], seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.policies = policies
        self.story = Clocked.__new__(Clocked)
        self.story.desk, self.story.ticket = desk, make_ticket(desk.requester, desk.queue)
        self.other = make_ticket(desk.requester, desk.queue)
        self.at = NOW

    def live(self, steps: int) -> None:
        for _step in range(steps):
            self.at += self.random.choice((MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 30 * HOUR)) * self.random.random()
            try:
                self.random.choice(self._happenings())(self.at)
            except DomainError:
                continue

    def _happenings(self) -> list[Callable[[datetime], object]]:
        story, ticket = self.story, self.story.ticket
        lead = self.story.desk.desk()
        return [
            story.answer,
            story.ask_again,
            story.solve,
            lambda at: story.move(MoveName.ASK, at),
            lambda at: story.move(MoveName.HOLD, at),
            lambda at: story.move(MoveName.START, at, text=""),
            lambda at: story.move(MoveName.REJECT, at),
            lambda at: story.move(MoveName.REOPEN, at),
            lambda at: clocks.sweep(now=at, limit=10),
            lambda at: clocks.acknowledge(ticket=ticket, by=lead, now=at),
            lambda at: properties.set_priority(ticket=ticket, to=self.random.randint(1, 4), by=lead, now=at),
            lambda at: clocks.choose_policy(
                ticket=ticket,
                chosen=self.random.random() < 0.7,
                policy=self.random.choice([*self.policies, None]),
                by=SYSTEM,
                now=at,
            ),
            self._merge_and_part,
            self._put_version_in_force,
            self._change_hours,
            self._change_rules,
        ]

    def _merge_and_part(self, at: datetime) -> None:
        merge = merging.merge(ticket=self.story.ticket, into=self.other, by=SYSTEM, now=at, knowing=True)
        self.at += HOUR
        merging.undo_merge(merge=merge, by=SYSTEM, now=self.at)

    def _put_version_in_force(self, at: datetime) -> None:
        hours = self.random.choice((1, 4, 30))
        rules = plain_rules(targets=targets(first_response=hours / 2, next_response=hours, resolution=hours * 2))
        make_policy(rules, policy=self.random.choice(self.policies), since=at)
        self._recount(at)

    def _change_hours(self, at: datetime) -> None:
        calendar = self.policies[0].versions.latest("number").calendar
        make_calendar(self.random.choice((OFFICE, ALWAYS)), zone="Europe/Berlin", since=at, calendar=calendar)
        self._recount(at)

    def _change_rules(self, at: datetime) -> None:
        PolicyRule.objects.update(policy=self.random.choice([*self.policies, None]))
        self._recount(at)

    def _recount(self, at: datetime) -> None:
        """Let the clocks follow, at once or some time later."""
        recounts.ask_for(("policyversion", None), at)
        self.at += self.random.choice((0, 1, 90)) * MINUTE
        while recounts.recount_due(now=self.at):
            pass


def minutes_used(cycle: SLACycle, until: datetime) -> int:
    """The slow and obvious way: minute by minute, is it an open one, and does the clock run in it?"""
    version = CalendarVersion.objects.get(pk=cycle.calendar_version_id)
    working_time = version.working_time
    paused = rules_of(cycle.policy_version_id or 0).paused(Metric(cycle.metric))
    ledger = [Entry.parse(row) for row in cycle.ledger]
    used, at, line = 0, ledger[0].at, 0
    is_away = False
    while at < until:
        while line < len(ledger) and ledger[line].at <= at:
            is_away = ledger[line].what is What.AWAY or (is_away and ledger[line].what is not What.BACK)
            line += 1
        # When it would have been due that was stopped before is told as if it had gone on.
        is_stopped = ledger[line - 1].what is What.STOP
        runs = is_stopped or (not is_away and ledger[line - 1].status not in paused)
        used += runs and working_time.between(at, at + MINUTE) == MINUTE
        at += MINUTE
    return used


# In parts, so that several processes share them, and small ones: each change has all tickets of its part counted anew.
PARTS = [pytest.param(range(n, min(n + 25, 10_000)), marks=pytest.mark.long) for n in range(4, 10_000, 25)]


@pytest.mark.parametrize("seeds", [*(range(n, n + 1) for n in range(4)), *PARTS], ids=lambda seeds: f"{seeds.start}")
def test_random_histories_are_counted_as_their_ledgers_say(db: None, seeds: range) -> None:
    desk, policies = Steady(), promised()
    for seed in seeds:
        history = History(desk, policies, seed)
        history.live(25)
        check_by_the_minute(history)
    assert list(rebuild(by=SYSTEM, now=NOW, write=False)) == []


def check_by_the_minute(history: History) -> None:
    for cycle in SLACycle.objects.filter(ticket=history.story.ticket, target_seconds__isnull=False):
        steps = SLAStep.objects.filter(cycle=cycle, binding=cycle.binding)
        assert steps.filter(kind="breach").count() <= 1
        if cycle.due_at is not None and cycle.state != CycleState.VOID:
            # Each turn and each day's work may begin and end within a minute.
            slack = len(cycle.ledger) * 2 + 2 + (cycle.due_at - cycle.started_at).days
            assert abs(minutes_used(cycle, cycle.due_at) - (cycle.target_seconds or 0) // 60) <= slack


def test_rebuild_mends_what_somebody_broke_and_check_says_so(d: Desk) -> None:
    story = Clocked(d)
    SLACycle.objects.filter(ticket=story.ticket, metric=Metric.RESOLUTION).update(due_at=NOW, next_due_at=None)
    Ticket.objects.filter(pk=story.ticket.pk).update(sla_due_at=None)
    with pytest.raises(CommandError, match="3 values"):
        call_command("rebuild_sla", "--check", stdout=StringIO())
    call_command("rebuild_sla", stdout=StringIO())
    assert story.cycle(Metric.RESOLUTION).due_at == NOW + 8 * HOUR
    assert story.now().sla_due_at == NOW + HOUR
    call_command("rebuild_sla", "--check", stdout=StringIO())


def test_stopped_clock_stays_as_it_is_when_the_policy_changes(d: Desk) -> None:
    story = Clocked(d)
    story.move(MoveName.RESOLVE, NOW + 2 * HOUR, kind=ResolutionKind.FIXED)
    before = SLACycle.objects.filter(ticket=story.ticket).values()
    kept = list(before)
    make_policy(plain_rules(targets=targets(resolution=1)), policy=story.policy, since=NOW + HOUR)
    call_command("rebuild_sla", stdout=StringIO())
    assert list(before.all()) == kept


def test_explanation_names_policy_lines_and_target(d: Desk) -> None:
    story = Clocked(d)
    story.move(MoveName.ASK, NOW + 2 * HOUR)
    story.ask_again(NOW + 3 * HOUR)
    out = StringIO()
    call_command("sla_explain", story.ticket.ref, stdout=out)
    said = out.getvalue()
    assert "Resolution 1: Running, due 2026-03-02 18:00:00 UTC" in said
    assert "= 8:00:00" in said
    assert "Paused" in said
    with pytest.raises(CommandError, match="no ticket"):
        call_command("sla_explain", "WD-999999", stdout=StringIO())
