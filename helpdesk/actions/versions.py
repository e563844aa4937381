"""Steps on what changes by versions: a draft is written, looked at, and put into force from an instant on.

A version in force is never touched again: what clocks counted by it comes out the same whenever it is counted again.
"""

from datetime import datetime
from typing import Final, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Calendar, SLAPolicy
from helpdesk.models.calendars import Version
from helpdesk.permissions import Right, holds

V = TypeVar("V", bound=Version)
_LAST_YEAR: Final = 2999


def state_of(version: Version | None) -> str:
    """What somebody looked at: another text, if anybody has written since."""
    return "" if version is None else f"{version.number} {version.made_at.isoformat()}"


def hold(owner: Calendar | SLAPolicy, by: Actor) -> None:
    """Lock whose versions they are, for somebody who may change them."""
    if not holds(by, Right.CHANGE_SETUP):
        raise DomainError(_("You may not change this."), Code.FORBIDDEN)
    type(owner)._default_manager.select_for_update().get(pk=owner.pk)


def check_seen(newest: Version | None, seen: str, words: Text) -> None:
    """Refuse, in these words, what was done on another state than the newest."""
    if state_of(newest) != seen:
        raise DomainError(words, Code.STALE)


def newest_of(versions: QuerySet[V]) -> V | None:
    """From what a draft goes on: the draft that is there, or the version that was put into force last."""
    return versions.order_by("-number").first()


def draft_in(versions: QuerySet[V], seen: str, words: Text) -> V:
    """The draft among the versions of what is locked, if it is the one that was looked at."""
    newest = newest_of(versions)
    check_seen(newest, seen, words)
    if newest is None or not newest.is_draft:
        raise DomainError(_("There is no draft any more. Look at the versions."), Code.ILLEGAL_MOVE)
    return newest


def begins_at(valid_from: datetime | None, now: datetime) -> datetime:
    """When a version shall begin to count; nobody changes what was."""
    begins = now if valid_from is None else valid_from
    if begins < now:
        words = _("What was is past: choose a moment to come, or leave it empty for at once.")
        raise DomainError(words, Code.WRONG, field="valid_from")
    if begins.year > _LAST_YEAR:
        years = _("Choose a year up to %(last)d.")
        raise DomainError(years % {"last": _LAST_YEAR}, Code.WRONG, field="valid_from")
    return begins


def told(version: Version) -> dict[str, object]:
    """What the record says of a version."""
    begins = version.valid_from
    return {"version": version.number, **({"valid_from": begins.isoformat()} if begins else {})}
