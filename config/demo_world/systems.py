"""The other systems of the demo: one that comes by tokens, and one that would be told of tickets."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from helpdesk.actions import integrations, tokens, webhooks
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Priority, Role
from helpdesk.models import Integration, Team, User, Webhook

_MONITORING: Final = "Monitoring"
_PURPOSE: Final = "Files a ticket when a server of Almanac is in trouble, and sends how it is. Lea knows it."


def connect(users: Mapping[str, User], now: datetime) -> None:
    """Do all of it, once."""
    by = Actor(users["ada@example.org"], Channel.DESK)
    if not Integration.objects.exists():
        _add_monitoring(by, now)
    if not Webhook.objects.exists():
        # Nobody is there to be called: it is switched off until somebody gives it an address of theirs.
        wanted = webhooks.Wanted(
            name="Status page",
            url="https://status.almanac.example/hooks/watchdesk",
            kinds=("ticket_created", "escalated", "resolved"),
            priorities=(Priority.P1, Priority.P2),
            is_active=False,
        )
        webhooks.add_webhook(wanted=wanted, by=by, now=now - timedelta(days=9))


def _add_monitoring(by: Actor, now: datetime) -> None:
    """Its token was replaced a few days ago, and the old one still works for a while."""
    began = now - timedelta(days=80)
    teams = list(Team.objects.filter(name__startswith="Platform"))
    wanted = integrations.Wanted(_MONITORING, Role.AGENT, _PURPOSE, teams)
    row = integrations.add_integration(wanted=wanted, by=by, now=began)
    scopes = ("tickets:write", "figures:write")
    first, _text = tokens.make_token(user=row.user, name="Europe", scopes=scopes, by=by, now=began)
    tokens.note_use(token=first, now=now - timedelta(days=2))
    second, _text = tokens.rotate_token(token=first, overlap=timedelta(days=7), by=by, now=now - timedelta(days=3))
    tokens.note_use(token=second, now=now - timedelta(minutes=4))
