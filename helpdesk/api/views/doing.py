"""What is done with a ticket: each address one action."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from helpdesk import access
from helpdesk.actions import assignment, clocks, linking, merging, status, tiers, watching
from helpdesk.actions.partners import Wait, wait_on
from helpdesk.actions.times import spend_time
from helpdesk.api import inputs, uploads
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.doing import done
from helpdesk.api.inputs import partner_by, person_by
from helpdesk.api.schema import H, describes
from helpdesk.api.shapes.people import PersonRef
from helpdesk.api.shapes.relations import LinkShape
from helpdesk.api.shapes.tickets import TicketShape
from helpdesk.choices import MoveName, Relation
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket
from helpdesk.permissions import MOVE_RIGHTS, Right, may
from helpdesk.selectors.links import links_of
from helpdesk.selectors.merging import merge_of
from helpdesk.selectors.watchers import watcher_named, watchers_of

_AFTER = {200: TicketShape}


def _acts(name: str, takes: type[Serializer[Any]]) -> Callable[[H], H]:
    """Tell the schema of what changes the ticket that is told afterwards."""
    return describes(name, "tickets", sends=takes, answers=_AFTER, repeatable=True, conditional=True)


class Transition(Endpoint):
    """Moves through a ticket's life."""

    @_acts("transition_ticket", inputs.TransitionInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Make a move: start, ask, hold, resolve, confirm, reject, reopen."""
        given = self.read(inputs.TransitionInput).validated_data
        move, partner = MoveName(given["move"]), given.get("partner")
        return done(
            self,
            ref,
            MOVE_RIGHTS[move],
            lambda ticket, sent, version: status.make_move(
                ticket=ticket,
                move=move,
                by=self.actor,
                now=timezone.now(),
                text=given.get("text", ""),
                resolution_kind=given.get("resolution_kind", ""),
                files=uploads.files_of(given.get("uploads", ()), self.actor),
                answers=given.get("answers"),
                minutes=given.get("minutes"),
                wait=_wait(partner, given.get("partner_reference", "")) if partner else None,
                expected_version=version,
                submission=sent,
            ),
        )


def _wait(partner: int, reference: str) -> Wait:
    return Wait(partner_by(partner), reference)


class Assign(Endpoint):
    """Who has the ticket."""

    @_acts("assign_ticket", inputs.AssignInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Give the ticket to somebody who works it, or to nobody."""
        to = person_by(self.read(inputs.AssignInput).validated_data["assignee"], "assignee")
        return done(
            self,
            ref,
            Right.ASSIGN,
            lambda ticket, _sent, version: assignment.assign(
                ticket=ticket,
                to=to,
                seen_assignee_id=ticket.assignee_id,
                by=self.actor,
                now=timezone.now(),
                expected_version=version,
            ),
        )


class Escalate(Endpoint):
    """One tier up."""

    @_acts("escalate_ticket", inputs.ReasonInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Hand the ticket to the next tier, with a reason that the desk reads."""
        return _handed(self, ref, tiers.escalate)


class Deescalate(Endpoint):
    """One tier down."""

    @_acts("deescalate_ticket", inputs.ReasonInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Hand the ticket back to the tier below, with a reason that the desk reads."""
        return _handed(self, ref, tiers.deescalate)


def _handed(endpoint: Endpoint, ref: str, act: Callable[..., Ticket]) -> HttpResponse:
    reason = endpoint.read(inputs.ReasonInput).validated_data["reason"]
    return done(
        endpoint,
        ref,
        Right.ESCALATE,
        lambda ticket, sent, version: act(
            ticket=ticket,
            reason=reason,
            by=endpoint.actor,
            now=timezone.now(),
            expected_version=version,
            submission=sent,
        ),
    )


class Acknowledge(Endpoint):
    """Somebody has seen it."""

    @describes("acknowledge_ticket", "tickets", answers=_AFTER, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Say that somebody of the desk has seen the ticket: the ladder stops."""
        return done(
            self,
            ref,
            Right.ACKNOWLEDGE,
            lambda ticket, _sent, _version: clocks.acknowledge(ticket=ticket, by=self.actor, now=timezone.now()),
        )


class Merge(Endpoint):
    """Two tickets of one matter."""

    @_acts("merge_ticket", inputs.MergeInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Close this ticket into another one, which is told as it is then. It can be undone for a day."""
        given = self.read(inputs.MergeInput).validated_data
        return done(self, ref, Right.WORK, lambda ticket, _sent, version: self._merged(ticket, given, version))

    def _merged(self, ticket: Ticket, given: Any, version: int | None) -> Ticket:
        into = access.get_ticket(self.actor, given["into"], Right.WORK)
        seen = None if version is None else (version, None)
        merged = merging.merge(
            ticket=ticket, into=into, by=self.actor, now=timezone.now(), knowing=given["knowing"], seen=seen
        )
        return merged.target


class Unmerge(Endpoint):
    """One ticket into two again."""

    @describes("unmerge_ticket", "tickets", answers=_AFTER, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Take this ticket, which was merged, out of the other one again, within a day of the merge."""
        return done(self, ref, Right.WORK, lambda ticket, _sent, _version: self._undone(ticket))

    def _undone(self, ticket: Ticket) -> Ticket:
        merge = merge_of(ticket)
        if merge is None:
            raise DomainError(_("This ticket was not merged into another one."), Code.ILLEGAL_MOVE)
        return merging.undo_merge(merge=merge, by=self.actor, now=timezone.now())


class Waiting(Endpoint):
    """On whom the ticket waits."""

    @_acts("wait_on_partner", inputs.WaitInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Say of a ticket that is on hold on which partner it waits, or under which other reference."""
        given = self.read(inputs.WaitInput).validated_data
        return done(
            self,
            ref,
            Right.WORK,
            lambda ticket, _sent, version: wait_on(
                ticket=ticket,
                wait=_wait(given["partner"], given["reference"]),
                by=self.actor,
                now=timezone.now(),
                expected_version=version,
            ),
        )


class Spending(Endpoint):
    """The time that went into it."""

    @describes("spend_time", "tickets", sends=inputs.TimeInput, answers=_AFTER, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Enter minutes of one's own that went into the ticket without a message."""
        given = self.read(inputs.TimeInput).validated_data
        return done(
            self,
            ref,
            Right.WRITE_NOTES,
            lambda ticket, sent, _version: spend_time(
                ticket=ticket, **given, by=self.actor, now=timezone.now(), submission=sent
            ),
        )


class Links(Endpoint):
    """How a ticket stands to others."""

    @describes("list_links", "tickets", answers={200: LinkShape(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List the ticket's links. Of tickets that the caller does not see only how many there are."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return answer([LinkShape.write(linked) for linked in links_of(self.actor, ticket)])

    @describes("link_ticket", "tickets", sends=inputs.LinkInput, answers=_AFTER, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Link the ticket to another one."""
        given = self.read(inputs.LinkInput).validated_data
        return done(
            self,
            ref,
            Right.WORK,
            lambda ticket, _sent, _version: linking.link(
                ticket=ticket,
                other=access.get_ticket(self.actor, given["ticket"]),
                relation=Relation(given["relation"]),
                by=self.actor,
                now=timezone.now(),
            ),
        )


class OneLink(Endpoint):
    """One link of a ticket."""

    @describes("unlink_ticket", "tickets", answers={204: None})
    def delete(self, request: Request, ref: str, relation: str, other: str) -> HttpResponse:
        """Take a link away."""
        if relation not in Relation.values:
            raise Http404(_("Tickets do not stand to each other like this."))
        ticket = access.get_ticket(self.actor, ref, Right.WORK)
        linking.unlink(
            ticket=ticket,
            other=access.get_ticket(self.actor, other),
            relation=Relation(relation),
            by=self.actor,
            now=timezone.now(),
        )
        return HttpResponse(status=HTTPStatus.NO_CONTENT)


class Watchers(Endpoint):
    """Who follows a ticket."""

    @describes("list_watchers", "tickets", answers={200: PersonRef(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List who follows the ticket, for who reads its notes."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return answer([PersonRef.write(who) for who in watchers_of(ticket)])

    @describes("watch_ticket", "tickets", sends=inputs.WatcherInput, answers=_AFTER, repeatable=True)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Follow the ticket, or let whoever has an address follow it."""
        given = self.read(inputs.WatcherInput).validated_data
        if "email" not in given:
            return done(
                self,
                ref,
                Right.REPLY,
                lambda ticket, _sent, _version: watching.watch(ticket=ticket, by=self.actor, now=timezone.now()),
            )
        return done(
            self,
            ref,
            Right.ADD_WATCHER,
            lambda ticket, _sent, _version: watching.add_watcher(
                ticket=ticket, email=given["email"], name=given.get("name", ""), by=self.actor, now=timezone.now()
            ),
        )


class OneWatcher(Endpoint):
    """Somebody who follows a ticket."""

    @describes("unwatch_ticket", "tickets", answers={204: None})
    def delete(self, request: Request, ref: str, pk: int) -> HttpResponse:
        """Let somebody follow the ticket no more: oneself, or anybody for who works on it."""
        ticket = access.get_ticket(self.actor, ref)
        sees = pk == self.actor.person_id or may(self.actor, Right.READ_NOTES, ticket)
        who = watcher_named(ticket, str(pk)) if sees else None
        if who is None:
            raise Http404(_("Nobody of this id follows the ticket."))
        watching.remove_watcher(ticket=ticket, who=who, by=self.actor, now=timezone.now())
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
