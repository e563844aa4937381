"""Webhooks of the tests, what they are to tell, and what arrived."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from helpdesk.actions import conversation, deliveries, webhooks
from helpdesk.actions.consumers import consume_due
from helpdesk.actions.webhooks import Wanted
from helpdesk.choices import Channel
from helpdesk.models import Ticket, Webhook
from tests.factories import actor
from tests.receiver import Receiver
from tests.world import World


def add(world: World, receiver: Receiver, by: str = "administrator", **wanted: Any) -> tuple[Webhook, str]:
    """Set one up that calls the receiver."""
    given = {"name": "Wiki", "url": receiver.url(), **wanted}
    return webhooks.add_webhook(wanted=Wanted(**given), by=actor(world.people[by], Channel.DESK), now=timezone.now())


def say(world: World, *texts: str, ticket: Ticket | None = None) -> None:
    """Who asked says this on the ticket, one event each."""
    for text in texts:
        conversation.reply(ticket=ticket or world.here, body=text, by=actor(world.people["owner"]), now=timezone.now())


def run(**later: float) -> None:
    """What is waiting is queued, and what is due leaves."""
    now = timezone.now() + timedelta(**later)
    consume_due(now=now, limit=1000)
    deliveries.send_due(now=now, limit=1000)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    """The bodies that arrived."""
    return [json.loads(body) for _path, _headers, body in receiver.calls]


def ids(receiver: Receiver) -> list[str]:
    """The names that they had."""
    return [headers["webhook-id"] for _path, headers, _body in receiver.calls]
