"""The set-up pages of what is promised to whom: service tiers, phases, and the list of rules."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from helpdesk.admin.base import DeskModelAdmin
from helpdesk.models import PolicyRule


class ServiceTierPage(DeskModelAdmin):
    """What customers bought."""

    list_display = ("name", "code", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name")
    fields = ("name", "code", "position", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("Such as “Enterprise”. Organisations have one; what they are promised can follow from it."),
            "code": _("How exports and other programs name it. It stays as it is."),
            "position": _("The order in which they are listed, the smallest number first."),
            "is_active": _("One that is not active is not offered any more. Organisations that have it keep it."),
        }
    )


class PhasePage(DeskModelAdmin):
    """Spans in which the work is not as usual."""

    list_display = ("name", "kind", "starts_at", "ends_at", "queue", "organization", "is_active")
    list_select_related = ("queue", "organization")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("-starts_at",)
    fields = ("name", "kind", "starts_at", "ends_at", "queue", "organization", "is_active")
    autocomplete_fields = ("queue", "organization")
    helps = MappingProxyType(
        {
            "name": _("Such as “Go-live of the new shop”."),
            "kind": _("By it the rules choose a policy for what is filed meanwhile, and updates are owed more often."),
            "starts_at": _("From then on the clocks go by it."),
            "ends_at": _("Tickets that were filed before keep what they were promised."),
            "queue": _("Empty: all queues."),
            "organization": _("Empty: all organisations."),
            "is_active": _("A phase that is not active counts for nothing."),
        }
    )


class PolicyRulePage(DeskModelAdmin):
    """Which policy applies to a ticket: the first rule that fits decides."""

    list_display = ("rule", "position", "organization", "service_tier", "queue", "category", "phase", "is_active")
    list_select_related = ("policy", "organization", "service_tier", "queue", "category")
    list_filter = ("policy", "is_active")
    ordering = ("position", "pk")
    fields = ("position", "policy", "organization", "service_tier", "queue", "category", "phase", "is_active")
    autocomplete_fields = ("organization", "queue", "category")
    helps = MappingProxyType(
        {
            "position": _("The smallest number is asked first; the first rule that fits decides."),
            "policy": _("What such tickets are promised. Empty: nothing."),
            "organization": _("Only tickets of this organisation. What is empty fits everything."),
            "service_tier": _("Only tickets of organisations that have it."),
            "queue": _("Only tickets of this queue."),
            "category": _("Only tickets of this category."),
            "phase": _("Only tickets that were filed while such a phase lasted."),
            "is_active": _("A rule that is not active is passed by. The clocks of open tickets follow each change."),
        }
    )

    @display(description=_("policy"), ordering="policy")  # type: ignore[untyped-decorator] # Unfold ships no types
    def rule(self, row: PolicyRule) -> str:
        """The promise."""
        return str(row.policy or _("No SLA"))
