"""One ticket from a browser to solved, with a real web server, worker, beat and mail server."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser

from config.demo.supervisor import WEB_OPTIONS, WORKER_OPTIONS
from config.demo_world import setting
from config.embedded.files import BASE_DIR
from helpdesk.actions.housekeeping import without_kicks
from helpdesk.models import Delivery, PendingEvent, Ticket, TicketEvent
from tests.config.checkout import free_port
from tests.journeys import one_ticket
from tests.mailserver import MailServer, mail_server
from tests.processes import answers, running, wait_until

__all__ = ["mail_server"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = [
    "ticket_created", "assigned", "status_changed", "reply_added", "status_changed", "reply_added", "status_changed",
    "escalated", "assigned", "assigned", "escalated", "assigned", "assigned",
    "resolved", "rejected", "resolved", "confirmed",
]  # fmt: skip


@pytest.fixture
def product(
    process_environment: dict[str, str], mail_server: MailServer, settings: object, tmp_path: Path
) -> Iterator[str]:
    """The product as people run it, for the demo's people: web server, worker and beat. Its address."""
    call_command("load_presets", verbosity=0)
    # The people of the demo without their tickets, which `.ci/run` has all of.
    long_ago = timezone.now() - timedelta(days=30)
    with without_kicks():
        setting.leave_in_peace(setting.build(long_ago), long_ago)
    Delivery.objects.all().delete()
    PendingEvent.objects.all().delete()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **process_environment,
        "BASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",  # type: ignore[attr-defined]
        "MEDIA_ROOT": str(tmp_path / "files"),
    }
    # They end with this process too, should it be killed.
    tethered = [sys.executable, "-m", "config.tether", sys.executable, "-m"]
    celery = ["celery", "-A", "config.celery"]
    programs = {
        "web": ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *WEB_OPTIONS.split()],
        "worker": [*celery, "worker", "--loglevel", "INFO", *WORKER_OPTIONS.split()],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
    }
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(
                running(
                    [*tethered, *command],
                    tmp_path / f"{name}.log",
                    folder=BASE_DIR,
                    environment=environment,
                )
            )
            for name, command in programs.items()
        }
        # At the end they are told one after another to end, and then waited for.
        for program in started.values():
            stack.callback(program.process.send_signal, signal.SIGINT)
        wait_until(lambda: answers(f"{url}/readyz"), f"the product: {started['web'].said}", seconds=60)
        yield url


def _told(server: MailServer, address: str) -> list[str]:
    """What each mail to an address says happened."""
    return [mail.get_body(("plain",)).get_content().splitlines()[2] for mail in server.to(address)]  # type: ignore[union-attr]


# The wide one is also played on the demo, by `.ci/run`.
@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.long), 390])
def test_one_ticket_goes_from_a_browser_to_solved(
    chromium: Browser, product: str, mail_server: MailServer, width: int
) -> None:
    story = one_ticket.Story(chromium, product, width)
    one_ticket.play(story)
    ticket = Ticket.objects.get(number=story.ref.removeprefix("WD-"))
    assert (ticket.status, ticket.tier.level, ticket.resolution_kind) == ("closed", 3, "fixed")
    events = TicketEvent.objects.filter(ticket=ticket).order_by("seq")
    assert list(events.values_list("seq", "kind")) == list(enumerate(KINDS, start=1))
    expected = sum(len(mails) for mails in one_ticket.MAILED.values())
    wait_until(lambda: len(mail_server.mails) >= expected, f"{expected} mails")
    wait_until(lambda: not Delivery.objects.filter(sent_at=None).exists(), "all deliveries to be settled")
    assert {address: _told(mail_server, address) for address in one_ticket.MAILED} == one_ticket.MAILED
    assert len(mail_server.mails) == expected
    assert not PendingEvent.objects.exists()
