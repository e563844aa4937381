"""What an account's mail says: written when it leaves, so that no link lies about and no request waits for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from helpdesk.actions.letters import INVITATION, RESET
from helpdesk.domain.sealing import CannotOpen, unseal
from helpdesk.models import Delivery, User
from helpdesk.registry import PermanentFailure
from helpdesk.selectors.brand import brand
from helpdesk.selectors.invitations import still_open, token_of
from helpdesk.selectors.people import logging_in_with
from helpdesk.selectors.sessions import device_words


def compose(delivery: Delivery) -> tuple[str, str]:
    """Subject and text, in the language and the zone of who gets it."""
    payload, person = delivery.payload, delivery.recipient
    if "letter" not in payload:
        return _unsealed(payload)
    letter, facts = payload["letter"], payload["facts"]
    if letter == RESET:
        person = logging_in_with(payload["address"])
        letter, facts = _reset(person)
    if letter == INVITATION:
        facts = _invitation(facts)
    language = person.spoken_language if person else payload.get("language") or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(person.time_zone if person else settings.TIME_ZONE):
        return written(letter, facts)


def _unsealed(payload: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a letter that was written when it was asked for."""
    if "sealed" not in payload:
        # It waited already when letters were first kept sealed.
        return payload["subject"], payload["body"]
    try:
        subject, body = (unseal(text, settings.ENCRYPTION_KEYS) for text in payload["sealed"])
    except CannotOpen as error:
        raise PermanentFailure(str(error)) from error
    return subject, body


def _reset(person: User | None) -> tuple[str, dict[str, Any]]:
    """The letter to whoever asked for a new password: only now it shows whether there is somebody."""
    if person is None or not person.is_active:
        return "unknown_account", {"signup_url": at_home(reverse("account_signup"))}
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return "password_reset_key", {"password_reset_url": at_home(reverse("account_reset_password_from_key", kwargs=key))}


def _invitation(facts: dict[str, Any]) -> dict[str, Any]:
    row = still_open(facts["invitation_id"], UUID(facts["seal"]), now=timezone.now())
    if row is None:
        raise PermanentFailure("This invitation does not hold any more.")
    link = at_home(reverse("account_invitation", args=[token_of(row)]))
    return {"who": str(row.invited_by), "role": row.get_role_display, "invitation_url": link}


def written(letter: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a letter, in the language that is on."""
    context = {
        "brand": brand(),
        "reset_page": at_home(reverse("account_reset_password")),
        "second_step_page": at_home(reverse("mfa_index")),
        "tokens_page": at_home(reverse("portal:api_tokens")),
        "sessions_page": at_home(reverse("portal:sessions")),
        **facts,
    }
    if "at" in facts:
        context["timestamp"] = datetime.fromisoformat(facts["at"])
        context["device"] = device_words(facts["user_agent"])
    subject = render_to_string(f"account/email/{letter}_subject.txt", context)
    return " ".join(subject.split()), render_to_string(f"account/email/{letter}_message.txt", context)


def at_home(path: str) -> str:
    """The path at the address that people type, whatever a request called the host."""
    return f"{settings.BASE_URL}{path}"
