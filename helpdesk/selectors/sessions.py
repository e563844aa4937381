"""Where somebody is logged in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from helpdesk.domain.devices import NOWHERE, browser_of, system_of
from helpdesk.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """One browser in which somebody is logged in."""

    pk: int
    device: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def device_words(user_agent: str) -> str:
    """What its owner would call the device."""
    browser, system = browser_of(user_agent), system_of(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def places_of(person: User, *, this: str, now: datetime) -> list[Place]:
    """Where the person is logged in, this browser (the session with that key) first, then the latest seen."""
    rows = list(UserSession.objects.filter(user=person).order_by("-last_seen_at", "pk"))
    keys = [row.session_key for row in rows]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    places = [
        Place(
            pk=row.pk,
            device=device_words(row.user_agent),
            address="" if row.ip == NOWHERE else row.ip,
            since=row.created_at,
            seen=row.last_seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(places, key=lambda place: not place.is_this)
