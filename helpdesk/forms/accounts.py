"""What sign-up asks beyond an address and a password."""

from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User


class SignupFields(forms.Form):
    """The name by which the desk will answer."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    # Told by the browser where it may; see static/js/zone.js.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("name", "email", "password1")

    def clean_time_zone(self) -> str:
        """The zone, or nothing where there is no such one."""
        zone: str = self.cleaned_data["time_zone"]
        return zone if zone in available_timezones() else ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for this method; the adapter has saved the person already."""
