"""Somebody who calls the API by a token."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from helpdesk.actions.tokens import make_token
from helpdesk.models import Queue, User
from helpdesk.scopes import TokenScope
from tests.factories import NOW, actor

ALL = tuple(TokenScope.values)


class Caller:
    """A token of a person, and requests with it."""

    def __init__(self, user: User, *scopes: str, queues: tuple[Queue, ...] = (), per_minute: int = 60_000) -> None:
        self.row, token = make_token(
            user=user,
            name="Script",
            scopes=scopes or ALL,
            queues=queues,
            by=actor(user),
            now=NOW,
            per_minute=per_minute,
        )
        self.text = str(token)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read an address below `/api/v1/`."""
        return self.client.get(f"/api/v1/{path}", headers=_named(headers))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send JSON there; names of headers are written with underscores."""
        data = "" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1/{path}", data, content_type="application/json", headers=_named(headers)
        )

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send it by POST."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Send it by PATCH."""
        return self.send("PATCH", path, body, **headers)


class Browser(Caller):
    """The same person with a session and no token; see `test_sessions` for what guards it."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)


def filled(value: Any, places: dict[str, Any]) -> Any:
    """A path or a body with what stands in its places; what is nothing but a place becomes what stands there."""
    if isinstance(value, dict):
        return {name: filled(one, places) for name, one in value.items()}
    if not isinstance(value, str):
        return value
    if value in places:
        return places[value]
    for name, text in places.items():
        value = value.replace(name, str(text))
    return value


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
