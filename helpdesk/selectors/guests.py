"""What guests may ask about, what waits for their word, and where their links lead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from helpdesk.choices import FieldKind
from helpdesk.models import Category, CustomField, GuestFiling, GuestLink, Ticket, User
from helpdesk.models.guests import digest_of
from helpdesk.prepared import prepared
from helpdesk.selectors.answers import questions_of
from helpdesk.selectors.catalogue import open_categories


def topics() -> QuerySet[Category]:
    """What somebody without an account can ask about, in order."""
    return open_categories().filter(queue__guests_allowed=True, restricted_to__isnull=True)


def questions_for_guests(category: Category) -> list[CustomField]:
    """What a guest is asked: all but people, of whom they see nobody."""
    return [question for question in questions_of(category) if question.kind != FieldKind.PERSON]


def filing_of(key: UUID, now: datetime) -> GuestFiling | None:
    """The report that this key confirms, while it can be."""
    rows = GuestFiling.objects.select_related("category", "ticket__requester")
    return rows.filter(digest=digest_of(key), expires_at__gt=now).first()


def link_of(key: UUID, now: datetime) -> GuestLink | None:
    """The link of this key, if it leads anywhere."""
    rows = GuestLink.objects.select_related("user", "ticket")
    found = rows.filter(digest=digest_of(key), revoked_at=None, expires_at__gt=now).first()
    if found is not None:
        found.key = key
    return found


def newest_link(ticket: Ticket, user: User, now: datetime) -> GuestLink | None:
    """The person's link to the ticket, if there is one that leads there and can be mailed."""
    rows = GuestLink.objects.filter(ticket=ticket, user=user, revoked_at=None, expires_at__gt=now)
    return next((link for link in rows.order_by("-pk") if link.can_be_mailed), None)


@prepared
def linked(tickets: Sequence[int]) -> QuerySet[GuestLink, int]:
    """Which of these tickets were asked for by a guest, who has or had a link there."""
    rows = GuestLink.objects.filter(ticket__among=tickets, user=F("ticket__requester"))
    return rows.values_list("ticket_id", flat=True)
