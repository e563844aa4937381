"""What is kept about one person, for themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from helpdesk.choices import Visibility
from helpdesk.models import (
    Attachment,
    AuditEvent,
    Draft,
    InboxEntry,
    Message,
    NotificationPreference,
    OrganizationMembership,
    Ticket,
    User,
)


def tickets_of(person: User) -> QuerySet[Ticket]:
    """The tickets that the person asked for, the oldest first."""
    return Ticket.objects.filter(requester=person).select_related("category", "queue").order_by("pk")


def public_messages_of(ticket: Ticket) -> QuerySet[Message]:
    """What was said to everybody on the ticket, in order. No note is ever among it."""
    files = Prefetch("attachments", Attachment.objects.select_related("blob"))
    said = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC)
    return said.select_related("author__merged_into").prefetch_related(files).order_by("pk")


def said_elsewhere(person: User) -> QuerySet[Message]:
    """The person's own public words on tickets that others asked for."""
    own = Q(author=person) | Q(author__merged_into=person)
    said = Message.objects.filter(own, visibility=Visibility.PUBLIC).exclude(ticket__requester=person)
    return said.select_related("ticket").order_by("pk")


def places_of(person: User) -> QuerySet[OrganizationMembership]:
    """The organisations that the person belongs to."""
    return OrganizationMembership.objects.filter(user=person, is_active=True).select_related("organization")


def drafts_of(person: User) -> QuerySet[Draft]:
    """What the person began to write."""
    return Draft.objects.filter(user=person).order_by("pk")


def choices_of(person: User) -> QuerySet[NotificationPreference]:
    """What the person chose to be told of otherwise than everybody is."""
    return NotificationPreference.objects.filter(user=person).order_by("pk")


def inbox_of(person: User) -> QuerySet[InboxEntry]:
    """What the person was told in their inbox: of which ticket and when, and no more of it."""
    return InboxEntry.objects.filter(user=person).select_related("ticket").order_by("pk")


def logins_of(person: User) -> Sequence[datetime]:
    """When the person logged in, the newest first."""
    rows = AuditEvent.objects.filter(subject_type="user", subject_id=str(person.pk), kind="logged_in")
    return list(rows.order_by("-pk").values_list("effective_at", flat=True))
