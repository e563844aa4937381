"""What guests come by, for the walk through all routes."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.utils import timezone

from helpdesk.models import Attachment, Category, GuestFiling, GuestLink, Queue
from helpdesk.models.guests import digest_of
from tests.world import World

# What confirms the report that waits: the database has its digest.
FILING: Final = UUID("8d0f5a52-7c1f-4c57-8a0b-0c6d5e1b7a90")


def let_guests_in(world: World) -> None:
    """A report that waits for its sender, and a link to the ticket."""
    Queue.objects.filter(pk=world.queue.pk).update(guests_allowed=True)
    now, owner = timezone.now(), world.people["owner"]
    life: dict[str, Any] = {"created_at": now, "expires_at": now + timedelta(days=1)}
    category = Category.objects.get(restricted_to=None)
    report: dict[str, Any] = {"category": category, "email": "gus@example.net", "subject": "Ink"}
    GuestFiling.objects.create(form_key=uuid4(), digest=digest_of(FILING), **report, **life)
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
        "portal:guest_confirm": [FILING],
        "portal:guest_ticket": [key],
        "portal:guest_act": [key, "reply"],
        "portal:guest_renew": [key],
        **{f"portal:guest_{name}": [key, Attachment.objects.get().pk] for name in ("file", "thumbnail")},
        "portal:guest_news": [key],
    }
