"""The nouns of the desk, a file each."""

from helpdesk.models.deliveries import Delivery
from helpdesk.models.events import AuditEvent, PendingEvent, TicketEvent
from helpdesk.models.files import Attachment, Blob
from helpdesk.models.idempotency import IdempotencyKey
from helpdesk.models.messages import Message
from helpdesk.models.organizations import Organization, OrganizationMembership, Region
from helpdesk.models.people import User
from helpdesk.models.queues import Category, FirstTierRule, Queue
from helpdesk.models.settings import DeskSettings
from helpdesk.models.teams import Team, TeamMembership, Tier
from helpdesk.models.tickets import Ticket

__all__ = [
    "Attachment",
    "AuditEvent",
    "Blob",
    "Category",
    "Delivery",
    "DeskSettings",
    "FirstTierRule",
    "IdempotencyKey",
    "Message",
    "Organization",
    "OrganizationMembership",
    "PendingEvent",
    "Queue",
    "Region",
    "Team",
    "TeamMembership",
    "Ticket",
    "TicketEvent",
    "Tier",
    "User",
]
