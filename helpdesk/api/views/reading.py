"""What is known about one ticket: its conversation, its record, its clocks."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import conversation as speaking
from helpdesk.actions import editing
from helpdesk.api import repeats, uploads
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.doing import with_ticket
from helpdesk.api.inputs import MessageChange, MessageInput
from helpdesk.api.lists import document, paged, place_of
from helpdesk.api.parameters import ListParameters
from helpdesk.api.preconditions import Read, message_read, tagged, unchanged
from helpdesk.api.schema import describes, page_of
from helpdesk.api.shapes.clocks import ClockShape, WhyShape
from helpdesk.api.shapes.conversation import EventShape, MessageShape
from helpdesk.choices import Visibility
from helpdesk.models import Message, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import clocks, conversation, paging


class Messages(Endpoint):
    """The conversation, with notes for who reads them."""

    takes = ListParameters

    @describes("list_messages", "messages", takes=ListParameters, lists=MessageShape)
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List what was written, the oldest first."""
        ticket = access.get_ticket(self.actor, ref)
        return paged(conversation.messages(self.actor, ticket), self.asked, MessageShape.write, paging.WRITTEN)

    @describes(
        "create_message", "messages", sends=MessageInput, answers={201: MessageShape}, repeatable=True,
        conditional="ticket",
    )  # fmt: skip
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Write a reply, or a note for the desk alone."""

        def still(told: Any) -> None:
            is_note = told["visibility"] == Visibility.INTERNAL
            where = conversation.where_written(told["id"])
            access.get_ticket(self.actor, where.ref, Right.READ_NOTES if is_note else Right.VIEW)

        return repeats.once(request, self.actor, lambda: self._written(ref), still=still)

    def _written(self, ref: str) -> HttpResponse:
        given = self.read(MessageInput).validated_data
        is_note = given["visibility"] == Visibility.INTERNAL
        after = with_ticket(
            self,
            ref,
            Right.WRITE_NOTES if is_note else Right.REPLY,
            lambda ticket, version: self._say(ticket, given, version, is_note=is_note),
        )
        message = conversation.said_last(after)
        where = {"Location": f"/api/v1/tickets/{after.ref}/messages/{message.pk}/"}
        return _told(self, message, HTTPStatus.CREATED, where)

    def _say(self, ticket: Ticket, given: Any, version: int | None, *, is_note: bool) -> Ticket:
        told: dict[str, Any] = {
            "ticket": ticket,
            "body": given["body"],
            "by": self.actor,
            "now": timezone.now(),
            "files": uploads.files_of(given.get("uploads", ()), self.actor),
            "minutes": given.get("minutes"),
            "expected_version": version,
        }
        if is_note:
            return speaking.add_note(**told)
        return speaking.reply(**told, cc=given.get("cc", ()))


class OneMessage(Endpoint):
    """One message."""

    @describes("read_message", "messages", answers={200: MessageShape}, tagged=True)
    def get(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Read one message."""
        return _told(self, access.get_message(self.actor, access.get_ticket(self.actor, ref), pk))

    @describes("change_message", "messages", sends=MessageChange, answers={200: MessageShape}, conditional="message")
    def patch(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Change what one wrote, within the minutes that the desk gives. What it said before is kept."""

        def find() -> Read[Message, int]:
            ticket = access.get_ticket(self.actor, ref)
            return message_read(access.get_own_message(self.actor, ticket, pk))

        def change(message: Message, revision: int | None) -> Ticket:
            given = self.read(MessageChange).validated_data
            return editing.edit_message(
                message=message,
                body=given["body"],
                mail_again=given["mail_again"],
                seen_revision=given.get("revision", revision),
                by=self.actor,
                now=timezone.now(),
            )

        after = unchanged(self.request, find, change)
        return _told(self, access.get_message(self.actor, after, pk))


def _told(
    endpoint: Endpoint, message: Message, status: HTTPStatus = HTTPStatus.OK, headers: Any = None
) -> HttpResponse:
    told = answer(MessageShape.write(message), status, headers)
    return tagged(told, endpoint.plain, message_read(message).mark)


class Timeline(Endpoint):
    """The record."""

    takes = ListParameters

    @describes("list_events", "tickets", takes=ListParameters, answers={200: page_of(EventShape)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List what happened to the ticket, and to those that were merged into it, the oldest first.

        The cursor may also be a version, after which the ticket's own events follow.
        """
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        is_moment = paging.IN_TIME.decode(self.asked.get("cursor", "")) is not None
        place = place_of(self.asked, paging.IN_TIME if is_moment else paging.ROWS)
        entries, following = conversation.timeline_page(self.actor, ticket, size=self.asked["limit"], place=place)
        return answer(document([EventShape.write(one) for one in entries], following))


class Clocks(Endpoint):
    """What is promised."""

    @describes("list_clocks", "sla", answers={200: ClockShape(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List the ticket's clocks that ever promised something, those that run first."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return answer([ClockShape.write(cycle) for cycle in clocks.of_ticket(ticket)])


class Why(Endpoint):
    """Why a clock is due when it is."""

    @describes("explain_clock", "sla", answers={200: WhyShape})
    def get(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Tell line by line why the clock is due when it is."""
        cycle = access.get_cycle(access.get_ticket(self.actor, ref, Right.READ_NOTES), pk)
        if cycle.target_seconds is None:
            raise Http404(_("This clock measures, and promises nothing now."))
        return answer(WhyShape.write(clocks.explain(cycle, timezone.now())))
