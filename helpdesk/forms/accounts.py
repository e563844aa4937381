"""What sign-up asks beyond an address and a password."""

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

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for this method; the adapter has saved the person already."""
