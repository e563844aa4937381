"""What endpoints share that do something with one ticket."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.serializers import Serializer

from helpdesk import access
from helpdesk.actions.tickets import Submission
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint
from helpdesk.api.preconditions import expected_version
from helpdesk.api.schema import H, describes
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.api.telling import still_told, told_after
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may

R = TypeVar("R")
# How often what changed in the last moment is looked at anew.
_TRIES: Final = 3


def acts(
    name: str, takes: type[Serializer[Any]] | None = None, *, tag: str = "tickets", conditional: bool = True
) -> Callable[[H], H]:
    """Tell the schema of what changes the ticket that is told afterwards."""
    return describes(name, tag, sends=takes, answers={200: TicketShape}, repeatable=True, conditional=conditional)


def unchanged(
    endpoint: Endpoint, find: Callable[[], Ticket], act: Callable[[Ticket, int | None], R], *, as_read: bool = False
) -> R:
    """Do something with the ticket as the caller demands it to be by `If-Match`; the action is told which version to
    find under its lock. Raises a problem (412) where it changed.

    Who does not read the ticket's notes demands that nothing new is public: where it changed in the last moment without
    that, it is looked at, and done, anew. So it is `as_read`, where what is done follows from how it was read.
    """
    tries = 0
    while True:
        ticket, tries = find(), tries + 1
        at_desk = may(endpoint.actor, Right.READ_NOTES, ticket)
        version = expected_version(endpoint.request, ticket, at_desk=at_desk)
        version = ticket.version if as_read else version
        try:
            return act(ticket, version)
        except DomainError as refusal:
            if version is None or refusal.code is not Code.STALE or tries == _TRIES:
                raise


def done(
    endpoint: Endpoint, ref: str, right: Right, act: Callable[..., Ticket], *, keyed: bool = False,
    conditional: bool = True, **given: Any,
) -> HttpResponse:  # fmt: skip
    """Do something with the ticket of this reference, once for each key, and tell how it is then.

    The action gets the ticket, who acts, when, and what is given; one that is `conditional` the version to find under
    its lock, one that is `keyed` the key.
    """

    def carry_out(sent: Submission | None) -> HttpResponse:
        how = {**given, "submission": sent} if keyed else given

        def do(ticket: Ticket, version: int | None) -> Ticket:
            demanded = {"expected_version": version} if conditional else {}
            return act(ticket=ticket, by=endpoint.actor, now=timezone.now(), **how, **demanded)

        after = unchanged(endpoint, lambda: access.get_ticket(endpoint.actor, ref, right), do)
        return told_after(endpoint, after)

    return repeats.once(endpoint.request, endpoint.actor, carry_out, still=partial(still_told, endpoint))
