"""Clocks follow what is done to a ticket."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from helpdesk.actions import clocks, conversation, merging, properties, recounts, status
from helpdesk.actors import SYSTEM
from helpdesk.choices import ClockMark, CycleState, Metric, MoveName, Priority, ResolutionKind, WorkState
from helpdesk.models import PolicyRule, SLACycle, SLAStep, Ticket, TicketEvent
from tests.factories import NOW, CategoryFactory, QueueFactory, make_ticket
from tests.helpdesk.actions.desk import Desk
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TOLD = ("clock_warned", "clock_breached", "update_owed", "rung_reached", "breach_withdrawn")


class Clocked:
    """A desk with a promise, its ticket filed under it, and words for what happens when."""

    def __init__(self, desk: Desk, **rules: Any) -> None:
        self.desk = desk
        self.policy = make_policy(plain_rules(**rules))
        promise_all(self.policy)
        self.ticket = make_ticket(desk.requester, desk.queue)

    def answer(self, at: datetime) -> Ticket:
        return conversation.reply(ticket=self.ticket, body="We look.", by=self.desk.desk(), now=at)

    def ask_again(self, at: datetime) -> Ticket:
        return conversation.reply(ticket=self.ticket, body="And?", by=self.desk.me(), now=at)

    def move(self, move: MoveName, at: datetime, text: str = "Words.", kind: str = "") -> Ticket:
        by = self.desk.me() if move in {MoveName.REJECT, MoveName.CONFIRM} else self.desk.desk()
        return status.make_move(ticket=self.ticket, move=move, by=by, now=at, text=text, resolution_kind=kind)

    def solve(self, at: datetime) -> Ticket:
        return self.move(MoveName.RESOLVE, at, kind=ResolutionKind.FIXED)

    def cycle(self, metric: Metric, number: int = 1) -> SLACycle:
        return SLACycle.objects.get(ticket=self.ticket, metric=metric, number=number)

    def told(self) -> list[tuple[str, datetime]]:
        events = TicketEvent.objects.filter(ticket=self.ticket, kind__in=TOLD).order_by("seq")
        return list(events.values_list("kind", "effective_at"))

    def now(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)


@pytest.fixture
def c(d: Desk) -> Clocked:
    return Clocked(d)


def test_new_ticket_has_its_clocks_and_says_when_the_first_is_due(c: Clocked) -> None:
    running = {cycle.metric: cycle.due_at for cycle in SLACycle.objects.filter(ticket=c.ticket)}
    assert running == {
        Metric.FIRST_RESPONSE: NOW + HOUR,
        Metric.UPDATE: None,
        Metric.RESOLUTION: NOW + 8 * HOUR,
    }
    assert (c.now().sla_due_at, c.now().sla_mark) == (NOW + HOUR, ClockMark.RUNNING)


def test_ticket_without_a_policy_is_promised_nothing(d: Desk) -> None:
    assert (d.now().sla_due_at, d.now().sla_mark) == (None, ClockMark.NONE)
    assert clocks.sweep(now=NOW + 100 * HOUR, limit=10) == 0


def test_first_answer_stops_the_clock_and_is_judged_by_its_time(c: Clocked) -> None:
    c.answer(NOW + HOUR)
    first = c.cycle(Metric.FIRST_RESPONSE)
    assert (first.state, first.stopped_at) == (CycleState.MET, NOW + HOUR)
    assert c.now().sla_due_at == NOW + 8 * HOUR


def test_answer_that_comes_too_late_is_breached_as_of_when_it_was_due(c: Clocked) -> None:
    c.answer(NOW + 90 * MINUTE)
    first = c.cycle(Metric.FIRST_RESPONSE)
    assert (first.state, first.breached_at) == (CycleState.BREACHED, NOW + HOUR)
    assert c.told() == [("clock_warned", NOW + 45 * MINUTE), ("clock_breached", NOW + HOUR)]


def test_note_and_status_are_no_answer(c: Clocked) -> None:
    conversation.add_note(ticket=c.ticket, body="Hm.", by=c.desk.desk(), now=NOW + MINUTE)
    c.move(MoveName.START, NOW + MINUTE, text="")
    assert c.cycle(Metric.FIRST_RESPONSE).state == CycleState.RUNNING


def test_words_of_the_desk_itself_are_no_answer(c: Clocked) -> None:
    conversation.reply(ticket=c.ticket, body="We have got it.", by=SYSTEM, now=NOW + MINUTE)
    assert c.cycle(Metric.FIRST_RESPONSE).state == CycleState.RUNNING
    assert c.now().first_answer_at is None
    c.answer(NOW + 2 * MINUTE)
    assert c.cycle(Metric.FIRST_RESPONSE).state == CycleState.MET


def test_next_answer_is_waited_for_from_the_first_word_that_nobody_answered(c: Clocked) -> None:
    c.answer(NOW + 10 * MINUTE)
    c.ask_again(NOW + 20 * MINUTE)
    c.ask_again(NOW + 40 * MINUTE)
    following = c.cycle(Metric.NEXT_RESPONSE)
    assert (following.started_at, following.due_at) == (NOW + 20 * MINUTE, NOW + 140 * MINUTE)
    c.answer(NOW + HOUR)
    c.ask_again(NOW + 2 * HOUR)
    assert c.cycle(Metric.NEXT_RESPONSE).state == CycleState.MET
    assert c.cycle(Metric.NEXT_RESPONSE, 2).due_at == NOW + 4 * HOUR


def test_waiting_for_the_requester_does_not_count(c: Clocked) -> None:
    c.move(MoveName.ASK, NOW + 2 * HOUR)
    waiting = c.cycle(Metric.RESOLUTION)
    assert (waiting.state, waiting.due_at, waiting.left_seconds) == (CycleState.PAUSED, None, 6 * 3600)
    assert (c.now().sla_due_at, c.now().sla_mark) == (None, ClockMark.PAUSED)
    c.ask_again(NOW + 5 * HOUR)
    assert c.cycle(Metric.RESOLUTION).due_at == NOW + 11 * HOUR


def test_rejected_solution_starts_a_new_clock_and_keeps_the_verdict(c: Clocked) -> None:
    c.solve(NOW + 3 * HOUR)
    c.move(MoveName.REJECT, NOW + 5 * HOUR)
    first, second = c.cycle(Metric.RESOLUTION), c.cycle(Metric.RESOLUTION, 2)
    assert (first.state, first.stopped_at) == (CycleState.MET, NOW + 3 * HOUR)
    assert (second.state, second.due_at) == (CycleState.RUNNING, NOW + 13 * HOUR)
    assert c.cycle(Metric.NEXT_RESPONSE).due_at == NOW + 7 * HOUR


def test_reopened_ticket_has_a_deadline_again_and_wants_to_be_seen_again(c: Clocked) -> None:
    clocks.acknowledge(ticket=c.ticket, by=c.desk.desk(), now=NOW + HOUR)
    c.solve(NOW + 3 * HOUR)
    assert c.now().sla_mark == ClockMark.NONE
    c.ask_again(NOW + 4 * HOUR)
    assert c.cycle(Metric.RESOLUTION).state == CycleState.MET
    assert c.cycle(Metric.RESOLUTION, 2).due_at == NOW + 12 * HOUR
    assert c.cycle(Metric.NEXT_RESPONSE).due_at == NOW + 6 * HOUR
    assert c.now().acknowledged_at is None


def test_ticket_that_is_taken_apart_again_goes_by_what_is_promised_by_then(c: Clocked) -> None:
    target = make_ticket(c.desk.requester, c.desk.queue)
    merge = merging.merge(ticket=c.ticket, into=target, by=SYSTEM, now=NOW + 50 * MINUTE, knowing=True)
    make_policy(plain_rules(targets=targets(first_response=3)), policy=c.policy, since=NOW + HOUR)
    recounts.ask_for(("policyversion", None), NOW + HOUR)
    while recounts.recount_due(now=NOW + HOUR):
        pass
    merging.undo_merge(merge=merge, by=SYSTEM, now=NOW + 2 * HOUR)
    newest = c.policy.versions.latest("number").pk
    running = SLACycle.objects.filter(ticket=c.ticket, stopped_at__isnull=True)
    assert {cycle.policy_version_id for cycle in running} == {newest}
    assert c.cycle(Metric.FIRST_RESPONSE).due_at == NOW + 4 * HOUR + 10 * MINUTE
    # It came due before the merge, by what was promised then.
    assert c.told() == [("clock_warned", NOW + 45 * MINUTE)]


def test_merged_ticket_has_no_clock_and_gets_the_same_one_back(c: Clocked) -> None:
    target = make_ticket(c.desk.requester, c.desk.queue)
    merge = merging.merge(ticket=c.ticket, into=target, by=SYSTEM, now=NOW + HOUR / 2, knowing=True)
    assert c.now().sla_mark == ClockMark.NONE
    assert c.cycle(Metric.FIRST_RESPONSE).state == CycleState.VOID
    clocks.sweep(now=NOW + 10 * HOUR, limit=10)
    assert c.told() == []
    answered = SLACycle.objects.get(ticket=target, metric=Metric.FIRST_RESPONSE)
    assert answered.breached_at == NOW + HOUR
    merging.undo_merge(merge=merge, by=SYSTEM, now=NOW + 12 * HOUR)
    # The time in which it lay elsewhere does not count.
    assert c.cycle(Metric.FIRST_RESPONSE).due_at == NOW + 12 * HOUR + HOUR / 2
    assert c.cycle(Metric.RESOLUTION).due_at == NOW + 19 * HOUR + HOUR / 2


def test_another_queue_and_another_category_bind_the_clocks_anew(c: Clocked) -> None:
    other, topic = QueueFactory.create(teams=c.desk.teams), CategoryFactory.create(queue=c.desk.queue)
    PolicyRule.objects.update(position=9)
    slow = make_policy(plain_rules(targets=targets(first_response=5)))
    PolicyRule.objects.create(position=0, policy=slow, queue=other)
    PolicyRule.objects.create(position=1, policy=None, category=topic)
    properties.set_queue(ticket=c.ticket, to=other, by=c.desk.desk(), now=NOW + MINUTE)
    assert c.cycle(Metric.FIRST_RESPONSE).due_at == NOW + 5 * HOUR
    assert c.cycle(Metric.RESOLUTION).due_at is None
    properties.set_queue(ticket=c.ticket, to=c.desk.queue, by=c.desk.desk(), now=NOW + 2 * MINUTE)
    properties.set_category(ticket=c.ticket, to=topic, by=c.desk.desk(), now=NOW + 3 * MINUTE)
    assert (c.cycle(Metric.RESOLUTION).due_at, c.now().sla_mark) == (None, ClockMark.NONE)
    properties.set_category(ticket=c.ticket, to=None, by=c.desk.desk(), now=NOW + 4 * MINUTE)
    cycle = c.cycle(Metric.FIRST_RESPONSE)
    assert (cycle.due_at, cycle.binding) == (NOW + HOUR, 5)


def test_update_is_owed_again_after_every_public_word(d: Desk) -> None:
    c = Clocked(d, updates={WorkState.ACTIVE: dict.fromkeys((1, 2, 3, 4), HOUR / 2)})
    assert c.cycle(Metric.UPDATE).due_at == NOW + HOUR / 2
    c.answer(NOW + 10 * MINUTE)
    assert c.cycle(Metric.UPDATE).state == CycleState.MET
    assert c.cycle(Metric.UPDATE, 2).due_at == NOW + 40 * MINUTE
    clocks.sweep(now=NOW + HOUR, limit=10)
    assert c.told() == [("update_owed", NOW + 40 * MINUTE)]


def test_sweep_tells_each_step_once_with_when_it_was_due(c: Clocked) -> None:
    assert clocks.sweep(now=NOW + 50 * MINUTE, limit=10) == 1
    assert clocks.sweep(now=NOW + 51 * MINUTE, limit=10) == 0
    assert clocks.sweep(now=NOW + 70 * MINUTE, limit=10) == 1
    assert c.told() == [("clock_warned", NOW + 45 * MINUTE), ("clock_breached", NOW + HOUR)]
    assert c.now().sla_mark == ClockMark.BREACHED
    assert SLAStep.objects.count() == 2


def test_warning_changes_nothing_that_an_index_of_tickets_knows(c: Clocked) -> None:
    (before,) = Ticket.objects.filter(pk=c.ticket.pk).values()
    assert clocks.sweep(now=NOW + 50 * MINUTE, limit=10) == 1
    (after,) = Ticket.objects.filter(pk=c.ticket.pk).values()
    changed = {column for column in after if after[column] != before[column]}
    assert changed, "The warning is on the ticket."
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'helpdesk_ticket'")
        known = {word for (text,) in cursor.fetchall() for word in re.findall(r"\w+", text)}
    assert "sla_due_at" in known
    assert not changed & known


def test_after_an_outage_only_the_latest_is_news(c: Clocked) -> None:
    clocks.sweep(now=NOW + 3 * HOUR, limit=10)
    events = TicketEvent.objects.filter(ticket=c.ticket, kind__in=TOLD).order_by("seq")
    assert [(event.kind, event.data["latest"]) for event in events] == [
        ("clock_warned", False),
        ("clock_breached", True),
    ]


def test_higher_priority_counts_the_whole_ledger_anew(d: Desk) -> None:
    rules = targets(first_response=1, resolution=8)
    rules[Metric.RESOLUTION][Priority.P1] = 2 * HOUR
    c = Clocked(d, targets=rules)
    c.answer(NOW + 10 * MINUTE)
    properties.set_priority(ticket=c.ticket, to=Priority.P1, by=d.desk(), now=NOW + 3 * HOUR)
    cycle = c.cycle(Metric.RESOLUTION)
    assert (cycle.binding, cycle.due_at, cycle.breached_at) == (2, NOW + 2 * HOUR, NOW + 3 * HOUR)
    step = SLAStep.objects.get(cycle=cycle, binding=2, kind="breach")
    assert (step.due_at, step.effective_at) == (NOW + 2 * HOUR, NOW + 3 * HOUR)


def test_breach_that_a_lower_priority_undoes_is_withdrawn_and_stays_on_record(d: Desk) -> None:
    rules = targets(resolution=2)
    rules[Metric.RESOLUTION][Priority.P4] = 9 * HOUR
    c = Clocked(d, targets=rules)
    clocks.sweep(now=NOW + 3 * HOUR, limit=10)
    properties.set_priority(ticket=c.ticket, to=Priority.P4, by=d.desk(), now=NOW + 4 * HOUR)
    assert [kind for kind, _at in c.told()] == ["clock_warned", "clock_breached", "breach_withdrawn"]
    assert c.cycle(Metric.RESOLUTION).breached_at is None
    c.solve(NOW + 5 * HOUR)
    assert c.cycle(Metric.RESOLUTION).state == CycleState.MET
