"""People join and sign in; accounts get their mails."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _belonging
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actions.deliveries import enqueue
from helpdesk.actors import Actor
from helpdesk.choices import DeliveryChannel, Urgency
from helpdesk.errors import Code, DomainError
from helpdesk.models import User

ACCOUNT_MAIL: Final = "account_mail"
_MAIL_LIFE: Final = timedelta(hours=12)


@action
def register(*, user: User, by: Actor, now: datetime) -> User:
    """Save a person who signed up. Refuses an address that somebody has, also one that was taken this very moment."""
    try:
        user.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("There is somebody with this address already."), Code.REPEATED, field="email") from error
    audit("person_registered", ("user", user.pk), {"role": user.role}, by=by, now=now)
    return user


@action
def set_password(*, user: User, password: str, by: Actor, now: datetime) -> None:
    """Give the person another password. Whoever calls this has checked that it is them."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit("password_set", ("user", user.pk), {}, by=by, now=now)


@action
def prove_address(*, user: User, by: Actor, now: datetime) -> None:
    """Take the person's address for theirs: they followed a link that was mailed there."""
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).update(primary=False)
    proven = {"email": user.email, "primary": True, "verified": True}
    EmailAddress.objects.update_or_create(user=user, email__iexact=user.email, defaults=proven)
    audit("address_proven", ("user", user.pk), {}, by=by, now=now)
    _belonging.take_in(user, user.email, by=by, now=now)


@action
def confirm_address(*, address: EmailAddress, mark: Callable[[], bool], by: Actor, now: datetime) -> bool:
    """Take an address for its person's: they followed a link that was mailed there.

    `mark` is how allauth writes that down; False where somebody else confirmed the same address before.
    """
    if not mark():
        return False
    audit("address_proven", ("user", address.user_id), {}, by=by, now=now)
    _belonging.take_in(address.user, address.email, by=by, now=now)
    return True


@action
def record_login(*, by: Actor, now: datetime) -> None:
    """Keep on record that somebody signed in."""
    audit("logged_in", ("user", by.person.pk), {}, by=by, now=now)


@action
def send_account_mail(*, address: str, subject: str, body: str, now: datetime) -> None:
    """Queue a mail about an account. It goes to the address itself, which may be nobody's yet.

    Its text can hold a link that signs somebody in, so it is forgotten once it is sent or has expired.
    """
    enqueue(
        channel=DeliveryChannel.EMAIL,
        kind=ACCOUNT_MAIL,
        recipient=User.objects.filter(email__iexact=address).first(),
        payload={"address": address, "subject": subject, "body": body},
        dedupe_key=f"{ACCOUNT_MAIL}:{uuid.uuid4()}",
        urgency=Urgency.NOW,
        expires_at=now + _MAIL_LIFE,
        now=now,
    )
