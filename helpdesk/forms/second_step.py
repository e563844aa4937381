"""allauth's forms of the second step in our words; a code of an app counts once, whatever becomes of the cache."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.second_step import take_code
from helpdesk.domain.words import clean_line
from helpdesk.models import User

_MAX_NAME = 60
_NOT_THIS_PASSKEY = _("This passkey did not work here. Try again, or take another way.")


class _WithCode(forms.Form):
    """A code of six digits from the app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        field.error_messages["required"] = _("Write the code.")


class _OnceOnly(_WithCode):
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your app. If it is out of reach: one of your recovery codes.")

    def clean_code(self) -> str:
        """The code; one of an app is refused when it was taken before, by whoever looked over a shoulder."""
        code: str = super().clean_code()  # type: ignore[misc] # of the class beside this one
        authenticator = self.authenticator
        if authenticator.type == Authenticator.Type.TOTP:
            counter = _counter_of(authenticator, code)
            if counter is None or not take_code(authenticator=authenticator, counter=counter):
                raise get_adapter().validation_error("incorrect_code")
        return code


def _counter_of(authenticator: Authenticator, code: str) -> int | None:
    """Which moment the code belongs to."""
    secret, typed = decrypt(authenticator.data["secret"]), "".join(code.split())
    moments = yield_hotp_counters_from_time()
    return next((moment for moment in moments if format_hotp_value(hotp_value(secret, moment)) == typed), None)


class CodeForm(_OnceOnly, base.AuthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The second step at log-in: a code of the app, or a recovery code."""


class CodeAgainForm(_OnceOnly, base.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The same before something that matters."""


class AppForm(_WithCode, totp.ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    """The first code of a new app: it shows that the secret arrived."""


class _NamedPasskey(forms.Form):
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].label = _("Its name")
        self.fields["name"].help_text = _("By which you tell it from others, such as “Phone” or “Key in the drawer”.")
        self.fields["name"].error_messages["required"] = _("Write a name.")
        self.fields["name"].widget.attrs["maxlength"] = _MAX_NAME

    def clean_name(self) -> str:
        """The name in one line; a new passkey may come without one, since the device has made it by then."""
        name = clean_line(self.cleaned_data["name"])[:_MAX_NAME]
        if not name and self.fields["name"].required:
            raise ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name or str(get_adapter().generate_authenticator_name(self.user, Authenticator.Type.WEBAUTHN))


class NewPasskeyForm(_NamedPasskey, webauthn.AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """What the browser sent, if this device made it for this page."""
        try:
            cleaned: dict[str, Any] = super().clean() or {}
        except (ValidationError, TypeError, ValueError, KeyError) as error:
            raise ValidationError(_NOT_THIS_PASSKEY) from error
        return cleaned


class RenamePasskeyForm(_NamedPasskey, webauthn.EditWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Another name for a passkey."""


class _ByPasskey(forms.Form):
    def clean_credential(self) -> Authenticator:
        """The passkey, if it is one of the person's and answers to this page. A limit keeps its own words."""
        try:
            return super().clean_credential()  # type: ignore[misc] # of the class beside this one
        except ValidationError as refusal:
            too_often = account_adapter().error_messages["too_many_login_attempts"]
            raise ValidationError(too_often if too_often in refusal.messages else _NOT_THIS_PASSKEY) from refusal
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValidationError(_NOT_THIS_PASSKEY) from error


class PasskeyForm(_ByPasskey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """The second step at log-in by a passkey."""


class PasskeyAgainForm(_ByPasskey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """The same before something that matters."""


class PasskeyLoginForm(_ByPasskey, webauthn.LoginWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Logging in by a passkey alone."""
