"""allauth's forms in our words: at the entrance nobody meets a placeholder for a label, or types a password twice."""

from collections.abc import Mapping
from typing import Any, Final

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import accounts
from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.errors import DomainError
from helpdesk.models import User

_LABELS: Final[Mapping[str, Any]] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
}
_MISSING: Final[Mapping[str, Any]] = {
    "name": _("Write your name, so that we know how to address you."),
    "login": _("Write the address that you signed up with."),
    "email": _("Write your e-mail address."),
    "password": _("Write your password."),
    "oldpassword": _("Write the password that you have now."),
    "password1": _("Choose a password."),
}
PASSWORD_HINT: Final = _("At least 8 characters, and not one that many people use.")


class InOurWords(forms.Form):
    """Our labels, hints and refusals in the place of allauth's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Seen while it is typed or managed by the browser, a password need not be repeated.
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)
            field.error_messages["required"] = _MISSING.get(name, field.error_messages["required"])
            if name == "password1":
                field.help_text = PASSWORD_HINT
            elif isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _("Write an address like name@example.org.")


class LoginForm(InOurWords, allauth_forms.LoginForm):  # type: ignore[misc] # allauth ships no types
    """Log in."""


class SignupForm(InOurWords, allauth_forms.SignupForm):  # type: ignore[misc] # allauth ships no types
    """Sign up."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")

    def clean(self) -> dict[str, Any]:
        """Whether somebody signs up with this address again and again, known or not: each time sends a mail there."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            key = str(cleaned["email"]).lower()
            if not ratelimit.consume(context.request, action="signup_address", key=key):
                raise get_adapter().validation_error("rate_limited")
        return cleaned

    def try_save(self, request: HttpRequest) -> Any:
        """As allauth's; an address that was taken a moment ago is treated like one that always was."""
        if self.account_already_exists:
            self._rehearse()
            return super().try_save(request)
        try:
            return super().try_save(request)
        except DomainError:
            self.account_already_exists = True
            return super().try_save(request)

    def _rehearse(self) -> None:
        nobody = Actor(None, Channel.PORTAL)
        accounts.rehearse_registration(password=self.cleaned_data["password1"], by=nobody, now=timezone.now())


class ChangePasswordForm(InOurWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc] # allauth ships no types
    """Another password."""


class SetPasswordForm(InOurWords, allauth_forms.SetPasswordForm):  # type: ignore[misc] # allauth ships no types
    """The first password of somebody who came in another way."""


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc] # allauth ships no types
    """Ask for a link to a new password. The answer does not depend on whether somebody has the address."""

    def clean_email(self) -> str:
        """The address, not looked up."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Have the link mailed."""
        address = str(self.cleaned_data["email"])
        accounts.ask_for_password(address=address, language=request.LANGUAGE_CODE, now=timezone.now())
        return address


class ResetPasswordKeyForm(InOurWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc] # allauth ships no types
    """The new password of somebody who followed the mailed link."""

    user: User

    def save(self) -> None:
        """Set it. The link was mailed to their address, so that is theirs: people whom an agent wrote down get in."""
        super().save()
        by = Actor(self.user, Channel.PORTAL)
        accounts.prove_address(user=self.user, by=by, now=timezone.now())


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The password once more, before something that matters."""
