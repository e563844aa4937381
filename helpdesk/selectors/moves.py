"""What an actor may do with a ticket now: pages show exactly this, and no button that would be refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.actors import Actor
from helpdesk.choices import MoveName, PrioritySource
from helpdesk.domain.first_tier import next_level
from helpdesk.domain.lifecycle import MOVES, Move, is_open_to, legal_moves
from helpdesk.models import Ticket, Tier
from helpdesk.permissions import MOVE_RIGHTS, Right, may
from helpdesk.selectors import catalogue
from helpdesk.selectors.settings import desk_settings


@dataclass(frozen=True, slots=True)
class Possible:
    """Everything that the actor may do with the ticket."""

    moves: tuple[Move, ...]
    reply: bool
    note: bool
    assign: bool
    take: bool
    escalate_to: Tier | None
    deescalate_to: Tier | None
    properties: frozenset[str] = frozenset()
    tag: bool = False
    # Links and sub-tasks.
    relate: bool = False
    gather: bool = False
    # Whether the priority follows from something that may be told now.
    judge: bool = False
    acknowledge: bool = False
    choose_policy: bool = False
    follow: bool = False
    add_watchers: bool = False
    # One's own messages that are younger can be changed.
    editable_since: datetime | None = None
    # Whether a reply of the requester's side would open the ticket again.
    reply_reopens: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of the moves."""
        return frozenset(move.name.value for move in self.moves)


def possible(actor: Actor, ticket: Ticket, now: datetime) -> Possible:
    """What the table of moves, the ladder of tiers and the actor's rights allow together."""
    if ticket.merged_into_id is not None:
        # It goes on elsewhere.
        return Possible((), False, False, False, False, None, None)
    settings = desk_settings()
    windows = settings.windows
    legal = (move for move in legal_moves(ticket.stand, now, windows) if move.by_button)
    unsolved = not ticket.is_solved
    up, down = _beside(ticket) if unsolved and may(actor, Right.ESCALATE, ticket) else (None, None)
    assign = unsolved and may(actor, Right.ASSIGN, ticket)
    works = may(actor, Right.WORK, ticket)
    return Possible(
        moves=tuple(move for move in legal if may(actor, MOVE_RIGHTS[move.name], ticket)),
        reply=may(actor, Right.REPLY, ticket),
        note=may(actor, Right.WRITE_NOTES, ticket),
        assign=assign,
        take=assign and works and ticket.assignee_id != actor.person.pk,
        escalate_to=up,
        deescalate_to=down,
        properties=_properties(ticket, works=works, assigns=assign),
        tag=works,
        relate=works,
        gather=works,
        judge=works and unsolved and ticket.queue.priority_source != PrioritySource.DIRECT,
        acknowledge=unsolved and ticket.acknowledged_at is None and may(actor, Right.ACKNOWLEDGE, ticket),
        choose_policy=unsolved and may(actor, Right.CHOOSE_POLICY, ticket),
        follow=may(actor, Right.REPLY, ticket) and ticket.requester_id != actor.person.pk,
        add_watchers=may(actor, Right.ADD_WATCHER, ticket),
        editable_since=now - timedelta(minutes=settings.edit_minutes),
        reply_reopens=is_open_to(MOVES[MoveName.REOPEN], ticket.stand, now, windows),
    )


def _properties(ticket: Ticket, *, works: bool, assigns: bool) -> frozenset[str]:
    """What can be chosen anew from a list. Nobody works on what is solved, so its queue and priority stay."""
    always = {"category", "kind"} if works else set[str]()
    is_chosen = ticket.queue.priority_source == PrioritySource.DIRECT
    urgent = {"priority"} if works and is_chosen and not ticket.is_solved else set[str]()
    return frozenset(always | urgent | ({"queue"} if assigns else set[str]()))


def _beside(ticket: Ticket) -> tuple[Tier | None, Tier | None]:
    tiers = {tier.level: tier for tier in catalogue.tiers() if tier.is_active}
    up, down = (next_level(tuple(tiers), ticket.tier.level, step) for step in (+1, -1))
    return tiers.get(up or 0), tiers.get(down or 0)
