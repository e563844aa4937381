"""Who calls: by a token in the `Authorization` header, or, for the documentation's own page, by a session."""

from http import HTTPStatus
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from helpdesk.actions.tokens import NOTED_EVERY, note_use
from helpdesk.api.problems import Problem
from helpdesk.domain.tokens import parse
from helpdesk.models import ApiToken, User
from helpdesk.selectors import tokens
from helpdesk.selectors.second_step import owes, signed_in

_SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer wd_…`, and by no other way: what stands in an address ends in logs."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != _SCHEME:
            raise _refused(_("Send your token as “Authorization: Bearer …”."))
        sent, now = parse(text.strip()), timezone.now()
        token = tokens.bearer(sent, now) if sent is not None else None
        if token is None:
            raise _ended()
        _hold_back(token)
        if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
            note_use(token=token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Watchdesk"'


def renewed(user: User, token: ApiToken | None, session: SessionBase) -> tuple[User, ApiToken | None]:
    """Who came by a token, or else by a session, as they are now. Raises a problem where they may not be here now.

    A session that ended is known nowhere any more: a new password, and logging out everywhere, end it at once.
    """
    if token is not None:
        found = tokens.renewed(token, timezone.now())
        if found is None:
            raise _ended()
        _hold_back(found)
        return found.user, found
    person = signed_in(user.pk)
    if person is None or not person.is_active or not session.exists(str(session.session_key)):
        raise _refused(_("Log in again."))
    return person, None


def _hold_back(token: ApiToken) -> None:
    """Refuse who owes the desk a second step: the pages would not let them in either."""
    if tokens.is_held_back(token):
        raise _owed()


def _owed() -> Problem:
    words = _("Set up a second step at log-in: this desk asks it of everybody who works here. Then it works.")
    return Problem(HTTPStatus.FORBIDDEN, "second_step_owed", words)


def _ended() -> Problem:
    # The same words for what is malformed, unknown, revoked and over: nobody learns which keys there are.
    return _refused(_("This token is not valid. It may have ended or been revoked."))


def _refused(words: str) -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "unauthenticated",
        words,
        headers={"WWW-Authenticate": 'Bearer realm="Watchdesk", error="invalid_token"'},
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # it registers itself
    """The token as the schema describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI names it."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "wd_…"}


class BrowserSession(SessionAuthentication):
    """The session of the portal and the desk, with its protection against forged requests."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None and owes(found[0]):
            raise _owed()
        return found

    def enforce_csrf(self, request: Request) -> None:
        """Refuse what a page of ours did not send.

        The library looks for that in the body too, as the endpoint reads it. Files are read by Django's own request.
        """
        body: Any = request if request.parsers else request._request  # noqa: SLF001 - it has no other name
        super().enforce_csrf(body)


class BrowserSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # as above
    """The session as the schema describes it."""

    target_class = BrowserSession
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI names it."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
