"""`ETag` and `If-Match`: nobody writes over what they have not seen."""

import hashlib
import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from helpdesk.api.problems import PreconditionFailed
from helpdesk.models import Ticket

_TAG: Final = re.compile(r'(?:W/)?"(?P<mark>[dp]\d{1,20})(?:-[0-9a-f]+)?"')


def mark_of(ticket: Ticket, *, at_desk: bool) -> str:
    """What tells one state of the ticket from another: its version or, for who does not see that, its latest news."""
    return f"d{ticket.version}" if at_desk else f"p{int(ticket.public_at.timestamp() * 1_000_000)}"


def tagged(response: HttpResponse, request: HttpRequest, mark: str) -> HttpResponse:
    """The answer with its tag, or 304 without a body where the caller has this very answer.

    The tag begins with the ticket's own mark, which is all that `If-Match` looks at; the rest tells one form of the
    answer from another.
    """
    digest = hashlib.sha256(response.content).hexdigest()[:16]
    tag = f'"{mark}-{digest}"'
    known = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    if request.method in {"GET", "HEAD"} and tag in known:
        response = HttpResponse(status=304)
    response["ETag"] = tag
    return response


def expected_version(request: Any, ticket: Ticket, *, at_desk: bool) -> int | None:
    """The version that `If-Match` demands, to be checked again under the lock; None where it demands none.

    Raises a problem (412) where the ticket has changed already.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    marks = {found["mark"] for found in _TAG.finditer(header)}
    if mark_of(ticket, at_desk=at_desk) not in marks:
        raise PreconditionFailed
    return ticket.version
