"""The step by which sessions end wherever they are."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from helpdesk.models import User


def end_of(person: User, *, but: str = "") -> int:
    """End the person's sessions, but for the one with this key. Returns how many."""
    known = UserSession.objects.filter(user=person).exclude(session_key=but)
    keys = list(known.values_list("session_key", flat=True))
    ended, _each = Session.objects.filter(session_key__in=keys).delete()
    known.delete()
    return ended
