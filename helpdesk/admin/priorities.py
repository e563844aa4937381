"""What priorities follow from: the matrix of impact and urgency, and the criteria that are measured."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from helpdesk.admin.base import DeskModelAdmin, SetupForm
from helpdesk.admin.translated import InLanguages, TranslatedTexts
from helpdesk.models import Criterion


class PriorityCellPage(DeskModelAdmin):
    """The cells of the matrix."""

    list_display = ("impact", "urgency", "priority")
    list_filter = ("impact", "urgency")
    ordering = ("impact", "urgency")
    fields = ("impact", "urgency", "priority")
    set_once = ("impact", "urgency")
    helps = MappingProxyType(
        {
            "impact": _("How many people something stops."),
            "urgency": _("How badly it stops them."),
            "priority": _("What a ticket gets where both are so. Tickets that have their priority keep it."),
        }
    )


class CriterionForm(TranslatedTexts, SetupForm):
    """A criterion and its name in every language."""

    translated = ("name",)

    class Meta:
        model = Criterion
        fields = (
            "name",
            "code",
            "is_case",
            "unit",
            "critical_above",
            "high_above",
            "medium_from",
            "case_priority",
            "position",
            "is_active",
        )


class CriterionPage(InLanguages, DeskModelAdmin):
    """What agents are asked to measure, and from which value on it is how urgent."""

    form = CriterionForm
    list_display = ("name", "is_case", "critical_above", "high_above", "medium_from", "position", "is_active")
    list_filter = ("is_case", "is_active")
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("position", "name")
    fields = CriterionForm.Meta.fields
    set_once = ("code", "is_case")
    helps = MappingProxyType(
        {
            "name": _("What is measured, such as “Error rate”, or what is so or not, such as “Security breach”."),
            "code": _("How exports and other programs name it. It stays as it is."),
            "is_case": _("Nothing is measured: it is so, and then has the priority below, or it is not."),
            "unit": _("Such as %. Leave it empty for a count."),
            "case_priority": _("For what is so or not."),
            "position": _("They are asked for in this order, the smallest number first."),
            "is_active": _("A criterion that is not active is not asked for any more. Old tickets keep what was told."),
        }
    )
