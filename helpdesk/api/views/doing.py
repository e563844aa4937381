"""What is done with a ticket: each address one action."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from helpdesk import access
from helpdesk.actions import assignment, clocks, guests, linking, merging, status, tiers, watching
from helpdesk.actions.partners import Wait, wait_on
from helpdesk.actions.problems import set_problem
from helpdesk.actions.times import spend_time
from helpdesk.api import inputs, uploads
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.doing import acts, done
from helpdesk.api.inputs import partner_by, worker_by
from helpdesk.api.schema import describes
from helpdesk.api.shapes.people import PersonRef
from helpdesk.api.shapes.relations import LinkShape
from helpdesk.choices import MoveName, Relation
from helpdesk.models import Ticket
from helpdesk.permissions import MOVE_RIGHTS, Right, may
from helpdesk.scopes import TokenScope
from helpdesk.selectors.links import links_of
from helpdesk.selectors.watchers import watcher_named, watchers_of


class Transition(Endpoint):
    """Moves through a ticket's life."""

    @acts("transition_ticket", inputs.TransitionInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Make a move: start, ask, hold, resolve, confirm, reject, reopen."""
        given = self.read(inputs.TransitionInput).validated_data
        move, partner = MoveName(given["move"]), given.get("partner")

        def act(**how: Any) -> Ticket:
            return status.make_move(
                move=move,
                text=given.get("text", ""),
                resolution_kind=given.get("resolution_kind", ""),
                files=uploads.files_of(given.get("uploads", ()), self.actor),
                answers=given.get("answers"),
                minutes=given.get("minutes"),
                wait=_wait(partner, given.get("partner_reference", "")) if partner else None,
                **how,
            )

        return done(self, ref, MOVE_RIGHTS[move], act)


def _wait(partner: int, reference: str) -> Wait:
    return Wait(partner_by(partner), reference)


class Assign(Endpoint):
    """Who has the ticket."""

    @acts("assign_ticket", inputs.AssignInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Give the ticket to somebody who works it, or to nobody."""
        assignee = self.read(inputs.AssignInput).validated_data["assignee"]

        def act(ticket: Ticket, **how: Any) -> Ticket:
            to = worker_by(assignee, ticket)
            return assignment.assign(ticket=ticket, to=to, seen_assignee_id=ticket.assignee_id, **how)

        return done(self, ref, Right.ASSIGN, act)


class Escalate(Endpoint):
    """One tier up."""

    @acts("escalate_ticket", inputs.ReasonInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Hand the ticket to the next tier, with a reason that the desk reads."""
        given = self.read(inputs.ReasonInput).validated_data
        return done(self, ref, Right.ESCALATE, tiers.escalate, **given)


class Deescalate(Endpoint):
    """One tier down."""

    @acts("deescalate_ticket", inputs.ReasonInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Hand the ticket back to the tier below, with a reason that the desk reads."""
        given = self.read(inputs.ReasonInput).validated_data
        return done(self, ref, Right.ESCALATE, tiers.deescalate, **given)


class Acknowledge(Endpoint):
    """Somebody has seen it."""

    @acts("acknowledge_ticket", conditional=False)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Say that somebody of the desk has seen the ticket: the ladder stops."""
        return done(self, ref, Right.ACKNOWLEDGE, clocks.acknowledge, conditional=False)


class Merge(Endpoint):
    """Two tickets of one matter."""

    @acts("merge_ticket", inputs.MergeInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Close this ticket into another one, which is told as it is then. It can be undone for a day."""
        return done(self, ref, Right.WORK, self._merged, **self.read(inputs.MergeInput).validated_data)

    def _merged(self, into: str, expected_version: int | None, **how: Any) -> Ticket:
        other = access.get_ticket(self.actor, into, Right.WORK)
        seen = None if expected_version is None else (expected_version, None)
        return merging.merge(into=other, seen=seen, **how).target


class Unmerge(Endpoint):
    """One ticket into two again."""

    @acts("unmerge_ticket", conditional=False)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Take this ticket, which was merged, out of the other one again, within a day of the merge."""
        return done(self, ref, Right.WORK, merging.take_out, conditional=False)


class Waiting(Endpoint):
    """On whom the ticket waits."""

    @acts("wait_on_partner", inputs.WaitInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Say of a ticket that is on hold on which partner it waits, or under which other reference."""
        given = self.read(inputs.WaitInput).validated_data

        def act(**how: Any) -> Ticket:
            return wait_on(wait=_wait(given["partner"], given["reference"]), **how)

        return done(self, ref, Right.WORK, act)


class Spending(Endpoint):
    """The time that went into it."""

    @acts("spend_time", inputs.TimeInput, conditional=False)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Enter minutes of one's own that went into the ticket without a message."""
        given = self.read(inputs.TimeInput).validated_data
        return done(self, ref, Right.WRITE_NOTES, spend_time, conditional=False, **given)


class Gathering(Endpoint):
    """The problem behind it."""

    @acts("gather_ticket", inputs.GatheringInput)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Gather the ticket under a problem, or take it out of the one that it is under."""
        name = self.read(inputs.GatheringInput).validated_data["problem"]

        def act(**how: Any) -> Ticket:
            return set_problem(to=None if name is None else access.get_problem(self.actor, name), **how)

        return done(self, ref, Right.WORK, act)


class GuestLinks(Endpoint):
    """The way of who asked without an account."""

    @describes("withdraw_guest_link", "tickets", answers={204: None})
    def delete(self, request: Request, ref: str) -> HttpResponse:
        """Let the link lead nowhere that was mailed to who asked. The next mail to them carries a new one."""
        ticket = access.get_ticket(self.actor, ref, Right.WORK)
        guests.revoke_links(ticket=ticket, by=self.actor, now=timezone.now())
        return HttpResponse(status=HTTPStatus.NO_CONTENT)


class Links(Endpoint):
    """How a ticket stands to others."""

    @describes("list_links", "tickets", answers={200: LinkShape(many=True)})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """List the ticket's links. Of tickets that the caller does not see only how many there are."""
        ticket = access.get_ticket(self.actor, ref, Right.READ_NOTES)
        return answer([LinkShape.write(linked) for linked in links_of(self.actor, ticket)])

    @acts("link_ticket", inputs.LinkInput, conditional=False)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Link the ticket to another one."""
        given = self.read(inputs.LinkInput).validated_data

        def act(**how: Any) -> Ticket:
            other = access.get_ticket(self.actor, given["ticket"])
            return linking.link(other=other, relation=Relation(given["relation"]), **how)

        return done(self, ref, Right.WORK, act, conditional=False)


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

    @acts("watch_ticket", inputs.WatcherInput, conditional=False)
    def post(self, request: Request, ref: str) -> HttpResponse:
        """Follow the ticket, or let whoever has an address follow it."""
        given = self.read(inputs.WatcherInput).validated_data
        if "email" not in given:
            return done(self, ref, Right.REPLY, watching.watch, conditional=False)
        who = {"email": given["email"], "name": given.get("name", "")}
        return done(self, ref, Right.ADD_WATCHER, watching.add_watcher, conditional=False, **who)


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
        self.needs(TokenScope.TICKETS_WRITE)
        watching.remove_watcher(ticket=ticket, who=who, by=self.actor, now=timezone.now())
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
