"""allauth's side door into the desk: sign-up, login and account mails go through actions."""

from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import accounts
from helpdesk.actions.letters import ACCOUNT_MAIL, INVITATION
from helpdesk.adapters.devices import address_of, is_known, remember, user_agent_of
from helpdesk.adapters.letters import at_home
from helpdesk.models import Delivery, User
from helpdesk.registry import DeliveryKind
from helpdesk.requests import actor_for
from helpdesk.selectors.brand import brand
from helpdesk.selectors.invitations import still_open
from helpdesk.selectors.people import with_address
from helpdesk.selectors.sessions import device_words

_WAYS: Final = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use your app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts of people in both rooms."""

    error_messages: Final = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address or the password is not right. Try again, or choose a new password."),
        "enter_current_password": _("That is not your password now. Try again."),
        "incorrect_password": _("That is not your password. Try again."),
        "invalid_password_reset": _("This link was used already, or it is too old."),
        "too_many_login_attempts": _("That was wrong too often. Try again in a few minutes."),
        "rate_limited": _("That was too often. Try again in a few minutes."),
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Fill a new person from the sign-up form; saving is an action."""
        super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data["name"]
        user.language = request.LANGUAGE_CODE
        user.time_zone = form.cleaned_data["time_zone"] or user.time_zone
        if commit:
            accounts.register(user=user, by=actor_for(request, user), now=timezone.now())
        return user

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """People log in by their address; there are no user names."""

    def set_password(self, user: User, password: str) -> None:
        """Change a password: an action, on record."""
        by = actor_for(allauth_context.request, user)
        keep = allauth_context.request.session.session_key or ""
        accounts.set_password(user=user, password=password, by=by, now=timezone.now(), keep=keep)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Somebody followed the link to an address of theirs: an action, on record."""
        mark = partial(super().confirm_email, request, email_address)
        by = actor_for(request, email_address.user)
        return accounts.confirm_address(address=email_address, mark=mark, by=by, now=timezone.now())

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the mail now, since its links are made in this request, and let the delivery take it away.

        Its language is that of who has the address, whoever asked for the mail.
        """
        person = with_address(email)
        language = person.spoken_language if person else translation.get_language()
        with translation.override(language), timezone.override(person.time_zone if person else None):
            self._queue_mail(template_prefix, email, context)

    def _queue_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        words = {name: _at_home(value) if name.endswith("_url") else value for name, value in context.items()}
        request = allauth_context.request
        reset_page = at_home(reverse("account_reset_password"))
        device = device_words(words.get("user_agent", ""))
        context = {"request": request, "email": email, "brand": brand(), "reset_page": reset_page, **words}
        context["device"] = device
        message = self.render_mail(template_prefix, email, context)
        accounts.send_account_mail(
            address=email,
            subject=message.subject,
            body=_text_of(message),
            now=timezone.now(),
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How somebody may show that it is still them."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": _WAYS.get(way["id"], way["description"])} for way in ways]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        place = {"ip": address_of(request), "user_agent": user_agent_of(request)}
        new = None if is_known(request, user) else place
        accounts.record_login(by=actor_for(request, user), now=timezone.now(), from_new_device=new)
        remember(request, response, user)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who works in the desk lands there, everybody else in the portal."""
        is_staff = isinstance(request.user, User) and request.user.is_staff
        return reverse("admin:index" if is_staff else "portal:home")


def _at_home(link: str) -> str:
    """The link at our own address: allauth makes it with the name that the request called the host by, which is the
    sender's to choose.
    """
    return at_home(urlsplit(link)._replace(scheme="", netloc="").geturl())


def _text_of(message: EmailMessage) -> str:
    return str(message.body)


def _is_still_wanted(delivery: Delivery) -> bool:
    """Whether the person may still sign in, and the text is still there: one that was given up has none."""
    if delivery.payload.get("letter") == INVITATION:
        facts = delivery.payload["facts"]
        return still_open(facts["invitation_id"], UUID(facts["seal"]), now=timezone.now()) is not None
    return bool(delivery.payload) and (delivery.recipient is None or delivery.recipient.is_active)


KIND: Final = DeliveryKind(ACCOUNT_MAIL, _is_still_wanted)
