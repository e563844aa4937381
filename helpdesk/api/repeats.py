"""`Idempotency-Key`: a request that is sent twice is carried out once and answered the same both times."""

import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from helpdesk.actions.repeats import answer_of, keep_answer
from helpdesk.actions.tickets import Submission
from helpdesk.actors import Actor
from helpdesk.api.problems import Problem
from helpdesk.models import ApiToken

_HEADER: Final = "Idempotency-Key"
_SHAPE: Final = re.compile(r"\A[\x21-\x7e]{1,255}\Z")
_KEPT: Final = ("ETag", "Location", "Content-Type")


def _submission(request: Any, parts: Callable[[], Any] | None) -> Submission | None:
    """The caller's key of this request with a digest of what it asks for, or None where they gave none.

    The key is the caller's own: another token of the same person has others.
    """
    key = request.headers.get(_HEADER)
    if key is None:
        return None
    if not _SHAPE.match(key):
        words = _("An Idempotency-Key has up to 255 visible characters.")
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed", words, ((_HEADER, words),))
    whose = f"token-{request.auth.pk}" if isinstance(request.auth, ApiToken) else "session"
    body = request.data if parts is None else parts()
    name = hashlib.sha256(f"{whose} {key}".encode()).hexdigest()
    return Submission.of(f"api:{name}", {"asked": [request.method, request.path, body]})


def once(
    request: Any, actor: Actor, act: Callable[[Submission | None], HttpResponse], *,
    still: Callable[[Any], object] | None = None, parts: Callable[[], Any] | None = None, is_secret: bool = False,
) -> HttpResponse:  # fmt: skip
    """Answer as before where this was answered before, and otherwise act, and keep the answer.

    Actions that make something are given the key, and keep it in their own transaction: what two send at the same time,
    or again after the process died before its answer was kept, is still made once. `still` gets what was answered
    before it is answered again, and raises what refuses it to who may not read it any more. `parts` tells what the body
    says where it is no JSON; an answer that `is_secret` is kept sealed.
    """
    sent = _submission(request, parts)
    if sent is None:
        return act(None)
    before = answer_of(sent, by=actor)
    if before is not None:
        if still is not None:
            still(json.loads(before["body"]))
        return _again(before)
    response = act(sent)
    headers = {name: response[name] for name in _KEPT if name in response}
    document = {"status": response.status_code, "headers": headers, "body": response.content.decode()}
    first = keep_answer(sent, document, by=actor, is_secret=is_secret)
    return response if first is None else _again(first)


def _again(answer: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(answer["body"], status=answer["status"])
    for name, value in answer["headers"].items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
