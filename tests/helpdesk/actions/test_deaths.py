"""Real processes killed at the worst moment, and a broker that is not there."""

import signal
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import deliveries
from helpdesk.actions.consumers import consume_due
from helpdesk.models import Delivery, DeskSettings, PendingEvent, Ticket
from helpdesk.registry import Consumer, Sender
from tests.factories import make_ticket
from tests.mailserver import MailServer, mail_server

__all__ = ["mail_server"]
pytestmark = pytest.mark.django_db(transaction=True)

# A worker that says when it is in the middle, and stays there until it is killed.
CONSUMER = """
import django
django.setup()
import sys
from django.utils import timezone
from helpdesk import registry
from helpdesk.actions.consumers import consume_due
from helpdesk.models import DeskSettings

def handle(event, now):
    DeskSettings.objects.create(pk=1, quiet_days=event.seq)
    print("in the middle", flush=True)
    sys.stdin.read()

registry.consumers.unregister("notify")
registry.consumers.register(registry.Consumer("notify", frozenset(), handle))
consume_due(now=timezone.now(), limit=10)
"""
SENDER = """
import django
django.setup()
import sys
from django.utils import timezone
from helpdesk import registry
from helpdesk.actions import deliveries
from helpdesk.adapters import email
from django.conf import settings

settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])

def send(delivery):
    email.send(delivery)
    print("in the middle", flush=True)
    sys.stdin.read()

registry.senders.unregister("email")
registry.senders.register(registry.Sender("email", send))
deliveries.send_due(now=timezone.now(), limit=10)
"""
FILER = """
import django
django.setup()
import time
from tests.factories import QueueFactory, UserFactory, make_ticket

me, queue = UserFactory.create(), QueueFactory.create()
began = time.monotonic()
for _ticket in range(10):
    make_ticket(me, queue)
print("took", time.monotonic() - began, flush=True)
"""


def kill_in_the_middle(script: str, environment: dict[str, str], *arguments: str) -> None:
    """Run the script until it says that it is in the middle, and kill it there."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        assert process.stderr is not None
        assert said == "in the middle\n", process.stderr.read()
    assert process.returncode == -signal.SIGKILL


def test_consumer_killed_between_effect_and_commit_leaves_the_event_to_the_next(
    process_environment: dict[str, str],
) -> None:
    make_ticket()
    kill_in_the_middle(CONSUMER, process_environment)
    assert not DeskSettings.objects.exists()
    assert PendingEvent.objects.count() == 1

    taken = []
    real = registry.consumers["notify"]
    registry.consumers.unregister("notify")
    registry.consumers.register(Consumer("notify", frozenset(), lambda event, _now: taken.append(event.seq)))
    try:
        consume_due(now=timezone.now(), limit=10)
        consume_due(now=timezone.now(), limit=10)
    finally:
        registry.consumers.unregister("notify")
        registry.consumers.register(real)
    assert taken == [1]


def test_sender_killed_after_the_server_took_the_mail_sends_it_again_marked_as_such(
    process_environment: dict[str, str], mail_server: MailServer, settings: object
) -> None:
    make_ticket()
    consume_due(now=timezone.now(), limit=10)
    kill_in_the_middle(SENDER, process_environment, str(settings.EMAIL_PORT))  # type: ignore[attr-defined]
    assert deliveries.send_due(now=timezone.now(), limit=10) == 0, "its lease is still in force"

    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert deliveries.send_due(now=timezone.now(), limit=10) == 1
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.possibly_repeated, delivery.attempts) == ("sent", True, 2)


@pytest.mark.parametrize("answers", ["refuses", "hangs"])
def test_dead_broker_costs_no_ticket_and_little_time(process_environment: dict[str, str], answers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        if answers == "refuses":
            deaf.close()
        environment = {**process_environment, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        done = subprocess.run(
            [sys.executable, "-c", FILER], env=environment, capture_output=True, text=True, timeout=60, check=True
        )
    assert "kick_failed" in done.stdout + done.stderr
    assert Ticket.objects.count() == 10
    assert PendingEvent.objects.count() == 10, "the sweep will find them"
    seconds = float(done.stdout.rpartition("took ")[2])
    assert seconds < 10 * 0.5, "only the first one waited for the broker"


def test_mail_is_never_sent_inside_the_action() -> None:
    sent = []
    real = registry.senders["email"]
    registry.senders.unregister("email")
    registry.senders.register(Sender("email", lambda delivery: sent.append(delivery) or "id"))
    try:
        make_ticket()
        assert sent == []
        consume_due(now=timezone.now(), limit=10)
        assert sent == []
        deliveries.send_due(now=timezone.now(), limit=10)
        assert len(sent) == 1
    finally:
        registry.senders.unregister("email")
        registry.senders.register(real)
