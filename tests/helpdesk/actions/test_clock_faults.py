"""Clocks under bad conditions: many sweeps at once, a sweep that is killed, hours without any."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import clocks, conversation, properties, recounts
from helpdesk.actions.tickets import start_ticket
from helpdesk.choices import Metric
from helpdesk.models import PendingEvent, Recount, SLACycle, SLAStep, Ticket, TicketEvent
from tests.factories import NOW, make_ticket
from tests.helpdesk.actions.desk import Desk
from tests.helpdesk.actions.test_deaths import kill_in_the_middle
from tests.processes import wait_until
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = ("clock_warned", "clock_breached")

# A worker that has written what came due, and is killed before it can commit.
SWEEPER = """
import django
django.setup()
import sys
from datetime import datetime
from helpdesk.actions import clocks

write = clocks.write_back
def stop(rows, fields):
    write(rows, fields)
    print("in the middle", flush=True)
    sys.stdin.read()

clocks.write_back = stop
clocks.sweep(now=datetime.fromisoformat(sys.argv[1]), limit=10)
"""


def told() -> Counter[str]:
    return Counter(TicketEvent.objects.filter(kind__in=TOLD).values_list("kind", flat=True))


@pytest.mark.parametrize("rounds", [3, pytest.param(300, marks=pytest.mark.long)])
def test_many_sweeps_at_once_tell_each_step_once(d: Desk, rounds: int) -> None:
    promise_all(make_policy())
    for number in range(1, rounds + 1):
        for _ticket in range(4):
            make_ticket(d.requester, d.queue)
        later = NOW + 2 * HOUR
        results = together(*(partial(clocks.sweep, now=later, limit=100) for _sweep in range(4)))
        assert not [one for one in results if isinstance(one, Exception)]
        # What one of them left because another held it, the next one takes.
        clocks.sweep(now=later, limit=100)
        assert told() == {"clock_warned": 4 * number, "clock_breached": 4 * number}
    assert SLAStep.objects.count() == 8 * rounds


def test_sweep_that_is_killed_before_its_commit_leaves_all_to_the_next(
    d: Desk, process_environment: dict[str, str]
) -> None:
    promise_all(make_policy())
    ticket = make_ticket(d.requester, d.queue)
    pending = PendingEvent.objects.count()
    later = NOW + 50 * timedelta(minutes=1)
    kill_in_the_middle(SWEEPER, process_environment, later.isoformat())
    assert told() == {}
    assert PendingEvent.objects.count() == pending
    clocks.sweep(now=later + HOUR, limit=10)
    assert told() == {"clock_warned": 1, "clock_breached": 1}
    warned = TicketEvent.objects.get(ticket=ticket, kind="clock_warned")
    assert warned.effective_at == NOW + 45 * timedelta(minutes=1)
    assert PendingEvent.objects.filter(consumer="ladder").count() == 2


def test_answer_and_breach_at_the_same_moment_agree(d: Desk) -> None:
    promise_all(make_policy())
    ticket = make_ticket(d.requester, d.queue)
    at = NOW + HOUR
    answer = partial(conversation.reply, ticket=ticket, body="We look.", by=d.desk(), now=at)
    results = together(answer, partial(clocks.sweep, now=at + timedelta(seconds=1), limit=10))
    assert not [one for one in results if isinstance(one, Exception)]
    cycle = SLACycle.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE)
    assert (cycle.state, cycle.breached_at) == ("met", None)
    breaches = TicketEvent.objects.filter(ticket=ticket, kind="clock_breached").count()
    assert TicketEvent.objects.filter(ticket=ticket, kind="breach_withdrawn").count() == breaches


def test_quiet_minute_writes_nothing(d: Desk) -> None:
    promise_all(make_policy())
    make_ticket(d.requester, d.queue)
    with CaptureQueriesContext(connection) as captured:
        clocks.sweep(now=NOW + timedelta(minutes=1), limit=10)
        recounts.recount_due(now=NOW + timedelta(minutes=1))
    assert [query["sql"].split()[0] for query in captured] == ["SELECT", "SELECT"]


def test_sweep_asks_as_often_for_one_as_for_many(d: Desk) -> None:
    promise_all(make_policy())
    counts = []
    for tickets in (1, 5):
        for _ticket in range(tickets):
            make_ticket(d.requester, d.queue)
        with CaptureQueriesContext(connection) as captured:
            clocks.sweep(now=NOW + 2 * HOUR, limit=100)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("is_swept_before", [False, True])
def test_changed_policy_binds_open_tickets_in_batches_and_once(d: Desk, is_swept_before: bool) -> None:
    policy = make_policy()
    promise_all(policy)
    open_tickets = [make_ticket(d.requester, d.queue) for _ticket in range(5)]
    make_policy(plain_rules(targets=targets(first_response=1, resolution=2)), policy=policy, since=NOW + 3 * HOUR)
    recounts.ask_for(("policyversion", None), NOW + 3 * HOUR)
    later = NOW + 4 * HOUR
    if is_swept_before:
        clocks.sweep(now=later, limit=100)
    recount_all(later, limit=2)
    cycles = SLACycle.objects.filter(ticket__in=open_tickets, metric=Metric.RESOLUTION)
    assert {(cycle.binding, cycle.due_at, cycle.breached_at) for cycle in cycles} == {
        (2, NOW + 2 * HOUR, NOW + 3 * HOUR)
    }
    recount = Recount.objects.get()
    # The one of the scene was promised nothing before.
    assert (recount.changed, recount.done_at) == (6, later)
    assert set(Ticket.objects.filter(pk__in=[one.pk for one in open_tickets]).values_list("sla_mark", flat=True)) == {
        "breached"
    }
    for ticket in open_tickets:
        # The first answer was late by what was promised until then.
        assert list(told_of(ticket)) == [
            ("first_response", "clock_warned", 1, NOW + 0.75 * HOUR),
            ("first_response", "clock_breached", 1, NOW + HOUR),
            ("resolution", "clock_warned", 2, NOW + 3 * HOUR),
            ("resolution", "clock_breached", 2, NOW + 3 * HOUR),
        ]


def recount_all(now: datetime, *, limit: int = 100) -> None:
    """Let the clocks follow until nothing waits any more: others on the same server may be writing something."""

    def is_done() -> bool:
        while recounts.recount_due(now=now, limit=limit):
            pass
        return not Recount.objects.filter(done_at__isnull=True, valid_from__lte=now).exists()

    wait_until(is_done, "the clocks have followed", seconds=120)


def told_of(ticket: Ticket) -> Iterator[tuple[str, str, int, datetime]]:
    """What the clocks of a ticket told, by which binding, and as of when."""
    for event in TicketEvent.objects.filter(ticket=ticket, kind__in=(*TOLD, "breach_withdrawn")).order_by("seq"):
        yield event.data["metric"], event.kind, event.data["binding"], event.effective_at


def test_recount_tells_of_many_with_as_few_questions_as_of_one(d: Desk) -> None:
    policy, counts = make_policy(), []
    promise_all(policy)
    for number, tickets in enumerate((1, 1, 4), start=1):
        for _ticket in range(tickets):
            make_ticket(d.requester, d.queue, now=NOW + number * 5 * HOUR)
        at = NOW + number * 5 * HOUR + 2 * HOUR
        make_policy(plain_rules(targets=targets(first_response=1, resolution=2 + number)), policy=policy, since=at)
        recounts.ask_for(("policyversion", None), at)
        with CaptureQueriesContext(connection) as captured:
            recounts.recount_due(now=at + HOUR)
        counts.append(len(captured))
        recount_all(at + HOUR)
    # The first one reads the old version too, which the process then knows.
    assert counts[1] == counts[2]


def test_breach_before_a_laxer_promise_is_told_and_withdrawn(d: Desk) -> None:
    policy = make_policy(plain_rules(targets=targets(resolution=1), warn_at=()))
    promise_all(policy)
    ticket = make_ticket(d.requester, d.queue)
    since = NOW + HOUR + timedelta(seconds=5)
    make_policy(plain_rules(targets=targets(resolution=4), warn_at=()), policy=policy, since=since)
    recounts.ask_for(("policyversion", None), since)
    recounts.recount_due(now=since)
    clocks.sweep(now=since, limit=10)
    assert list(told_of(ticket)) == [
        ("resolution", "clock_breached", 1, NOW + HOUR),
        ("resolution", "breach_withdrawn", 2, since),
    ]
    cycle = SLACycle.objects.get(ticket=ticket, metric=Metric.RESOLUTION)
    assert (cycle.due_at, cycle.breached_at) == (NOW + 4 * HOUR, None)


def test_two_changes_at_once_bind_no_clock_backwards(d: Desk) -> None:
    policy = make_policy(plain_rules(targets=targets(resolution=8)))
    promise_all(policy)
    early, moved = make_ticket(d.requester, d.queue), make_ticket(d.requester, d.queue)
    for minutes, hours in ((60, 0.5), (61, 6)):
        since = NOW + timedelta(minutes=minutes)
        make_policy(plain_rules(targets=targets(resolution=hours)), policy=policy, since=since)
        recounts.ask_for(("policyversion", None), since)
    at = NOW + timedelta(minutes=62)
    properties.set_priority(ticket=moved, to=1, by=d.desk(), now=at)
    late = make_ticket(d.requester, d.queue, now=at)
    # What is waited for here is promised as what runs beside it, which has followed no change yet.
    conversation.reply(ticket=early, body="We look.", by=d.desk(), now=at)
    conversation.reply(ticket=early, body="And?", by=d.me(), now=at)
    while recounts.recount_due(now=NOW + 2 * HOUR):
        pass
    newest = policy.versions.latest("number").pk
    for ticket, count in ((early, 3), (moved, 2), (late, 1)):
        for cycle in SLACycle.objects.filter(ticket=ticket, stopped_at__isnull=True):
            assert cycle.policy_version_id == newest
            bound = [datetime.fromisoformat(row["at"]) for row in cycle.bindings]
            assert bound == sorted(bound)
        assert SLACycle.objects.get(ticket=ticket, metric=Metric.RESOLUTION).binding == count
    assert not list(told_of(moved))
    assert not list(told_of(late))


def test_people_answer_while_clocks_are_counted_anew(d: Desk) -> None:
    policy = make_policy()
    promise_all(policy)
    answered, left = make_ticket(d.requester, d.queue), make_ticket(d.requester, d.queue)
    make_policy(plain_rules(targets=targets(first_response=1, resolution=2)), policy=policy, since=NOW + HOUR / 2)
    recounts.ask_for(("policyversion", None), NOW + HOUR / 2)
    at = NOW + HOUR / 2
    answer = partial(conversation.reply, ticket=answered, body="We look.", by=d.desk(), now=at)
    results = together(partial(recounts.recount_due, now=at), answer, partial(recounts.recount_due, now=at))
    assert not [one for one in results if isinstance(one, Exception)]
    while recounts.recount_due(now=at):
        pass
    cycles = SLACycle.objects.filter(ticket__in=(answered, left), metric=Metric.RESOLUTION)
    assert {(cycle.binding, cycle.due_at) for cycle in cycles} == {(2, NOW + 2 * HOUR)}
    assert SLACycle.objects.get(ticket=answered, metric=Metric.FIRST_RESPONSE).state == "met"


def test_ticket_that_is_being_filed_as_a_version_comes_into_force_follows_it(d: Desk) -> None:
    policy = make_policy()
    promise_all(policy)
    filed, may_commit = threading.Event(), threading.Event()
    by = d.me()

    def file() -> Ticket:
        with transaction.atomic():
            ticket = start_ticket(
                subject="Fire", body="It burns.", by=by, now=NOW, queue=d.queue, requester=d.requester
            )
            filed.set()
            assert may_commit.wait(60)
            return ticket

    def change() -> None:
        assert filed.wait(60)
        try:
            put_into_force()
        finally:
            may_commit.set()

    def put_into_force() -> None:
        at = NOW + timedelta(seconds=1)
        make_policy(plain_rules(targets=targets(resolution=2)), policy=policy, since=at)
        recounts.ask_for(("policyversion", None), at)
        recounts.ask_for(("policyversion", None), at + HOUR / 60)
        while recounts.recount_due(now=at + HOUR):
            pass
        # Neither waits for the other, and nobody hangs.
        assert set(Recount.objects.values_list("done_at", "through")) == {(None, 0)}
        assert Recount.objects.filter(settles_at__gt=0).count() == 2

    results = together(file, change)
    assert not [one for one in results if isinstance(one, Exception)], results
    recount_all(NOW + 2 * HOUR)
    cycle = SLACycle.objects.get(ticket=results[0], metric=Metric.RESOLUTION)
    assert (cycle.policy_version, cycle.due_at) == (policy.versions.latest("number"), NOW + 2 * HOUR)
