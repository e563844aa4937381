"""People look after where they are logged in; the desk can log somebody out everywhere."""

from datetime import datetime, timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _sessions, _tokens
from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import User
from helpdesk.permissions import Right, holds

_GRACE: Final = timedelta(hours=1)


@action
def end_one(*, session_id: int, by: Actor, now: datetime) -> bool:
    """End one of one's own sessions. False where it had ended already, or is nobody's."""
    own = UserSession.objects.select_for_update().filter(pk=session_id, user=by.person).first()
    if own is None:
        return False
    Session.objects.filter(session_key=own.session_key).delete()
    own.delete()
    audit("sessions_ended", ("user", by.person.pk), {"sessions": 1}, by=by, now=now)
    return True


@action
def end_others(*, this: str, by: Actor, now: datetime) -> int:
    """End all of one's own sessions but this one. Returns how many."""
    ended = _sessions.end_of(by.person, but=this)
    if ended:
        audit("sessions_ended", ("user", by.person.pk), {"sessions": ended}, by=by, now=now)
    return ended


@action
def end_all_of(*, person: User, by: Actor, now: datetime) -> int:
    """Log somebody out everywhere, because their device is lost or somebody else may sit at it. Their tokens end too.

    Returns how many sessions did.
    """
    if not holds(by, Right.CHANGE_PEOPLE):
        raise DomainError(_("You may not change how people log in."), Code.FORBIDDEN)
    if person == by.user:
        raise DomainError(_("You look after your own log-ins in your profile."), Code.WRONG)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    ended = _sessions.end_of(person)
    _tokens.end_of(person, by=by, now=now)
    audit("sessions_ended", ("user", person.pk), {"sessions": ended}, by=by, now=now)
    return ended


@action
def note_seen(*, person: User, session_key: str, address: str, user_agent: str, now: datetime) -> None:
    """Keep when and from where a session was last used."""
    seen = {"ip": address, "user_agent": user_agent, "last_seen_at": now}
    if not UserSession.objects.filter(session_key=session_key, user=person).update(**seen):
        started = {**seen, "user": person, "created_at": now}
        UserSession.objects.update_or_create(session_key=session_key, defaults=seen, create_defaults=started)


@action
def forget_ended(*, now: datetime, limit: int) -> int:
    """Forget up to `limit` sessions that ran out, and what was noted about those that are over. Returns how many."""
    old = Session.objects.filter(expire_date__lt=now).order_by("expire_date").values("pk")[:limit]
    count, _each = Session.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    # One that a log-in is just making is not there yet for others to see.
    alive = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    over = UserSession.objects.filter(~alive, last_seen_at__lt=now - _GRACE).values_list("pk", flat=True)[:limit]
    noted, _each = UserSession.objects.filter(pk__in=list(over)).delete()
    return int(count + noted)
