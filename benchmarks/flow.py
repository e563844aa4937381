"""How fast tickets are filed, consumed, sent and listed: `.venv/bin/python -m benchmarks.flow`.

Runs on an embedded PostgreSQL of its own, which it removes at its end. `--rows N` sets how many tickets and sent
deliveries lie there already.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

os.environ |= {"WATCHDESK_ENGINES": "benchmark", "WATCHDESK_ENV": "test", "DJANGO_SETTINGS_MODULE": "config.settings"}

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import embedded


@contextmanager
def desk() -> Iterator[None]:
    """A fresh desk with the presets."""
    engines = embedded.current()
    # What an earlier run left when it was killed.
    engines.remove()
    engines.prepare()
    try:
        with engines.running():
            django.setup()
            call_command("migrate", verbosity=0)
            call_command("load_presets", verbosity=0)
            yield
            connection.close()
    finally:
        engines.remove()


def fill(rows: int) -> None:
    """Put tickets, events and sent deliveries there in bulk, as if the desk were years old."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO helpdesk_user (password, email, name, role, language, time_zone, is_active, created_at)
            SELECT '', 'bulk' || n || '@example.org', 'Bulk ' || n, 'requester', 'en', 'UTC', true, now()
            FROM generate_series(1, 1000) n;
            INSERT INTO helpdesk_ticket (subject, requester_id, queue_id, tier_id, priority, status, channel,
                resolution_kind, version, created_at, updated_at, status_since, resolved_at, closed_at)
            SELECT 'Bulk ' || n, (SELECT min(id) FROM helpdesk_user) + n %% 1000, q.id, t.id, 1 + n %% 4,
                CASE WHEN n %% 20 = 0 THEN 'open' ELSE 'closed' END, 'portal',
                CASE WHEN n %% 20 = 0 THEN '' ELSE 'fixed' END, 1, now() - n * interval '5 min',
                now() - n * interval '5 min', now(), CASE WHEN n %% 20 = 0 THEN NULL ELSE now() END,
                CASE WHEN n %% 20 = 0 THEN NULL ELSE now() END
            FROM generate_series(1, %s) n, (SELECT min(id) id FROM helpdesk_queue) q,
                (SELECT min(id) id FROM helpdesk_tier) t;
            INSERT INTO helpdesk_delivery (token, channel, kind, payload, dedupe_key, ordering_key, ordering_seq,
                urgency, created_at, not_before, attempts, last_error, possibly_repeated, sent_at, cancel_reason,
                provider_id)
            SELECT gen_random_uuid(), 'email', 'reply_added', '{}', 'bulk' || n, 'ticket:' || n, 1, 5, now(), now(), 1,
                '', false, now(), '', ''
            FROM generate_series(1, %s) n;
            """,
            [rows, rows],
        )
        cursor.execute("ANALYZE")


def timed(name: str, call: Callable[[], object], times: int) -> None:
    """Say the median and the slowest of some calls, in milliseconds."""
    spans = []
    for _n in range(times):
        began = time.perf_counter()
        call()
        spans.append((time.perf_counter() - began) * 1000)
    print(f"{name:<34} median {statistics.median(spans):7.1f} ms   slowest {max(spans):7.1f} ms")


def rate(name: str, call: Callable[[], int]) -> None:
    """Say how many rows a second a sweep takes."""
    began = time.perf_counter()
    count = call()
    print(f"{name:<34} {count / (time.perf_counter() - began):7.0f} a second")


def measure(tickets_to_file: int) -> None:
    """The measurements themselves."""
    from helpdesk import registry
    from helpdesk.actions import consumers, deliveries, tickets
    from helpdesk.actors import SYSTEM, Actor
    from helpdesk.choices import Channel
    from helpdesk.models import User
    from helpdesk.selectors import tickets as lists

    person = User.objects.order_by("pk")[0]
    me = Actor(person, Channel.PORTAL)

    def file() -> object:
        return tickets.create_ticket(subject="A measured one", body="Words.", by=me, now=timezone.now())

    timed("file a ticket", file, tickets_to_file)
    rate("consume events", lambda: consumers.consume_due(now=timezone.now(), limit=tickets_to_file))
    registry.senders.unregister("email")
    registry.senders.register(registry.Sender("email", lambda delivery: str(delivery.token)))
    rate("claim and settle deliveries", lambda: deliveries.send_due(now=timezone.now(), limit=tickets_to_file))
    timed("first page of all tickets", lambda: lists.page(lists.with_people(lists.visible_to(SYSTEM))), 50)
    timed("first page of my tickets", lambda: lists.page(lists.with_people(lists.visible_to(me))), 50)
    place = lists.page(lists.visible_to(SYSTEM).filter(pk__lte=1000)).older or ""
    timed("a page far down", lambda: lists.page(lists.with_people(lists.visible_to(SYSTEM)), before=place), 50)


def main() -> None:
    """Fill a desk and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with desk():
        fill(rows)
        print(f"{rows} tickets and as many sent deliveries lie there already.")
        measure(300)


if __name__ == "__main__":
    main()
