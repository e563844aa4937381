"""Integrations as administrators fill them in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.integrations import MAX_PURPOSE, ROLES, Wanted, state_of
from helpdesk.choices import Role
from helpdesk.domain.words import MAX_NAME
from helpdesk.models import Integration, Team
from helpdesk.selectors.tokens import teams_of


class IntegrationForm(forms.Form):
    """What it is called, what it is for, and what it may do."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        help_text=_("The system that comes here, such as “Monitoring”. It stands beside what it writes."),
        error_messages={"required": _("Write the name.")},
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=MAX_PURPOSE,
        required=False,
        help_text=_("And who can be asked about it, for whoever finds it here in a year."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in ROLES],
        help_text=_(
            "As little as it needs. A requester files tickets and follows its own; an agent works the queues of its "
            "teams; an auditor reads everything and writes nothing."
        ),
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose queues it works. It is given no tickets and stands in no list to choose people from."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, integration: Integration | None = None) -> None:
        initial: dict[str, Any] = {"role": Role.REQUESTER}
        offered = Team.objects.filter(is_active=True)
        if integration is not None:
            teams = teams_of(integration)
            offered |= Team.objects.filter(pk__in=teams.values("pk"))
            initial = {
                "name": integration.user.name,
                "purpose": integration.purpose,
                "role": integration.user.role,
                "teams": list(teams),
                "seen": state_of(integration),
            }
        super().__init__(data, initial=initial)
        self.fields["teams"].queryset = offered.order_by("name")  # type: ignore[attr-defined] # a field of rows

    @property
    def wanted(self) -> Wanted:
        """The integration as it was filled in."""
        given = self.cleaned_data
        return Wanted(given["name"], Role(given["role"]), given["purpose"], list(given["teams"]))
