"""Tickets as answers: the right shape for each reader, only the fields and with the details that were asked for."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.api import parameters
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.preconditions import tagged, ticket_read
from helpdesk.api.problems import Problem
from helpdesk.api.shapes.base import several
from helpdesk.api.shapes.clocks import ClockShape
from helpdesk.api.shapes.people import OrganizationShape, PersonShape
from helpdesk.api.shapes.relations import WaitShape
from helpdesk.api.shapes.tickets import AnswerShape, PublicTicketShape, TicketShape
from helpdesk.models import FieldValue, Ticket
from helpdesk.permissions import Right, holds, may
from helpdesk.selectors import api, clocks, links, partners
from helpdesk.selectors.exporting import answers_on

# Told in full where it is asked for, of tickets whose notes the caller reads.
_Expand = Callable[[Sequence[Ticket]], Mapping[int, Any]]


def _people(name: str) -> _Expand:
    def tell(tickets: Sequence[Ticket]) -> Mapping[int, Any]:
        people = {ticket.pk: getattr(ticket, name) for ticket in tickets}
        return {pk: None if person is None else PersonShape.write(person) for pk, person in people.items()}

    return tell


def _organizations(tickets: Sequence[Ticket]) -> Mapping[int, Any]:
    found = {row.pk: row for row in api.organizations([one.organization_id for one in tickets])}
    shapes = {pk: OrganizationShape.write(row) for pk, row in found.items()}
    return {one.pk: shapes.get(one.organization_id or 0) for one in tickets}


def _clocks(tickets: Sequence[Ticket]) -> Mapping[int, Any]:
    running = clocks.running(tickets)
    return {one.pk: several(ClockShape, running.get(one.pk, [])) for one in tickets}


def _answers(tickets: Sequence[Ticket]) -> Mapping[int, Any]:
    found = answers_on(FieldValue.objects.all(), [one.pk for one in tickets])
    return {one.pk: several(AnswerShape, found.get(one.pk, [])) for one in tickets}


def _waits(tickets: Sequence[Ticket]) -> Mapping[int, Any]:
    found = partners.waits_of(tickets)
    return {one.pk: WaitShape.write(found[one.pk]) if one.pk in found else None for one in tickets}


# What is told in full is what the caller could read by its own address: of these that takes the right to see people.
_OF_PEOPLE: Final = frozenset({"requester", "assignee", "organization"})
EXPANSIONS: Final[Mapping[str, _Expand]] = {
    "requester": _people("requester"),
    "assignee": _people("assignee"),
    "organization": _organizations,
    "clocks": _clocks,
    "answers": _answers,
    "waits": _waits,
}


def tell(
    actor: Actor, tickets: Sequence[Ticket], asked: Mapping[str, Any], *, opened: bool = False
) -> list[dict[str, Any]]:
    """The tickets as JSON. `opened` for one that came through the gate, where an auditor's look went on record."""
    only, expand = asked.get("fields"), asked.get("expand")
    if opened:
        inside = frozenset(one.pk for one in tickets if may(actor, Right.READ_NOTES, one))
    else:
        inside = api.read_as_desk(actor, tickets)
    links.tell_hidden(actor, [one for one in tickets if one.pk in inside])
    told = [TicketShape.write(one, only) if one.pk in inside else PublicTicketShape.write(one, only) for one in tickets]
    for name in expand or ():
        if name in _OF_PEOPLE and not holds(actor, Right.SEE_PEOPLE):
            words = _("You may not expand “%(name)s”: only who may read people and organisations does.") % {
                "name": name
            }
            raise Problem(HTTPStatus.FORBIDDEN, "forbidden", words, (("expand", words),))
        details = EXPANSIONS[name]([one for one in tickets if one.pk in inside])
        for one, document in zip(tickets, told, strict=True):
            if one.pk in details:
                document[name] = details[one.pk]
    return told


FIELDS: Final = tuple(name for name, _write in TicketShape.parts())
_PUBLIC: Final = frozenset(name for name, _write in PublicTicketShape.parts())


class TicketForm(serializers.Serializer[Any]):
    """In which form a ticket is told."""

    fields = parameters.choice(  # type: ignore[assignment] # a parameter of this name
        [(name, name) for name in FIELDS], help_text="Only these fields."
    )
    expand = parameters.choice([(name, name) for name in EXPANSIONS], help_text="What is told in full.")


def told_one(
    endpoint: Endpoint,
    ticket: Ticket,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """One ticket that came through the gate, as it is now, with its tag."""
    return told_read(endpoint, api.dressed([ticket.pk]), status=status, headers=headers)


def told_read(
    endpoint: Endpoint,
    rows: Sequence[Ticket],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The one of these rows, which came through the gate and has its tags, under the mark of its state."""
    (document,) = tell(endpoint.actor, rows, endpoint.asked, opened=True)
    return tagged(answer(document, status, headers), endpoint.plain, ticket_read(endpoint.actor, rows[0]).mark)


def told_after(endpoint: Endpoint, ticket: Ticket, **how: Any) -> HttpResponse:
    """The ticket after something was done with it; only its reference where whoever did it does not see it any more."""
    if not may(endpoint.actor, Right.VIEW, ticket):
        return answer({"ref": ticket.ref}, **how)
    return told_one(endpoint, ticket, **how)


def still_told(endpoint: Endpoint, document: Mapping[str, Any]) -> None:
    """Raise as the gate does where the caller would not be told as much of the ticket any more. See `repeats.once`."""
    if document.keys() - TicketShape.always:
        right = Right.VIEW if document.keys() <= _PUBLIC else Right.READ_NOTES
        access.get_ticket(endpoint.actor, document["ref"], right)
        others = [document[name] for name in ("follows", "merged_into") if document.get(name)]
        if not links.sees_named(endpoint.actor, others, document.get("problem")):
            raise PermissionDenied(_("This was done. Something that was answered is not yours to see any more."))
