"""The sweeps: each takes what is due, and may run twice, at once, or hours late."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from helpdesk.actions import consumers, deliveries, files, housekeeping, status

# A run ends after so many rows; the next sweep goes on, and others get their turn.
BATCH: Final = 200


@shared_task(name="helpdesk.tasks.consume_events", queue="clock")
def consume_events() -> int:
    """Let the consumers take the events that wait for them."""
    return consumers.consume_due(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.send_deliveries", queue="send")
def send_deliveries() -> int:
    """Send what is due to leave."""
    return deliveries.send_due(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.close_quiet_tickets", queue="clock")
def close_quiet_tickets() -> int:
    """Close resolved tickets whose quiet days are over."""
    return status.close_quiet(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.sweep_files", queue="bulk")
def sweep_files() -> int:
    """Take away files that nothing points to."""
    return files.sweep(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.forget_submissions", queue="bulk")
def forget_submissions() -> int:
    """Forget the keys of old requests."""
    return housekeeping.forget_submissions(now=timezone.now(), limit=BATCH * 10)
