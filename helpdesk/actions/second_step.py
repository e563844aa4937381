"""The second step at log-in: what is on record about it, a code that counts once, and starting anew for somebody."""

from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _sessions, _tokens, letters
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain.sealing import seal_anew
from helpdesk.errors import Code, DomainError
from helpdesk.models import User
from helpdesk.permissions import Right, holds


class Happened(StrEnum):
    """What can happen to somebody's second step, by the name under which it is on record."""

    ADDED = "second_step_added"
    REMOVED = "second_step_removed"
    CODES_MADE = "recovery_codes_made"
    REFUSED = "second_step_refused"


@action
def put_on_record(*, what: Happened, way: str, person: User, by: Actor, now: datetime) -> None:
    """Keep on record what happened to a person's second step; `way` is its sort."""
    audit(what, ("user", person.pk), {"way": way}, by=by, now=now)


@action
def take_code(*, authenticator: Authenticator, counter: int) -> bool:
    """Take a code of an app: each once, and none that is older than the last one that was taken."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    if row.data.get("last_counter", -1) >= counter:
        return False
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    authenticator.data = row.data
    return True


@action
def reset(*, person: User, by: Actor, now: datetime) -> None:
    """Take away a person's second steps, since they lost them, and end their sessions and tokens; they hear of it."""
    if not holds(by, Right.CHANGE_PEOPLE):
        raise DomainError(_("You may not change how people log in."), Code.FORBIDDEN)
    if person == by.user:
        words = _("You change your own second step in your profile, where you are asked who you are first.")
        raise DomainError(words, Code.WRONG)
    person = User.objects.select_for_update().get(pk=person.pk)
    steps = Authenticator.objects.filter(user=person)
    ways = sorted(steps.values_list("type", flat=True))
    if not ways:
        raise DomainError(_("%(name)s has no second step.") % {"name": person}, Code.REPEATED)
    steps.delete()
    ended = _sessions.end_of(person)
    _tokens.end_of(person, by=by, now=now)
    audit("second_step_reset", ("user", person.pk), {"ways": ways, "sessions": ended}, by=by, now=now)
    letters.post_letter("second_step_reset", to=person, now=now)


@action
def seal_all_anew() -> int:
    """Seal every secret under the first of the encryption keys. Returns how many."""
    count = 0
    for row in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
        for name in {"secret", "seed"} & row.data.keys():
            row.data[name] = seal_anew(row.data[name], settings.ENCRYPTION_KEYS)
            count += 1
        row.save(update_fields=["data"])
    return count
