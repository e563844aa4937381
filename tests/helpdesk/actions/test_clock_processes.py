"""Clocks under real workers and beats that are killed, two of each, with a broker that goes and comes back."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from config.embedded import files
from config.embedded.files import BASE_DIR
from helpdesk.choices import Deed, Reached, Role
from helpdesk.domain.sla_rules import Act
from helpdesk.models import InboxEntry, PendingEvent, SLAStep, Ticket, TicketEvent
from tests.config.checkout import free_port
from tests.factories import UserFactory, make_ticket
from tests.helpdesk.actions.desk import Desk
from tests.processes import Running, running, wait_until
from tests.promises import HOUR, make_policy, plain_rules, promise_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
NOTIFY = (Act(Deed.NOTIFY, Reached.MANAGERS),)
TOLD = ("clock_warned", "clock_breached")
LATE, COMING = 10, 60


@contextmanager
def broker(port: int, folder: Path) -> Iterator[Running]:
    """A Valkey that keeps nothing on the disk."""
    command = [files.valkey_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    with running(command, folder / "broker.log", folder=folder) as process:
        process.wait_for_words("Ready to accept connections")
        yield process


def kill(one: Running) -> None:
    """End it and all its children at once, as if the machine had lost its power."""
    os.killpg(one.process.pid, signal.SIGKILL)
    one.process.wait()


def breached() -> int:
    return TicketEvent.objects.filter(kind="clock_breached").count()


def test_two_workers_and_two_beats_tell_each_step_once_whatever_dies(
    d: Desk, process_environment: dict[str, str], tmp_path: Path
) -> None:
    boss = UserFactory.create(role=Role.MANAGER)
    promise_all(make_policy(plain_rules(warned=NOTIFY, breached=NOTIFY)))
    # Two hours without anybody who looked: these were due long ago.
    late = [make_ticket(d.requester, d.queue, now=timezone.now() - 3 * HOUR) for _ticket in range(LATE)]
    # These come due one after another while everything dies.
    for number in range(COMING):
        make_ticket(d.requester, d.queue, now=timezone.now() - HOUR + timedelta(seconds=15 + number / 2))
    port = free_port()
    environment = {**process_environment, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "--queues", "clock", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--pidfile="]
    with ExitStack() as stack:

        def start(name: str, command: list[str]) -> Running:
            return stack.enter_context(
                running(command, tmp_path / f"{name}.log", folder=BASE_DIR, environment=environment)
            )

        first_broker = stack.enter_context(broker(port, tmp_path))
        workers = [start(f"worker{number}", worker) for number in range(2)]
        beats = [start(f"beat{number}", beat) for number in range(2)]
        wait_until(lambda: breached() >= LATE, f"the first breaches: {workers[0].said}", seconds=60)
        kill(workers[0])
        kill(beats[0])
        kill(first_broker)
        before = breached()
        stack.enter_context(broker(port, tmp_path))
        wait_until(lambda: breached() > before, f"breaches after the restart: {workers[1].said}", seconds=90)
        wait_until(lambda: breached() >= LATE + COMING, "all breaches", seconds=90)
        wait_until(lambda: not PendingEvent.objects.exists(), "all effects", seconds=60)
    told = Counter(TicketEvent.objects.filter(kind__in=TOLD).values_list("kind", "ticket"))
    assert set(told.values()) == {1}
    assert len(told) == 2 * (LATE + COMING) == SLAStep.objects.count()
    for event in TicketEvent.objects.filter(kind="clock_breached").select_related("ticket"):
        assert event.effective_at == event.ticket.created_at + HOUR
    news = Counter(InboxEntry.objects.filter(user=boss, event__kind__in=TOLD).values_list("event__kind", "ticket"))
    assert set(news.values()) == {1}
    assert {ticket for kind, ticket in news if kind == "clock_breached"} == set(
        Ticket.objects.exclude(pk=d.ticket.pk).values_list("pk", flat=True)
    )
    # Of what came due together only the latest is news.
    assert not {ticket.pk for ticket in late} & {ticket for kind, ticket in news if kind == "clock_warned"}
