"""Sessions in the database, as Django keeps them, found by a query whose text is built once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from helpdesk.prepared import prepared


class SessionStore(db.SessionStore):
    """Every request of who is logged in asks for its session."""

    def _get_session_from_db(self) -> Session | None:
        """The session of this key, if it has not ended; else the key is forgotten, as Django does it."""
        found = next(iter(_lasting(str(self.session_key), timezone.now())), None)
        if found is None:
            self._session_key = None
        return found


@prepared
def _lasting(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
