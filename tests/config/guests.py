"""What guests come by, for the walk through all routes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from helpdesk.models import Attachment, Category, GuestFiling, GuestLink, Queue
from tests.world import World


def let_guests_in(world: World) -> None:
    """A report that waits for its sender, and a link to the ticket."""
    Queue.objects.filter(pk=world.queue.pk).update(guests_allowed=True)
    now, owner = timezone.now(), world.people["owner"]
    life: dict[str, Any] = {"created_at": now, "expires_at": now + timedelta(days=1)}
    category = Category.objects.get(restricted_to=None)
    GuestFiling.objects.create(form_key=uuid4(), category=category, email="gus@example.net", subject="Ink", **life)
    GuestLink.objects.create(ticket=world.here, user=owner, **life)


def renew_links() -> None:
    """Those who may withdraw a link did so on their walk."""
    GuestLink.objects.update(revoked_at=None)


def addresses_of_guests() -> dict[str, list[Any]]:
    """Where the routes of guests lead."""
    key = GuestLink.objects.get().key
    return {
        "portal:guest_about": [Category.objects.get(restricted_to=None).code],
        "portal:guest_sent": [],
        "portal:guest_confirm": [GuestFiling.objects.get().key],
        "portal:guest_ticket": [key],
        "portal:guest_act": [key, "reply"],
        "portal:guest_renew": [key],
        **{f"portal:guest_{name}": [key, Attachment.objects.get().pk] for name in ("file", "thumbnail")},
        "portal:guest_news": [key],
    }
