"""`ETag` and `If-Match`: nobody writes over what they have not seen."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

from helpdesk.actions.setup import state_of
from helpdesk.actors import Actor
from helpdesk.api.problems import PreconditionFailed
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, SubTask, Ticket, Webhook
from helpdesk.permissions import Right, may

M = TypeVar("M")
S = TypeVar("S", int, str)
R = TypeVar("R")
_TAG: Final = re.compile(r'(?:W/)?"(?P<mark>[0-9a-z.]{3,80})(?:-[0-9a-f]+)?"')
_ANY: Final = "*"
# How often what changed in the last moment is looked at anew.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Read(Generic[M, S]):
    """A row as it was read: `mark` tells this state of it from all others and from those of other rows; `seen` is what
    its action compares under the lock.
    """

    row: M
    mark: str
    seen: S


def ticket_read(actor: Actor, ticket: Ticket) -> Read[Ticket, int]:
    """A ticket is another one with each version or, for who does not see that, with its latest news."""
    at_desk = may(actor, Right.READ_NOTES, ticket)
    state = f"d{ticket.version}" if at_desk else f"p{int(ticket.public_at.timestamp() * 1_000_000)}"
    return Read(ticket, f"t{ticket.number}.{state}", ticket.version)


def message_read(message: Message) -> Read[Message, int]:
    """A message is another one with each change of its words."""
    return Read(message, f"m{message.pk}.{message.revision}", message.revision)


def sub_task_read(task: SubTask) -> Read[SubTask, str]:
    """A sub-task is another one with each change of it."""
    return _by_state("s", task)


def webhook_read(webhook: Webhook) -> Read[Webhook, str]:
    """A webhook is another one with each change that somebody makes; what becomes of its calls is none."""
    return _by_state("w", webhook)


_K = TypeVar("_K", SubTask, Webhook)


def _by_state(kind: str, row: _K) -> Read[_K, str]:
    state = state_of(row)
    return Read(row, f"{kind}{row.pk}.{state[:16]}", state)


def tagged(response: HttpResponse, request: HttpRequest, mark: str) -> HttpResponse:
    """The answer with its tag, or 304 without a body where the caller has this very answer.

    The tag begins with the row's own mark, which is all that `If-Match` looks at; the rest tells one form of the
    answer from another.
    """
    digest = hashlib.sha256(response.content).hexdigest()[:16]
    tag = f'"{mark}-{digest}"'
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    if request.method in {"GET", "HEAD"} and known & {tag, _ANY}:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response


def unchanged(
    request: Any, find: Callable[[], Read[M, S]], act: Callable[[M, S | None], R], *, as_read: bool = False
) -> R:
    """Do something with a row as the caller demands it to be by `If-Match`; the action is told which state to find
    under its lock. Raises a problem (412) where it changed, or where the tag is of something else, or is none.

    A state may change without its mark: where that happens in the last moment, the row is looked at, and done with,
    anew. So it is `as_read`, where what is done follows from how it was read.
    """
    tries = 0
    while True:
        found, tries = find(), tries + 1
        seen = found.seen if _demanded(request, found.mark) or as_read else None
        try:
            return act(found.row, seen)
        except DomainError as refusal:
            if seen is None or refusal.code is not Code.STALE or tries == _TRIES:
                raise


def _demanded(request: Any, mark: str) -> bool:
    """Whether the row has to be in the state of this mark. Raises a problem (412) where another one is demanded."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == _ANY:
        return False
    named = (_TAG.fullmatch(part.strip()) for part in header.split(","))
    if mark not in {found["mark"] for found in named if found}:
        raise PreconditionFailed
    return True
