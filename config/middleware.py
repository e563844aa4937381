"""What every request and answer gets: an id, and the policy of what a page may load."""

import re
import secrets
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_ID: Final = re.compile(r"\A[A-Za-z0-9._-]{8,64}\Z")

_BASE: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:"
)
PORTAL_POLICY: Final = _BASE
# Unfold's Alpine evaluates expressions and sets styles; its own pages need no more than these two.
DESK_POLICY: Final = f"{_BASE}; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"


class RequestId:
    """Name each request, in the log, in the record and in the answer; a proxy in front may have named it already."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ID.match(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined] # read by `helpdesk.requests`
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ContentSecurityPolicy:
    """Two policies: the desk's for `/admin/`, the strict one for everything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = DESK_POLICY if request.path.startswith("/admin/") else PORTAL_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
