"""How many events and deliveries one worker process takes in a second."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import consumers, conversation, deliveries
from helpdesk.actions._base import without_kicks
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Status
from helpdesk.models import Delivery, PendingEvent, Ticket

NAME: Final = "workers"
_EVENTS: Final = 600
_EVENT_GOAL, _DELIVERY_GOAL = 300, 150


def table() -> Iterator[str]:
    """The rows, beside as many sent deliveries as a desk of years has."""
    yield "| what | a second | goal | CPU of Python, each |"
    yield "|---|---:|---:|---:|"
    _send_many()
    PendingEvent.objects.all().delete()
    Delivery.objects.filter(sent_at=None).delete()
    with without_kicks():
        _talk()
        yield _rate(
            "events taken, of which somebody is told",
            lambda: consumers.consume_due(now=timezone.now(), limit=_EVENTS),
            _EVENT_GOAL,
        )
        sender = registry.senders["email"]
        registry.senders.unregister("email")
        registry.senders.register(registry.Sender("email", lambda delivery: str(delivery.token)))
        yield _rate(
            "deliveries claimed and settled",
            lambda: deliveries.send_due(now=timezone.now(), limit=_EVENTS),
            _DELIVERY_GOAL,
        )
        registry.senders.unregister("email")
        registry.senders.register(sender)


def _send_many() -> None:
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


def _talk() -> None:
    """Who asked says something about as many tickets as events are measured; who has the ticket is told."""
    talked = Ticket.objects.filter(status=Status.OPEN, assignee__isnull=False).select_related("requester")
    for ticket in talked.order_by("-pk")[:_EVENTS]:
        conversation.reply(ticket=ticket, body="Words.", by=Actor(ticket.requester, Channel.PORTAL), now=timezone.now())


def _rate(name: str, call: Callable[[], int], goal: int) -> str:
    began, used = time.perf_counter(), time.process_time()
    count = call()
    took, used = time.perf_counter() - began, time.process_time() - used
    return f"| {name} | {count / took:,.0f} | {goal} | {used / count * 1000:.1f} ms |"
