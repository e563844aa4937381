"""How many events and deliveries one worker process takes in a second."""

import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import consumers, deliveries


def rates(count: int) -> Iterator[tuple[str, float]]:
    """What is taken, and how many of it in a second, beside as many sent deliveries as a desk of years has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO helpdesk_delivery (token, channel, kind, payload, dedupe_key, ordering_key, ordering_seq,
                urgency, created_at, not_before, attempts, last_error, possibly_repeated, sent_at, cancel_reason,
                provider_id)
            SELECT gen_random_uuid(), 'email', 'reply_added', '{}', 'bulk' || n, 'ticket:' || n, 1, 5, now(), now(), 1,
                '', false, now(), '', ''
            FROM generate_series(1, 100000) n
            """
        )
        cursor.execute("ANALYZE helpdesk_delivery")
    yield "events taken", _rate(lambda: consumers.consume_due(now=timezone.now(), limit=count))
    sender = registry.senders["email"]
    registry.senders.unregister("email")
    registry.senders.register(registry.Sender("email", lambda delivery: str(delivery.token)))
    yield "deliveries claimed and settled", _rate(lambda: deliveries.send_due(now=timezone.now(), limit=count))
    registry.senders.unregister("email")
    registry.senders.register(sender)


def _rate(call: Callable[[], int]) -> float:
    began = time.perf_counter()
    count = call()
    return count / (time.perf_counter() - began)
