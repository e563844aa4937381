"""`Idempotency-Key`: a request that is sent twice is carried out once and answered the same both times."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from helpdesk.actions.repeats import answer_of, carry_out_once
from helpdesk.actions.tickets import Submission
from helpdesk.actors import Actor
from helpdesk.api.problems import Problem
from helpdesk.models import ApiToken
from helpdesk.selectors.tokens import first_of

_HEADER: Final = "Idempotency-Key"
_SHAPE: Final = re.compile(r"\A[\x21-\x7e]{1,255}\Z")
_KEPT: Final = ("ETag", "Location", "Content-Type")


def _submission(request: Any, parts: Callable[[], Any] | None) -> Submission | None:
    """The caller's key of this request with a digest of what it asks for, or None where they gave none.

    The key is the caller's own: another token of the same person has others, but for one that came in its place.
    """
    key = request.headers.get(_HEADER)
    if key is None:
        return None
    if not _SHAPE.match(key):
        words = _("An Idempotency-Key has up to 255 visible characters.")
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed", words, ((_HEADER, words),))
    whose = f"token-{first_of(request.auth)}" if isinstance(request.auth, ApiToken) else "session"
    body = request.data if parts is None else parts()
    name = hashlib.sha256(f"{whose} {key}".encode()).hexdigest()
    return Submission.of(f"api:{name}", {"asked": [request.method, request.path, body]})


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is carried out once for each key, and each time where it has none.

    `still` gets what was answered before it is answered again, and raises what refuses it to who may not read it any
    more, where the endpoint has not asked for as much before. An answer that `is_secret` is kept sealed.
    """

    actor: Actor
    sent: Submission | None
    still: Callable[[Any], object] | None = None
    is_secret: bool = False

    @classmethod
    def of(
        cls, request: Any, actor: Actor, *, still: Callable[[Any], object] | None = None, is_secret: bool = False,
        parts: Callable[[], Any] | None = None,
    ) -> "Once":  # fmt: skip
        """The request by its key. `parts` tells what the body says where it is no JSON."""
        return cls(actor, _submission(request, parts), still, is_secret)

    def answered(self) -> HttpResponse | None:
        """What was answered before, once more; None where nothing was."""
        before = None if self.sent is None else answer_of(self.sent, by=self.actor)
        return None if before is None else self._again(before)

    def carry_out(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Act and answer. By a key both are one transaction, in which nobody may have to wait for a network."""
        if self.sent is None:
            return act()
        made: list[HttpResponse] = []

        def answer() -> dict[str, Any]:
            response = act()
            made.append(response)
            headers = {name: response[name] for name in _KEPT if name in response}
            return {"status": response.status_code, "headers": headers, "body": response.content.decode()}

        how: dict[str, Any] = {"by": self.actor, "is_secret": self.is_secret}
        told, is_repeat = carry_out_once(submission=self.sent, act=answer, **how)
        return self._again(told) if is_repeat else made[0]

    def _again(self, answer: dict[str, Any]) -> HttpResponse:
        if self.still is not None:
            self.still(json.loads(answer["body"]))
        response = HttpResponse(answer["body"], status=answer["status"])
        for name, value in answer["headers"].items():
            response[name] = value
        response["Idempotency-Replayed"] = "true"
        return response


def once(
    request: Any, actor: Actor, act: Callable[[], HttpResponse], *,
    still: Callable[[Any], object] | None = None, is_secret: bool = False,
) -> HttpResponse:  # fmt: skip
    """Answer as before where this was answered before, and otherwise act. See `Once`."""
    one = Once.of(request, actor, still=still, is_secret=is_secret)
    before = one.answered()
    return one.carry_out(act) if before is None else before
