"""The nouns of the desk, a file each."""

from helpdesk.models.announcements import Announcement
from helpdesk.models.brand import Brand
from helpdesk.models.calendars import Calendar, CalendarVersion, Holiday
from helpdesk.models.changes import TicketChange
from helpdesk.models.clocks import SLACycle, SLAStep
from helpdesk.models.deliveries import Delivery
from helpdesk.models.drafts import Draft
from helpdesk.models.events import AuditEvent, PendingEvent, TicketEvent
from helpdesk.models.exports import Export
from helpdesk.models.fields import CustomField, FieldValue
from helpdesk.models.figures import Figure
from helpdesk.models.files import Attachment, Blob
from helpdesk.models.generations import SetupGeneration
from helpdesk.models.guests import Attempt, GuestFile, GuestFiling, GuestLink
from helpdesk.models.idempotency import IdempotencyKey
from helpdesk.models.invitations import Invitation
from helpdesk.models.kinds import Kind, Tag
from helpdesk.models.mentions import Mention
from helpdesk.models.merges import TicketMerge
from helpdesk.models.messages import Message
from helpdesk.models.notices import NoticeRow, ProblemNotice
from helpdesk.models.notifications import InboxEntry, NotificationPreference, QuietHours
from helpdesk.models.organizations import (
    Organization,
    OrganizationDomain,
    OrganizationMembership,
    Region,
    ServiceTier,
)
from helpdesk.models.partners import Partner, PartnerWait
from helpdesk.models.people import User
from helpdesk.models.person_merges import PersonMerge
from helpdesk.models.policies import Phase, PolicyRule, PolicyVersion, Recount, SLAPolicy
from helpdesk.models.priorities import Criterion, PriorityCell
from helpdesk.models.problems import Problem
from helpdesk.models.queues import Category, FirstTierRule, Queue
from helpdesk.models.relations import TicketLink
from helpdesk.models.revisions import MessageRevision
from helpdesk.models.roles import StaffRole
from helpdesk.models.settings import DeskSettings
from helpdesk.models.sub_tasks import SubTask
from helpdesk.models.teams import Team, TeamMembership, Tier
from helpdesk.models.thumbnails import Thumbnail
from helpdesk.models.tickets import Ticket
from helpdesk.models.times import TimeEntry
from helpdesk.models.tokens import ApiToken, Integration
from helpdesk.models.watchers import Watcher
from helpdesk.models.webhooks import Webhook, WebhookEnd, WebhookForm, WebhookTry

__all__ = [
    "Announcement",
    "ApiToken",
    "Attachment",
    "Attempt",
    "AuditEvent",
    "Blob",
    "Brand",
    "Calendar",
    "CalendarVersion",
    "Category",
    "Criterion",
    "CustomField",
    "Delivery",
    "DeskSettings",
    "Draft",
    "Export",
    "FieldValue",
    "Figure",
    "FirstTierRule",
    "GuestFile",
    "GuestFiling",
    "GuestLink",
    "Holiday",
    "IdempotencyKey",
    "InboxEntry",
    "Integration",
    "Invitation",
    "Kind",
    "Mention",
    "Message",
    "MessageRevision",
    "NoticeRow",
    "NotificationPreference",
    "Organization",
    "OrganizationDomain",
    "OrganizationMembership",
    "Partner",
    "PartnerWait",
    "PendingEvent",
    "PersonMerge",
    "Phase",
    "PolicyRule",
    "PolicyVersion",
    "PriorityCell",
    "Problem",
    "ProblemNotice",
    "Queue",
    "QuietHours",
    "Recount",
    "Region",
    "SLACycle",
    "SLAPolicy",
    "SLAStep",
    "ServiceTier",
    "SetupGeneration",
    "StaffRole",
    "SubTask",
    "Tag",
    "Team",
    "TeamMembership",
    "Thumbnail",
    "Ticket",
    "TicketChange",
    "TicketEvent",
    "TicketLink",
    "TicketMerge",
    "Tier",
    "TimeEntry",
    "User",
    "Watcher",
    "Webhook",
    "WebhookEnd",
    "WebhookForm",
    "WebhookTry",
]
