"""What sign-up asks beyond an address and a password."""

from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpdesk.domain.words import MAX_NAME, clean_line
from helpdesk.models import User


class SignupFields(forms.Form):
    """The name by which the desk will answer."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=MAX_NAME,
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    # Told by the browser where it may; see static/js/zone.js.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("name", "email", "password1")

    def clean_name(self) -> str:
        """The name as it is stored, which can be shorter than what was typed, or longer."""
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(self.fields["name"].error_messages["required"], code="required")
        if len(name) > MAX_NAME:
            raise ValidationError(
                _("This name is longer than %(limit)d characters, which is the limit."),
                code="max_length",
                params={"limit": MAX_NAME},
            )
        return name

    def clean_time_zone(self) -> str:
        """The zone, or nothing where there is no such one."""
        zone: str = self.cleaned_data["time_zone"]
        return zone if zone in available_timezones() else ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for this method; the adapter has saved the person already."""
