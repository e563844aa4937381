"""What endpoints share that do something with one ticket."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.serializers import Serializer

from helpdesk import access
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint
from helpdesk.api.preconditions import Read, ticket_read, unchanged
from helpdesk.api.schema import H, describes
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.api.telling import still_told, told_after
from helpdesk.models import Ticket
from helpdesk.permissions import Right


def acts(
    name: str, takes: type[Serializer[Any]] | None = None, *, tag: str = "tickets", conditional: bool = True
) -> Callable[[H], H]:
    """Tell the schema of what changes the ticket that is told afterwards."""
    of = "ticket" if conditional else ""
    return describes(name, tag, sends=takes, answers={200: TicketShape}, repeatable=True, conditional=of)


def with_ticket(endpoint: Endpoint, ref: str, right: Right, act: Callable[[Ticket, int | None], Ticket]) -> Ticket:
    """Do something with the ticket of this reference, in the state that `If-Match` demands. See `unchanged`."""

    def find() -> Read[Ticket, int]:
        return ticket_read(endpoint.actor, access.get_ticket(endpoint.actor, ref, right))

    return unchanged(endpoint.request, find, act)


def done(
    endpoint: Endpoint, ref: str, right: Right, act: Callable[..., Ticket], *, conditional: bool = True, **given: Any
) -> HttpResponse:
    """Do something with the ticket of this reference, once for each key, and tell how it is then.

    The action gets the ticket, who acts, when, and what is given; one that is `conditional` the version to find under
    its lock.
    """

    def do(ticket: Ticket, version: int | None) -> Ticket:
        demanded = {"expected_version": version} if conditional else {}
        return act(ticket=ticket, by=endpoint.actor, now=timezone.now(), **given, **demanded)

    def carry_out() -> HttpResponse:
        return told_after(endpoint, with_ticket(endpoint, ref, right, do))

    return repeats.once(endpoint.request, endpoint.actor, carry_out, still=partial(still_told, endpoint))
