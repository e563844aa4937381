"""What people choose about the clocks of a ticket."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.errors import Text
from helpdesk.models import Organization, SLAPolicy


class OrganizationForm(forms.Form):
    """For which organisation of its requester a ticket is, 0 for none; and what the page showed."""

    organization = forms.ChoiceField(
        error_messages={
            "required": _("Choose one from the list."),
            "invalid_choice": _("Choose one from the list; the one you chose is gone."),
        }
    )
    seen = forms.IntegerField(required=False, max_value=2**63 - 1)

    def __init__(self, *args: Any, places: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        field = self.fields["organization"]
        assert isinstance(field, forms.ChoiceField)
        self.options: list[tuple[str, Text, Organization | None]] = [
            *((value, str(place), place) for value, place in self.places.items()),
            ("0", _("No organisation"), None),
        ]
        field.choices = [(value, label) for value, label, _place in self.options]


class PolicyForm(forms.Form):
    """What a ticket is promised: what the rules say, one of the policies, or nothing; and what the page showed."""

    policy = forms.ChoiceField(
        error_messages={
            "required": _("Choose one from the list."),
            "invalid_choice": _("Choose one from the list; the one you chose is gone."),
        }
    )
    seen = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, policies: Mapping[str, SLAPolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policies = policies
        self.options: list[tuple[str, Text, SLAPolicy | None]] = [
            ("rules", _("What the rules say"), None),
            *((value, str(policy), policy) for value, policy in policies.items()),
            ("none", _("Nothing at all"), None),
        ]
        field = self.fields["policy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, label) for value, label, _policy in self.options]

    @property
    def chosen_label(self) -> Text:
        """What was chosen, by its name."""
        return next(label for value, label, _policy in self.options if value == self.cleaned_data["policy"])
