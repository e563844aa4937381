"""The set-up page of SLA policies: their names. What they promise has pages of its own, by versions."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from helpdesk.actors import Actor
from helpdesk.admin.effects import LooksFirst
from helpdesk.models import SLAPolicy
from helpdesk.selectors.policies import open_tickets, policy_of, rules_for, with_versions
from helpdesk.selectors.previews import Preview
from helpdesk.selectors.promise_rules import preview_of_use
from helpdesk.templatetags.desk import when


class SLAPolicyPage(LooksFirst):
    """What is promised."""

    change_form_outer_after_template = "desk/setup/policy.html"
    list_display = ("name", "in_force", "next_version", "applies", "tickets", "promise", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "description")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fields = ("name", "code", "description", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("Whom or what it is for, such as “Go-live” or “Enterprise”."),
            "code": _("How exports and other programs name it. It stays as it is."),
            "description": _("A sentence for colleagues who choose it by hand."),
            "is_active": _("A policy that is not active promises nothing, also on tickets that have it by hand."),
        }
    )

    def effect(self, row: SLAPolicy, actor: Actor, now: datetime) -> Preview | None:
        """Taking it out of use, or back, is worth a look; its name is not."""
        stored = policy_of(row.pk) if row.pk else None
        if stored is None or stored.is_active == row.is_active or (stored.is_active and rules_for(stored)):
            return None
        return preview_of_use(row, actor, now)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SLAPolicy]:
        return with_versions(super().get_queryset(request), timezone.now())

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, whose rows know how many open tickets they have."""
        found = super().get_changelist_instance(request)
        counts = open_tickets(policy.pk for policy in found.result_list)
        for policy in found.result_list:
            policy.ticket_count = counts.get(policy.pk, 0)
        return found

    @display(description=_("in force since"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def in_force(self, policy: Any) -> SafeString | str:
        """The version that counts now, and since when."""
        since: datetime | None = policy.since
        if since is None:
            return str(_("Nothing yet"))
        return format_html(
            "{} <span class=quiet>({})</span>", when(since), _("version %(n)d") % {"n": policy.number_now}
        )

    @display(description=_("next version"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def next_version(self, policy: Any) -> SafeString | str:
        """When it changes next."""
        planned: datetime | None = policy.planned
        return when(planned) if planned else "–"

    @display(description=_("applies by"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def applies(self, policy: Any) -> str:
        """How many rules lead to it."""
        count = policy.rule_count or 0
        return ngettext("%(count)d rule", "%(count)d rules", count) % {"count": count} if count else str(_("no rule"))

    @display(description=_("open tickets"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def tickets(self, policy: Any) -> int:
        """How many open tickets go by it."""
        return int(policy.ticket_count)

    @display(description=_("what it promises"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def promise(self, policy: SLAPolicy) -> SafeString:
        """The way to what it says."""
        label = _("Open what %(name)s promises") % {"name": policy}
        where = reverse("admin:policy", args=[policy.pk])
        return format_html('<a class="calendar-open" href="{}" aria-label="{}">{}</a>', where, label, _("Open"))

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        """A name alone promises nothing: its times come next."""
        return redirect("admin:policy_edit", obj.pk)
