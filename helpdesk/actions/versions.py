"""Steps on what changes by versions: a draft is written, looked at, and put into force from an instant on.

A version in force is never touched again: what clocks counted by it comes out the same whenever it is counted again.
What is planned for later can be taken back: no clock has counted by it.
"""

from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import recounts
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Calendar, SLAPolicy
from helpdesk.models.calendars import Version
from helpdesk.permissions import Right, holds

V = TypeVar("V", bound=Version)
_LAST_YEAR: Final = 2999
# Whoever does something to a ticket at that moment may have read the version already.
_TOO_CLOSE: Final = timedelta(minutes=1)


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
    return versions.filter(taken_back_at__isnull=True).order_by("-number").first()


def next_number(versions: QuerySet[V]) -> int:
    """The number of a new draft."""
    return 1 + (versions.aggregate(last=Max("number"))["last"] or 0)


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


def begin(draft: Version, cause: str, begins: datetime) -> None:
    """The step that lets a draft count from an instant on; the clocks of open tickets follow then."""
    draft.valid_from = begins
    draft.save(update_fields=["valid_from"])
    recounts.ask_for((cause, draft.pk), begins)


def planned_in(versions: QuerySet[V], number: int, now: datetime) -> V:
    """The version of this number among those of what is locked, if it can be taken back."""
    version = versions.filter(number=number).first()
    if version is None or version.valid_from is None or version.valid_from < now + _TOO_CLOSE:
        raise DomainError(_("This version counts already, or was taken back. Look at the versions."), Code.ILLEGAL_MOVE)
    return version


def end_plan(version: Version, cause: str, now: datetime) -> None:
    """The step that takes a planned version back: it stays among the versions, and no clock follows it."""
    recounts.call_off((cause, version.pk), now)
    version.planned_for, version.valid_from, version.taken_back_at = version.valid_from, None, now
    version.save(update_fields=["planned_for", "valid_from", "taken_back_at"])


def told(version: Version) -> dict[str, object]:
    """What the record says of a version."""
    begins = version.valid_from
    return {"version": version.number, **({"valid_from": begins.isoformat()} if begins else {})}
