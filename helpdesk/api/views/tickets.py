"""Tickets: lists, one ticket, a new one, and what is filed about it."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import properties
from helpdesk.actions.properties import Properties
from helpdesk.actions.tickets import create_ticket
from helpdesk.api import filters, repeats, uploads
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.doing import with_ticket
from helpdesk.api.filters import TicketParameters
from helpdesk.api.inputs import TicketChange, TicketInput, organization_of
from helpdesk.api.lists import document, place_of
from helpdesk.api.schema import describes
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.api.telling import TicketForm, still_told, tell, told_after, told_one, told_read
from helpdesk.domain.keyset import Place
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import api, paging
from helpdesk.selectors.tickets import with_tags


class Tickets(Endpoint):
    """All tickets that the caller sees."""

    takes = TicketParameters

    @describes("list_tickets", "tickets", takes=TicketParameters, lists=TicketShape)
    def get(self, request: Request) -> HttpResponse:
        """List tickets, the latest changed first."""
        order = self._order()
        page = self._page(order, place_of(self.asked, order))
        return answer(document(tell(self.actor, page.rows, self.asked), page.older))

    def _order(self) -> paging.Order:
        name = self.asked["ordering"]
        if api.is_at_desk(self.actor):
            return api.ORDERS[name]
        if filters.asks_the_desk(self.asked):
            # Nothing is told of what only the desk knows, not even an order.
            raise PermissionDenied(_("Lists are narrowed and ordered by this at the desk alone."))
        return api.PUBLIC_ORDERS[name]

    def _page(self, order: paging.Order, place: Place | None) -> paging.Page[Ticket]:
        size, by_desk_only = self.asked["limit"], filters.asks_the_desk(self.asked)
        narrow = partial(filters.narrowed, asked=self.asked, actor=self.actor)
        if api.is_at_desk(self.actor) and not by_desk_only:
            return api.page(self.actor, order, size, place, narrow if filters.is_narrowed(self.asked) else None)
        rows = narrow(api.listed(self.actor, by_desk_only=by_desk_only))
        return paging.page(rows, order, before=self.asked.get("cursor", ""), size=size, dress=api.dressed)

    @describes("create_ticket", "tickets", sends=TicketInput, answers={201: TicketShape}, repeatable=True)
    def post(self, request: Request) -> HttpResponse:
        """File a ticket."""
        return repeats.once(request, self.actor, self._filed, still=partial(still_told, self))

    def _filed(self) -> HttpResponse:
        given: Mapping[str, Any] = self.read(TicketInput).validated_data
        ticket = create_ticket(
            subject=given["subject"],
            body=given["body"],
            by=self.actor,
            now=timezone.now(),
            category=given.get("category"),
            queue=given.get("queue"),
            priority=given.get("priority"),
            requester=given.get("requester"),
            organization=organization_of(given.get("organization")),
            answers=given.get("answers") or {},
            impact=given.get("impact"),
            urgency=given.get("urgency"),
            files=uploads.files_of(given.get("uploads", ()), self.actor),
            follow=given["follow"],
            take=given["take"],
        )
        where = {"Location": f"/api/v1/tickets/{ticket.ref}/"}
        return told_after(self, ticket, status=HTTPStatus.CREATED, headers=where)


class OneTicket(Endpoint):
    """One ticket."""

    takes = TicketForm

    @describes("read_ticket", "tickets", takes=TicketForm, answers={200: TicketShape}, tagged=True)
    def get(self, request: Request, ref: str) -> HttpResponse:
        """Read a ticket. Of one that was merged: what became of it is in `merged_into`."""
        return told_read(self, with_tags([access.get_ticket(self.actor, ref)]))

    @describes("change_ticket", "tickets", sends=TicketChange, answers={200: TicketShape}, conditional="ticket")
    def patch(self, request: Request, ref: str) -> HttpResponse:
        """Change what a ticket is filed under: all that is named, or nothing where some of it is refused."""
        given = dict(self.read(TicketChange).validated_data)
        if "organization" in given:
            given["organization"] = organization_of(given["organization"])
        if not given:
            return told_one(self, access.get_ticket(self.actor, ref, Right.WORK))

        def change(ticket: Ticket, version: int | None) -> Ticket:
            how: dict[str, Any] = {"by": self.actor, "now": timezone.now(), "expected_version": version}
            return properties.set_properties(ticket=ticket, to=Properties(**given), **how)

        return told_after(self, with_ticket(self, ref, Right.VIEW, change))
