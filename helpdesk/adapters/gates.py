"""On the way of each request: when a session was last used, and nobody at work without the second step demanded."""

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from helpdesk.actions import sessions
from helpdesk.adapters.devices import SEEN, address_of, user_agent_of
from helpdesk.models import User
from helpdesk.selectors.second_step import owes

_GetResponse = Callable[[HttpRequest], HttpResponse]
_NOTED_EVERY: Final = 300


class LastSeen:
    """Note now and then when and from where a session is used. The session itself says when that was noted last."""

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, key, now = request.user, request.session.session_key, time.time()
        if isinstance(user, User) and key and now - request.session.get(SEEN, 0) >= _NOTED_EVERY:
            request.session[SEEN] = now
            sessions.note_seen(
                person=user,
                session_key=key,
                address=address_of(request),
                user_agent=user_agent_of(request),
                now=timezone.now(),
            )
        return self.get_response(request)


class SecondStep:
    """Lead whoever works here and has no second step to set one up, where the desk demands it.

    This is the one place: no page of either room is reached by them, but for those about their account. The API, which
    answers programs, refuses them in its own words.
    """

    _OPEN: Final = ("/accounts/", "/brand/", "/api/")
    _PAGES: Final = "/api/docs/"

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        is_open = request.path.startswith(self._OPEN) and not request.path.startswith(self._PAGES)
        if isinstance(user, User) and owes(user) and not is_open:
            where = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('mfa_index')}?{where}")
        return self.get_response(request)
