"""The set-up pages of how work is divided: regions, tiers, teams, queues, kinds, tags, settings."""

from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from helpdesk.admin.base import DeskModelAdmin, Members, NewMembers, OneRow, SetupForm, WithMembers
from helpdesk.admin.questions import NewQuestions, Questions
from helpdesk.forms.setup import PlanField, PlanWidget
from helpdesk.models import FirstTierRule, Queue, TeamMembership

_CODE: Final = _("How exports and other programs name it. It stays as it is.")
_ORDER: Final = _("The order in which they are offered, the smallest number first.")


class RegionPage(DeskModelAdmin):
    """The parts of the world."""

    list_display = ("name", "code", "time_zone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fields = ("name", "code", "time_zone", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("A part of the world with people of its own, such as “Europe”."),
            "code": _CODE,
            "time_zone": _("Where its people work. Type a city, such as “Berlin”, and choose."),
            "is_active": _("A region that is not active is not offered any more. What belongs to it stays."),
        }
    )


class TierPage(DeskModelAdmin):
    """The levels of skill."""

    list_display = ("level", "name", "handles", "is_active")
    list_display_links = ("level", "name")
    ordering = ("level",)
    fields = ("level", "name", "handles", "is_active")
    # What happened to tickets names tiers by their level.
    set_once = ("level",)
    helps = MappingProxyType(
        {
            "level": _(
                "1 is where most reports start; a ticket is escalated to the next higher one. It stays as it is."
            ),
            "name": _("Who is on it, such as “Engineers”."),
            "handles": _("What they solve; agents see it where they escalate."),
            "is_active": _("A tier that is not active is passed by."),
        }
    )


class TeamMembers(Members):
    """Who works in the team."""

    model = TeamMembership
    verbose_name_plural = _("Members: they work the tickets of its queues")


class NewTeamMembers(NewMembers):
    """Who shall work in it."""

    model = TeamMembership


class TeamPage(WithMembers):
    """The teams and who is in them."""

    list_display = ("name", "tier", "region", "people", "is_active")
    list_select_related = ("tier", "region")
    list_filter = ("tier", "region", "is_active")
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("name",)
    fields = ("name", "tier", "region", "is_active")
    helps = MappingProxyType(
        {
            "name": _("What everybody in the desk calls the team."),
            "tier": _("The level of skill of its people. Which queues it works is set at the queues."),
            "region": _("Whose regional manager sees its work. Empty: it works for all regions."),
            "is_active": _("A team that is not active works no queue. Its members stay on record."),
        }
    )
    inlines = (TeamMembers, NewTeamMembers)


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
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fields = ("name", "code", "plan", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("What the rule does, in a few words. It is chosen at the queues."),
            "code": _CODE,
            "is_active": _("A rule that is not active is not offered any more. Queues that follow it go on."),
        }
    )


class QueueForm(SetupForm):
    """A queue. Whether the mark of the default may move is the action's to say."""

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
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    autocomplete_fields = ("teams",)
    helps = MappingProxyType(
        {
            "name": _("A line of work, such as “Billing”."),
            "code": _CODE,
            "description": _("What belongs into it, for agents who move tickets."),
            "teams": _("Who is in one of these teams works this queue. Type a few letters to find a team."),
            "first_tier_rule": _("At which tier a new ticket of this queue starts."),
            "default_priority": _("What a new ticket has until an agent changes it."),
            "guests_allowed": _("Whoever confirms an e-mail address may report here without an account."),
            "priority_source": _(
                "How agents set priorities here: they choose them, weigh impact and urgency, or tell what was measured."
            ),
            "is_default": _(
                "Takes what no category sends elsewhere. One queue has this mark; it moves, when you set it."
            ),
            "is_active": _("A queue that is not active takes no new tickets. Those that it has stay."),
        }
    )
    fields = (
        "name",
        "code",
        "description",
        "teams",
        "first_tier_rule",
        "default_priority",
        "guests_allowed",
        "priority_source",
        "asks_impact",
        "is_default",
        "is_active",
    )
    inlines = (Questions, NewQuestions)
    set_once = ("code",)


class KindPage(DeskModelAdmin):
    """What sorts of report there are."""

    list_display = ("name", "code", "description", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name")
    fields = ("name", "code", "description", "position", "is_active")
    set_once = ("code",)
    helps = MappingProxyType(
        {
            "name": _("What agents call it, such as “Bug”."),
            "code": _CODE,
            "description": _("When a ticket is of this kind."),
            "position": _ORDER,
            "is_active": _("A kind that is not active is not offered any more. Tickets that have it keep it."),
        }
    )


class TagPage(DeskModelAdmin):
    """The words by which agents find tickets again."""

    list_display = ("name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("name",)
    fields = ("name", "is_active")
    helps = MappingProxyType({"name": _("A word or two. Agents add tags on tickets too; here they are mended.")})


class SettingsPage(OneRow):
    """The one row of settings."""

    helps = MappingProxyType(
        {
            "max_file_mb": _("What is larger is refused with a sentence that says so."),
            "max_files": _("Who has more sends a second message."),
            "blocked_endings": _(
                "With spaces between them. What is in it is refused, with a sentence that says so. With “exe” in it, "
                "programs are told by their own bytes too, whatever their name says."
            ),
            "allowed_endings": _("With spaces between them. Empty: all that are not named above."),
        }
    )
