"""The sweeps: each takes what is due, and may run twice, at once, or hours late."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from celery import shared_task
from django.utils import timezone

from helpdesk.actions import (
    clocks,
    consumers,
    deliveries,
    exports,
    figures,
    files,
    guests,
    housekeeping,
    inbox,
    notices,
    previews,
    recounts,
    sessions,
    status,
    thumbnails,
    webhooks,
)
from helpdesk.domain.pace import Pace

# A run ends after so many rows or seconds; the next sweep goes on, and others get their turn.
BATCH: Final = 200
SECONDS: Final = 30
# These cost so little each that a run takes more of them.
EVENTS: Final = 2000
# So many tickets a sweep or a recount of clocks holds at once, at most.
TICKETS: Final = 400


def _one_by_one(take: Callable[[datetime], int]) -> int:
    """Take rows, each at its own time, while there are any and the run is not over. Returns how many."""
    ends = time.monotonic() + SECONDS
    for count in range(BATCH):
        if time.monotonic() > ends or not take(timezone.now()):
            return count
    return BATCH


def at_pace(take: Callable[[int], int]) -> int:
    """Take rows, each time as many as may be held, while there are any and the run is not over. Returns how many."""
    pace, count, now = Pace(TICKETS), 0, time.monotonic()
    ends = now + SECONDS
    while now < ends and (taken := take(pace.size)):
        before, now = now, time.monotonic()
        pace.after(now - before)
        count += taken
    return count


@shared_task(name="helpdesk.tasks.consume_events", queue="clock")
def consume_events() -> int:
    """Let the consumers take the events that wait for them, some in each transaction."""
    ends, count = time.monotonic() + SECONDS, 0
    while count < EVENTS and time.monotonic() < ends and (taken := consumers.consume_due(now=timezone.now(), limit=50)):
        count += taken
    return count


@shared_task(name="helpdesk.tasks.tell_requesters", queue="bulk")
def tell_requesters() -> int:
    """Write to the tickets whose requesters shall be told of a problem."""
    return _one_by_one(lambda now: notices.tell_due(now=now, limit=1))


@shared_task(name="helpdesk.tasks.send_deliveries", queue="send")
def send_deliveries() -> int:
    """Send what is due to leave."""
    with deliveries.sessions(), deliveries.run() as send_next:
        return _one_by_one(send_next)


@shared_task(name="helpdesk.tasks.close_quiet_tickets", queue="clock")
def close_quiet_tickets() -> int:
    """Close resolved tickets whose quiet days are over."""
    return status.close_quiet(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.sweep_clocks", queue="clock")
def sweep_clocks() -> int:
    """Put on record what has come due on clocks."""
    return at_pace(lambda size: clocks.sweep(now=timezone.now(), limit=size))


@shared_task(name="helpdesk.tasks.recount_clocks", queue="bulk")
def recount_clocks() -> int:
    """Let the clocks of open tickets follow what is promised."""
    return at_pace(lambda size: recounts.recount_due(now=timezone.now(), limit=size))


@shared_task(name="helpdesk.tasks.make_previews", queue="bulk")
def make_previews() -> int:
    """Count what drafts would do to many open tickets."""
    return _one_by_one(lambda now: previews.count_due(now=now))


@shared_task(name="helpdesk.tasks.sweep_files", queue="bulk")
def sweep_files() -> int:
    """Take away files that nothing points to."""
    return files.sweep(now=timezone.now(), limit=BATCH * 10)


@shared_task(name="helpdesk.tasks.forget_submissions", queue="bulk")
def forget_submissions() -> int:
    """Forget the keys of old requests, drafts nobody went on with, figures and calls of webhooks of long ago, sessions
    that are over, reports of no guest, and what stood in inboxes for long.
    """
    now, limit = timezone.now(), BATCH * 10
    takes = (
        housekeeping.forget_submissions,
        housekeeping.forget_drafts,
        figures.forget_figures,
        webhooks.forget_tries,
        sessions.forget_ended,
        guests.forget,
        inbox.forget,
    )
    return sum(take(now=now, limit=limit) for take in takes)


@shared_task(name="helpdesk.tasks.make_exports", queue="bulk")
def make_exports() -> int:
    """Make the files that somebody waits for."""
    return _one_by_one(lambda now: exports.make_due(now=now, limit=1))


@shared_task(name="helpdesk.tasks.expire_exports", queue="bulk")
def expire_exports() -> int:
    """Take files away whose days are over."""
    return exports.expire(now=timezone.now(), limit=BATCH)


@shared_task(name="helpdesk.tasks.make_thumbnails", queue="bulk")
def make_thumbnails() -> int:
    """Make the small pictures that wait."""
    return _one_by_one(lambda now: thumbnails.make_due(now=now, limit=1))


@shared_task(name="helpdesk.tasks.find_pictures", queue="bulk")
def find_pictures() -> int:
    """Put the pictures in line that came before there were thumbnails."""
    return thumbnails.note_missed(limit=BATCH)
