"""The consumer that queues what happened to tickets for the webhooks that want to hear of it.

A trigger puts events on its list, of the kinds that an active webhook wants: where there is none, none of it costs
anything (see migration `webhooks`). What is told is written when it leaves, by what its owner may read then.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from helpdesk.actions.deliveries import enqueue_all
from helpdesk.actions.webhooks import TEST_KIND
from helpdesk.actors import Actor
from helpdesk.choices import Channel, DeliveryChannel, Urgency
from helpdesk.models import Delivery, Ticket, TicketEvent, Webhook
from helpdesk.permissions import Right, may
from helpdesk.registry import Consumer, DeliveryKind

EVENT_KIND: Final = "webhook_event"


def queue_one(event: TicketEvent, now: datetime) -> None:
    """Queue an event for each webhook that wants it."""
    queue_all([event], now)


def queue_all(events: Sequence[TicketEvent], now: datetime) -> None:
    """The same for several events."""
    hooks = [(hook, owner_of(hook)) for hook in Webhook.objects.filter(is_active=True).select_related("owner")]
    enqueue_all([row for event in events for row in _rows(event, hooks, now)])


def _rows(event: TicketEvent, hooks: Sequence[tuple[Webhook, Actor]], now: datetime) -> Iterator[Delivery]:
    ticket = event.ticket
    for hook, owner in hooks:
        if not _is_told(hook, owner, event, ticket):
            continue
        yield Delivery(
            channel=DeliveryChannel.WEBHOOK,
            kind=EVENT_KIND,
            ticket=ticket,
            event=event,
            webhook=hook,
            dedupe_key=f"{event.pk}:hook:{hook.pk}",
            ordering_key=f"hook:{hook.pk}:{ticket.pk}" if hook.is_ordered else "",
            ordering_seq=event.seq,
            # Whoever waits for a mail does not wait behind another system.
            urgency=Urgency.BULK,
            created_at=now,
            not_before=now,
        )


def _is_told(hook: Webhook, owner: Actor, event: TicketEvent, ticket: Ticket) -> bool:
    """Whether the webhook wants the event, its ticket being as it is, and its owner may read it."""
    if hook.kinds and event.kind not in hook.kinds:
        return False
    is_about = hook.filter.takes(ticket.queue_id, ticket.priority, ticket.category_id, ticket.organization_id)
    return is_about and may(owner, Right.READ_NOTES, ticket)


def owner_of(hook: Webhook) -> Actor:
    """Who answers for the webhook, with all that they may do."""
    return Actor(hook.owner, Channel.API)


def reader_of(hook: Webhook) -> Actor:
    """The same within what the webhook is narrowed to: who hears of one queue learns of no ticket of another."""
    return Actor(hook.owner, Channel.API, queue_ids=frozenset(hook.queue_ids) or None)


def is_still_wanted(delivery: Delivery) -> bool:
    """An event leaves while the webhook is on and would want it: the ticket is told as it is then, wherever it went."""
    hook, event, ticket = _hook_of(delivery), delivery.event, delivery.ticket
    if hook is None or not hook.is_active or event is None or ticket is None:
        return False
    return _is_told(hook, owner_of(hook), event, ticket)


def put_off(delivery: Delivery, now: datetime) -> datetime | None:
    """Until when nothing is sent, since so much failed."""
    hook = _hook_of(delivery)
    until = None if hook is None else hook.paused_until
    return until if until is not None and until > now else None


def _hook_of(delivery: Delivery) -> Webhook | None:
    # Not as the delivery may hold it, but as it is now.
    return Webhook.objects.select_related("owner").filter(pk=delivery.webhook_id or 0).first()


CONSUMER: Final = Consumer("webhooks", frozenset(), queue_one, queue_all)
KINDS: Final = (
    DeliveryKind(EVENT_KIND, is_still_wanted, put_off),
    DeliveryKind(TEST_KIND, lambda delivery: delivery.webhook_id is not None),
)
