"""The step by which somebody becomes known to the desk."""

from datetime import datetime
from email.utils import parseaddr
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _belonging
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain.words import MAX_NAME, clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import User
from helpdesk.selectors import people

# The same words for each of the reasons, which concern nobody else.
_MAX_ADDRESS: Final = 254
NOT_THIS_ADDRESS: Final = _("This address cannot be added.")
# Without its name: not everybody who may name one knows which there are.
NOT_THEIRS: Final = _("%(name)s does not belong to this organisation. Choose another one.")
# Whoever changes the account waits, and who holds it too does not; Django has no word for that.
_HELD: Final = "SELECT * FROM helpdesk_user WHERE id = %s FOR SHARE"


def clean_name(name: str) -> str:
    """A person's name as it is stored. Refuses one that nobody can read, and one that is too long."""
    clean = clean_line(name)
    if not clean:
        raise DomainError(_("Write the name."), Code.MISSING, field="name")
    if len(clean) > MAX_NAME:
        raise DomainError(
            _("The name has %(count)d characters; there is room for %(limit)d.")
            % {"count": len(clean), "limit": MAX_NAME},
            Code.WRONG,
            field="name",
        )
    return clean


def clean_address(email: str, field: str = "email") -> str:
    """An address as it is compared. Refuses, at the form's field, what is none, and our own."""
    address = email.strip().lower()
    if not address:
        raise DomainError(_("Write the e-mail address."), Code.MISSING, field=field)
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > _MAX_ADDRESS:
        raise DomainError(_("Write an address like name@example.org."), Code.WRONG, field=field)
    if address == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower():
        # Our mails would come back to us.
        raise DomainError(NOT_THIS_ADDRESS, Code.WRONG, field=field)
    return address


def held_present(person: User) -> User:
    """The account as it is until the action ends, or the one that it was merged into: what is written now, nobody
    merges away. Others may hold it too: for one system many tickets are filed at the same moment.
    """
    while True:
        (row,) = User.objects.raw(_HELD, [person.pk])
        if row.merged_into is None:
            return row
        person = row.merged_into


def add(user: User, *, by: Actor, now: datetime, password: str | None = None) -> User:
    """Add a person. Without a password they claim the account by a mailed link."""
    user.created_at = now
    user.set_password(password)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=password is not None)
    audit("person_added", ("user", user.pk), {"role": user.role}, by=by, now=now)
    _belonging.take_in(user, user.email, by=by, now=now)
    return user


def found_or_added(user: User, *, by: Actor, now: datetime) -> User:
    """Who has the person's address, or the person, new; where somebody else adds them at this moment, that one."""
    known = people.known_by(user.email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return add(user, by=by, now=now)
    except IntegrityError as error:
        known = people.known_by(user.email)
        if known is None:
            raise DomainError(NOT_THIS_ADDRESS, Code.WRONG, field="email") from error
        return known


def prove(person: User, *, by: Actor, now: datetime) -> None:
    """Take the person's address for theirs: they followed a link that was mailed there."""
    EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).update(primary=False)
    proven = {"email": person.email, "primary": True, "verified": True}
    EmailAddress.objects.update_or_create(user=person, email__iexact=person.email, defaults=proven)
    audit("address_proven", ("user", person.pk), {}, by=by, now=now)
    _belonging.take_in(person, person.email, by=by, now=now)
