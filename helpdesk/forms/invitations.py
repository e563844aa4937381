"""Inviting somebody to the desk, and joining it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.forms.accounts import SignupFields
from helpdesk.forms.entrance import PASSWORD_HINT
from helpdesk.models import Invitation, Team, User
from helpdesk.models.invitations import STAFF_ROLES


class InviteForm(forms.Form):
    """Whom to invite, to which role and teams."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("They can change it when they accept."),
        error_messages={"required": _("Write the name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Write the address."),
            "invalid": _("Write an address like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in STAFF_ROLES],
        error_messages={"invalid_choice": _("Choose a role at the desk."), "required": _("Choose a role at the desk.")},
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.filter(is_active=True).order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class JoinForm(SignupFields):
    """What somebody new says of themselves: their name and a password."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=PASSWORD_HINT,
        strip=False,
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, known: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = known or User(email=invitation.email, name=invitation.name)
        if known is not None:
            del self.fields["name"]
            if known.has_usable_password():
                del self.fields["password"]

    def clean_password(self) -> str:
        """The password, if it is none of those that everybody tries."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.person)
        except ValidationError as refusal:
            raise ValidationError(refusal.messages) from refusal
        return password
