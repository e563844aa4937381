"""One queue with a team on each of three tiers, and a ticket in it: the scene of most tests of actions."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actions import assignment, status
from helpdesk.actors import Actor
from helpdesk.choices import Channel, MoveName, ResolutionKind
from helpdesk.models import Queue, Ticket, TicketEvent, User
from tests.factories import (
    NOW,
    QueueFactory,
    TeamFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)

LATER = NOW + timedelta(hours=1)


class Desk:
    """One queue with a team on each of three tiers and an agent in each."""

    def __init__(self) -> None:
        self.teams = [TeamFactory.create(tier=TierFactory.create(level=level)) for level in (1, 2, 3)]
        self.queue: Queue = QueueFactory.create(teams=self.teams)
        self.agents = [make_agent(team, name=f"Agent {n}") for n, team in enumerate(self.teams, 1)]
        self.requester: User = UserFactory.create(name="Ida")
        self.ticket = make_ticket(self.requester, self.queue)

    def desk(self, tier: int = 1) -> Actor:
        return actor(self.agents[tier - 1], Channel.DESK)

    def me(self) -> Actor:
        return actor(self.requester)

    def move(self, move: MoveName, by: Actor, text: str = "", kind: str = "", **more: Any) -> Ticket:
        return status.make_move(
            ticket=self.ticket,
            move=move,
            by=by,
            now=LATER,
            text=text,
            resolution_kind=kind,
            **more,
        )

    def resolve(self, **more: Any) -> Ticket:
        return self.move(MoveName.RESOLVE, self.desk(), "Put it out.", ResolutionKind.FIXED, **more)

    def take(self, tier: int = 1) -> Ticket:
        return assignment.assign(
            ticket=self.ticket,
            to=self.agents[tier - 1],
            seen_assignee_id=self.now().assignee_id,
            by=self.desk(tier),
            now=LATER,
        )

    def now(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def record(self) -> list[str]:
        return list(TicketEvent.objects.filter(ticket=self.ticket).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def d() -> Desk:
    return Desk()
