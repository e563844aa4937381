"""The set-up pages of how work is divided: regions, tiers, teams, queues, categories, settings."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from helpdesk.admin.base import DeskModelAdmin, Members, NewMembers, OneRow, SetupForm
from helpdesk.forms.setup import PlanField, PlanWidget
from helpdesk.models import FirstTierRule, Queue, Team, TeamMembership


class RegionPage(DeskModelAdmin):
    """The parts of the world."""

    list_display = ("name", "code", "time_zone", "is_active")
    search_fields = ("name", "code")
    fields = ("name", "code", "time_zone", "is_active")
    set_once = ("code",)


class TierPage(DeskModelAdmin):
    """The levels of skill."""

    list_display = ("level", "name", "handles", "is_active")
    list_display_links = ("level", "name")
    fields = ("level", "name", "handles", "is_active")
    # What happened to tickets names tiers by their level.
    set_once = ("level",)


class TeamMembers(Members):
    """Who works in the team."""

    model = TeamMembership


class NewTeamMembers(NewMembers):
    """Who shall work in it."""

    model = TeamMembership


class TeamPage(DeskModelAdmin):
    """The teams and who is in them."""

    list_display = ("name", "tier", "region", "people", "is_active")
    list_select_related = ("tier", "region")
    list_filter = ("tier", "region", "is_active")
    search_fields = ("name",)
    fields = ("name", "tier", "region", "is_active")
    inlines = (TeamMembers, NewTeamMembers)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        members = Count("memberships", filter=Q(memberships__is_active=True))
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(people_count=members)

    @display(description=_("members"))  # type: ignore[untyped-decorator] # Unfold ships no types
    def people(self, team: Any) -> int:
        return int(team.people_count)


class RuleForm(SetupForm):
    """The plan, a line for each priority."""

    plan = PlanField(
        label=_("Tiers by priority"),
        widget=PlanWidget(UnfoldAdminTextInputWidget()),
        help_text=_("The levels of the tiers that take part, such as “1, 2”. The first one owns the ticket."),
    )

    class Meta:
        model = FirstTierRule
        fields = ("name", "code", "plan", "is_active")


class FirstTierRulePage(DeskModelAdmin):
    """The rules for the first tier of a report."""

    form = RuleForm
    list_display = ("name", "code", "is_active")
    search_fields = ("name", "code")
    fields = ("name", "code", "plan", "is_active")
    set_once = ("code",)


class QueueForm(SetupForm):
    """A queue. Whether the mark of the default may move is the action's to say."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("name"),
        label=_("Teams"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("Who is in one of them works this queue."),
    )

    class Meta:
        model = Queue
        exclude = ()

    def _get_validation_exclusions(self) -> set[str]:
        # The constraint looks at one row alone; the action takes the mark from the other queue first.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc] # Django's own, untyped
        return excluded | {"is_default"}


class QueuePage(DeskModelAdmin):
    """The lines of work, who works them, and where their tickets start."""

    form = QueueForm
    list_display = ("name", "code", "first_tier_rule", "default_priority", "is_default", "is_active")
    list_select_related = ("first_tier_rule",)
    search_fields = ("name", "code")
    fields = (
        "name",
        "code",
        "description",
        "teams",
        "first_tier_rule",
        "default_priority",
        "is_default",
        "is_active",
    )
    set_once = ("code",)


class CategoryPage(DeskModelAdmin):
    """What people choose from when they ask for help."""

    list_display = ("name", "code", "queue", "position", "is_active")
    list_select_related = ("queue",)
    list_filter = ("queue", "is_active")
    search_fields = ("name", "code")
    fields = ("name", "code", "description", "queue", "position", "is_active")
    set_once = ("code",)


class SettingsPage(OneRow):
    """The one row of settings."""
