"""allauth's second step in the desk's terms: sealed secrets, the configured host, our words, all of it on record."""

from typing import Any, Final
from urllib.parse import urlsplit

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import second_step
from helpdesk.actions.second_step import Happened
from helpdesk.actors import SYSTEM
from helpdesk.domain.sealing import seal, unseal
from helpdesk.models import User
from helpdesk.requests import actor_for
from helpdesk.selectors.brand import brand
from helpdesk.selectors.second_step import is_last
from helpdesk.selectors.settings import desk_settings


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """What allauth asks about apps, passkeys and recovery codes."""

    error_messages: Final = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Codes of an app are new every 30 seconds, and each works once."),
        "unverified_email": _("Confirm your address first: we have to know that this account is yours."),
        "cannot_delete_authenticator": _(
            "Who works here logs in with a second step, and this is your last one. Add another one first."
        ),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first; recovery codes stand in for them."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, settings.ENCRYPTION_KEYS)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, settings.ENCRYPTION_KEYS)

    def get_totp_issuer(self) -> str:
        return brand().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Never what the request calls the host: a passkey belongs to the address that people type.
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": brand().name}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever has to have a second step keeps one."""
        demanded = authenticator.user.is_staff and desk_settings().staff_need_second_step
        return not (demanded and is_last(authenticator))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1} if count else gettext("Passkey")


def _record(what: Happened, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    by = actor_for(request, user)
    second_step.put_on_record(what=what, way=authenticator.type, person=user, by=by, now=timezone.now())


def _added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    _record(Happened.ADDED, request, user, authenticator)


def _removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    _record(Happened.REMOVED, request, user, authenticator)


def _codes_made(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    _record(Happened.CODES_MADE, request, user, authenticator)


def _refused(*, user: User, authenticator: Authenticator, **_more: Any) -> None:
    # Whoever typed a wrong code has not shown that they are this person.
    now = timezone.now()
    second_step.put_on_record(what=Happened.REFUSED, way=authenticator.type, person=user, by=SYSTEM, now=now)


def listen() -> None:
    """Hear from allauth what happens; it has no other way of telling."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authenticator_reset.connect(_codes_made)
    signals.authentication_failed.connect(_refused)
