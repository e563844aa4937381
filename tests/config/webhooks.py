"""The routes of webhooks."""

from typing import Any, Final

from django.utils import timezone

from helpdesk.actions.webhooks import send_test
from helpdesk.models import Webhook
from helpdesk.permissions import Right
from tests.config.rules import DESK, Rule, both, in_desk
from tests.factories import actor
from tests.world import World

_CHANGES: Final = both(DESK, in_desk(Right.CHANGE_SETUP))
WEBHOOK_RULES: Final = {
    "admin:webhooks": Rule(_CHANGES),
    "admin:webhook_new": Rule(_CHANGES),
    "admin:webhook": Rule(_CHANGES),
    "admin:webhook_edit": Rule(_CHANGES),
    "admin:webhook_test": Rule(_CHANGES, posts=True),
    "admin:webhook_rotate": Rule(_CHANGES, posts=True),
    "admin:webhook_replay": Rule(_CHANGES, posts=True),
    "admin:webhook_replay_one": Rule(_CHANGES, posts=True),
}


def addresses_of_webhooks(world: World) -> dict[str, list[Any]]:
    """What the addresses of these routes hold."""
    now, person = timezone.now(), world.people["administrator"]
    hook = Webhook.objects.first()
    if hook is None:
        hook = Webhook.objects.create(
            name="Wiki", url="https://hooks.example.org/", owner=person, created_at=now, secret="sealed"
        )
    sent = send_test(webhook=hook, by=actor(person), now=now)
    one = {route: [hook.pk] for route in WEBHOOK_RULES if route not in {"admin:webhooks", "admin:webhook_new"}}
    return {**one, "admin:webhook_replay_one": [hook.pk, sent.pk]}
