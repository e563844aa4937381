"""Every kind of row that has a page in the admin site. Tickets have pages of their own."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Model

from helpdesk.admin.base import DeskModelAdmin
from helpdesk.admin.calendars import CalendarPage
from helpdesk.admin.outward import AnnouncementPage, BrandPage
from helpdesk.admin.people import OrganizationPage, PartnerPage, PersonPage, StaffRolePage
from helpdesk.admin.policies import SLAPolicyPage
from helpdesk.admin.priorities import CriterionPage, PriorityCellPage
from helpdesk.admin.promises import PhasePage, PolicyRulePage, ServiceTierPage
from helpdesk.admin.questions import CategoryPage
from helpdesk.admin.records import AuditPage, DeliveryPage, PendingPage
from helpdesk.admin.setup import (
    FirstTierRulePage,
    KindPage,
    QueuePage,
    RegionPage,
    SettingsPage,
    TagPage,
    TeamPage,
    TierPage,
)
from helpdesk.models import (
    Announcement,
    AuditEvent,
    Brand,
    Calendar,
    Category,
    Criterion,
    Delivery,
    DeskSettings,
    FirstTierRule,
    Kind,
    Organization,
    Partner,
    PendingEvent,
    Phase,
    PolicyRule,
    PriorityCell,
    Queue,
    Region,
    ServiceTier,
    SLAPolicy,
    StaffRole,
    Tag,
    Team,
    Tier,
    User,
)

PAGES: Final[Mapping[type[Model], type[DeskModelAdmin]]] = {
    Announcement: AnnouncementPage,
    AuditEvent: AuditPage,
    Brand: BrandPage,
    Calendar: CalendarPage,
    SLAPolicy: SLAPolicyPage,
    Phase: PhasePage,
    PolicyRule: PolicyRulePage,
    ServiceTier: ServiceTierPage,
    Category: CategoryPage,
    Criterion: CriterionPage,
    Delivery: DeliveryPage,
    DeskSettings: SettingsPage,
    FirstTierRule: FirstTierRulePage,
    Kind: KindPage,
    Organization: OrganizationPage,
    Partner: PartnerPage,
    PendingEvent: PendingPage,
    PriorityCell: PriorityCellPage,
    Queue: QueuePage,
    Region: RegionPage,
    StaffRole: StaffRolePage,
    Tag: TagPage,
    Team: TeamPage,
    Tier: TierPage,
    User: PersonPage,
}
