"""The set-up pages of what is promised to whom: service tiers, phases, and the list of rules."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.admin.base import DeskModelAdmin, SetupForm
from helpdesk.admin.effects import LooksFirst
from helpdesk.models import Phase, PolicyRule
from helpdesk.selectors.previews import Preview
from helpdesk.selectors.promise_rules import (
    last_position,
    overlapping,
    places,
    preview_of_phase,
    preview_of_rules,
    twin,
    with_rule,
)
from helpdesk.views.desk.policy_words import where


class PhaseForm(SetupForm):
    """A phase, with what is wrong with its span beside it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("A phase ends after it starts."))
        return cleaned


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


class PhasePage(LooksFirst):
    """Spans in which the work is not as usual."""

    form = PhaseForm
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

    def effect(self, row: Phase, actor: Actor, now: datetime) -> Preview | None:
        if row.is_active and overlapping(row) is not None:
            return None
        return preview_of_phase(row, actor, now)

    def begins(self, row: Phase) -> datetime | None:
        return row.starts_at if row.is_active and row.starts_at > timezone.now() else None


class PolicyRulePage(LooksFirst):
    """Which policy applies to a ticket: the first rule that fits decides. Their list is a page of the desk's own."""

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

    @property
    def list_title(self) -> str:
        return str(_("Who is promised what"))

    def named(self, row: PolicyRule) -> str:
        return where(row)

    def beside(self, row: PolicyRule) -> dict[str, Any]:
        """The order in which the rules would be asked."""
        return {"places": [(place, where(place.rule)) for place in places(with_rule(row))], "rule": row}

    def effect(self, row: PolicyRule, actor: Actor, now: datetime) -> Preview | None:
        if row.is_active and twin(row) is not None:
            return None
        return preview_of_rules(with_rule(row), actor, now)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new rule comes after those that are there."""
        return {"position": last_position() + 10, **super().get_changeform_initial_data(request)}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The order in which rules are asked is more than a list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:policy_rules")
