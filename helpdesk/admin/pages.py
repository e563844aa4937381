"""Every kind of row that has a page in the admin site. Tickets have pages of their own."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Model

from helpdesk.admin.base import DeskModelAdmin
from helpdesk.admin.outward import BrandPage
from helpdesk.admin.people import OrganizationPage, PersonPage
from helpdesk.admin.records import AuditPage, DeliveryPage, PendingPage
from helpdesk.admin.setup import (
    CategoryPage,
    FirstTierRulePage,
    QueuePage,
    RegionPage,
    SettingsPage,
    TeamPage,
    TierPage,
)
from helpdesk.models import (
    AuditEvent,
    Brand,
    Category,
    Delivery,
    DeskSettings,
    FirstTierRule,
    Organization,
    PendingEvent,
    Queue,
    Region,
    Team,
    Tier,
    User,
)

PAGES: Final[Mapping[type[Model], type[DeskModelAdmin]]] = {
    AuditEvent: AuditPage,
    Brand: BrandPage,
    Category: CategoryPage,
    Delivery: DeliveryPage,
    DeskSettings: SettingsPage,
    FirstTierRule: FirstTierRulePage,
    Organization: OrganizationPage,
    PendingEvent: PendingPage,
    Queue: QueuePage,
    Region: RegionPage,
    Team: TeamPage,
    Tier: TierPage,
    User: PersonPage,
}
