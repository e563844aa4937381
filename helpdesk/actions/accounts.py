"""People join and sign in; accounts get their mails."""

import uuid
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _belonging, _people, _sessions, _tokens, letters
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, User


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
def rehearse_registration(*, password: str, by: Actor, now: datetime) -> None:
    """Do the work of a sign-up, and undo it: the address is somebody's, and how long the answer takes must not tell."""
    nobody = User(name="-", email=f"{uuid.uuid4().hex}@invalid.invalid")
    nobody.set_password(password)
    nobody.save(force_insert=True)
    audit("person_registered", ("user", nobody.pk), {"role": nobody.role}, by=by, now=now)
    EmailAddress.objects.create(user=nobody, email=nobody.email, primary=True)
    # As many as allauth makes around a new person; a test compares both.
    for _read in range(5):
        EmailAddress.objects.filter(user=nobody).exists()
    User.objects.filter(pk=nobody.pk).exists()
    transaction.set_rollback(True)


@action
def ask_for_password(*, address: str, language: str, now: datetime) -> None:
    """Have a link to a new password mailed there. Whether somebody has the address shows when the mail is written."""
    payload = {"address": address, "letter": letters.RESET, "language": language, "facts": {}}
    letters.post(payload, to=None, now=now)


@action
def set_password(*, user: User, password: str, by: Actor, now: datetime, keep: str = "") -> None:
    """Give the person another password. Whoever calls this has checked that it is them.

    Whoever knew the old one is out: all sessions end but the one with the key `keep`, and all tokens.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    ended = _sessions.end_of(user, but=keep)
    _tokens.end_of(user, by=by, now=now)
    audit("password_set", ("user", user.pk), {"sessions": ended} if ended else {}, by=by, now=now)


@action
def prove_address(*, user: User, by: Actor, now: datetime) -> None:
    """Take the person's address for theirs: they followed a link that was mailed there.

    Of who has several addresses nobody knows to which of them it went, so it proves none of them.
    """
    if EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).exists():
        return
    _people.prove(user, by=by, now=now)


def take_as_proven(*, user: User, address: str, by: Actor, now: datetime) -> None:
    """The step that takes an address for the person's where the link was mailed to that one, and they are new to it."""
    proven = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True)
    if user.email.lower() == address.lower() and not proven.exists():
        _people.prove(user, by=by, now=now)


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
def record_login(*, by: Actor, now: datetime, from_new_device: dict[str, str] | None = None) -> None:
    """Keep on record that somebody signed in.

    `from_new_device` says from where, if the browser is not known. They get a mail, unless it is their first log-in.
    """
    person = by.person
    before = AuditEvent.objects.filter(subject_type="user", subject_id=str(person.pk), kind="logged_in")
    is_news = from_new_device is not None and before.exists()
    audit("logged_in", ("user", person.pk), {"new_device": True} if is_news else {}, by=by, now=now)
    if is_news and from_new_device is not None:
        letters.post_letter("new_device", to=person, now=now, at=now.isoformat(), **from_new_device)


@action
def send_account_mail(*, address: str, subject: str, body: str, now: datetime) -> None:
    """Queue a mail about an account, written already. It goes to the address itself, which may be nobody's yet."""
    person = User.objects.filter(email__iexact=address).first()
    letters.post_written((subject, body), address=address, to=person, now=now)
