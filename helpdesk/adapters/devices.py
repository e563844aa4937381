"""The browser that a request comes from: its address, what it says about itself, and who has logged in with it before.

A signed cookie remembers the latter, so that people hear of a log-in with another browser and not of each one.
"""

import time
from typing import Any, Final

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponse

from helpdesk.domain.devices import NOWHERE
from helpdesk.models import User

# Where a session keeps when it was last noted that it is used.
SEEN: Final = "seen"
_COOKIE: Final = "known"
_SALT: Final = "helpdesk.devices"
_MOST: Final = 8
_YEAR: Final = 365 * 24 * 3600
_LONGEST: Final = 200


def address_of(request: HttpRequest) -> str:
    """The network address of who asks; behind a socket without a proxy nobody knows it."""
    return str(get_client_ip(request) or NOWHERE)


def user_agent_of(request: HttpRequest) -> str:
    """What the browser says about itself."""
    return request.headers.get("User-Agent", "")[:_LONGEST]


def _known(request: HttpRequest) -> list[int]:
    try:
        keys = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_YEAR)
    except signing.BadSignature:
        return []
    return [key for key in keys if isinstance(key, int)]


def is_known(request: HttpRequest, person: User) -> bool:
    """Whether the person has logged in with this browser before."""
    return person.pk in _known(request)


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Know them by this browser from now on."""
    keys = [person.pk, *(key for key in _known(request) if key != person.pk)][:_MOST]
    response.set_cookie(
        _COOKIE,
        signing.dumps(keys, salt=_SALT),
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _begun(*, request: HttpRequest, **_more: Any) -> None:
    request.session[SEEN] = time.time()


def listen() -> None:
    """Note the beginning of a session; allauth notes the rest."""
    user_logged_in.connect(_begun)
