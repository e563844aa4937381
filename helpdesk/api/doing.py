"""What endpoints share that do something with one ticket."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse

from helpdesk import access
from helpdesk.actions.tickets import Submission
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint
from helpdesk.api.preconditions import expected_version
from helpdesk.api.problems import PreconditionFailed
from helpdesk.api.telling import told_after
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may


def demanded(endpoint: Endpoint, ticket: Ticket) -> int | None:
    """The version that the caller demands, to be checked again under the lock."""
    at_desk = may(endpoint.actor, Right.READ_NOTES, ticket)
    return expected_version(endpoint.request, ticket, at_desk=at_desk)


@contextlib.contextmanager
def unchanged_since(version: int | None) -> Iterator[None]:
    """Where the caller demanded a version, what changed in the last moment is a failed demand like any other."""
    try:
        yield
    except DomainError as refusal:
        if version is not None and refusal.code is Code.STALE:
            raise PreconditionFailed from refusal
        raise


def done(
    endpoint: Endpoint, ref: str, right: Right, act: Callable[[Ticket, Submission | None, int | None], Ticket],
    **how: Any,
) -> HttpResponse:  # fmt: skip
    """Do something with the ticket of this reference, once for each key, and tell how it is then."""
    sent = repeats.submission(endpoint.request)

    def carry_out() -> HttpResponse:
        ticket = access.get_ticket(endpoint.actor, ref, right)
        version = demanded(endpoint, ticket)
        with unchanged_since(version):
            after = act(ticket, sent, version)
        return told_after(endpoint, after, **how)

    return repeats.once(sent, endpoint.actor, carry_out)
