"""Who may do what: one table of rights by hats, and pure predicates over it.

A *hat* is what gives somebody a right: their role, or a membership. A *reach* says to which tickets the right extends.
`scope()` turns both into a `Scope`, which serves a list (`as_q`) and a single ticket (`covers`) from the same ids, so
that what a list shows is what can be opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor, Standing
from helpdesk.choices import ActorKind, MoveName
from helpdesk.models import Queue, Ticket, Watcher


class Right(StrEnum):
    """Something that may be allowed. Those above the line are held on tickets, those below in the whole desk."""

    VIEW = auto()
    REPLY = auto()
    READ_NOTES = auto()
    WRITE_NOTES = auto()
    WORK = auto()
    ASSIGN = auto()
    ESCALATE = auto()
    CONFIRM = auto()
    REOPEN = auto()
    ADD_WATCHER = auto()
    ACKNOWLEDGE = auto()
    CHOOSE_POLICY = auto()
    # ---
    FILE_TICKET = auto()
    FILE_FOR_OTHERS = auto()
    FILE_FOR_COLLEAGUES = auto()
    ENTER_DESK = auto()
    WORK_PROBLEMS = auto()
    PUBLISH_PROBLEMS = auto()
    PUSH_FIGURES = auto()
    SEE_SETUP = auto()
    CHANGE_SETUP = auto()
    ANNOUNCE = auto()
    SEE_PEOPLE = auto()
    CHANGE_PEOPLE = auto()
    SEE_RECORD = auto()
    SEE_OPERATION = auto()
    CHANGE_OPERATION = auto()


class Hat(StrEnum):
    """What gives a right: a role of the whole desk, or a place in a team, in an organisation or on a ticket."""

    REQUESTER = auto()
    WATCHER = auto()
    GUEST = auto()
    ORGANIZATION_MANAGER = auto()
    AGENT = auto()
    TEAM_LEAD = auto()
    MANAGER = auto()
    ADMINISTRATOR = auto()
    AUDITOR = auto()
    HEAD_OF_SUPPORT = auto()
    REGIONAL_MANAGER = auto()
    ONCALL_COORDINATOR = auto()
    QUALITY_LEAD = auto()
    TRAINING_SPECIALIST = auto()
    PROCESS_LEAD = auto()


class Reach(StrEnum):
    """The tickets to which a right extends.

    What is private lies outside `ORGANIZATION` and `WATCHED`, and inside one's own and `PRIVATE_TOO`; it lies inside
    all others where the category is restricted to a team of one's own, or, for `LED`, to one that one leads.
    """

    ALL = auto()
    PRIVATE_TOO = auto()
    REGION = auto()
    LED = auto()
    TEAM = auto()
    ORGANIZATION = auto()
    OWN = auto()
    WATCHED = auto()
    LINK = auto()


_REQUESTERS: Final = {
    Hat.REQUESTER: Reach.OWN,
    Hat.ORGANIZATION_MANAGER: Reach.ORGANIZATION,
}
_WATCHERS: Final = {Hat.WATCHER: Reach.WATCHED}
_GUESTS: Final = {Hat.GUEST: Reach.LINK}
_WORKERS: Final = {
    Hat.AGENT: Reach.TEAM,
    Hat.TEAM_LEAD: Reach.LED,
    Hat.REGIONAL_MANAGER: Reach.REGION,
    Hat.MANAGER: Reach.ALL,
    Hat.HEAD_OF_SUPPORT: Reach.ALL,
    Hat.ADMINISTRATOR: Reach.ALL,
}
_READERS: Final = {
    Hat.AUDITOR: Reach.PRIVATE_TOO,
    Hat.ONCALL_COORDINATOR: Reach.ALL,
    Hat.QUALITY_LEAD: Reach.ALL,
    Hat.TRAINING_SPECIALIST: Reach.ALL,
    Hat.PROCESS_LEAD: Reach.ALL,
}


def _desk_wide(*hats: Hat) -> dict[Hat, Reach]:
    return dict.fromkeys(hats, Reach.ALL)


_LEADERS: Final = (Hat.MANAGER, Hat.HEAD_OF_SUPPORT, Hat.ADMINISTRATOR)

RIGHTS: Final[Mapping[Right, Mapping[Hat, Reach]]] = {
    Right.VIEW: {**_REQUESTERS, **_WATCHERS, **_GUESTS, **_WORKERS, **_READERS},
    Right.REPLY: {**_REQUESTERS, **_WATCHERS, **_GUESTS, **_WORKERS},
    Right.READ_NOTES: {**_WORKERS, **_READERS},
    Right.WRITE_NOTES: {
        **_WORKERS,
        **_desk_wide(Hat.ONCALL_COORDINATOR, Hat.QUALITY_LEAD, Hat.PROCESS_LEAD),
    },
    Right.WORK: _WORKERS,
    Right.ASSIGN: {**_WORKERS, Hat.ONCALL_COORDINATOR: Reach.ALL},
    Right.ESCALATE: {**_WORKERS, Hat.ONCALL_COORDINATOR: Reach.ALL},
    Right.CONFIRM: {**_REQUESTERS, **_GUESTS},
    Right.REOPEN: {**_REQUESTERS, **_GUESTS, **_WORKERS},
    Right.ADD_WATCHER: {**_REQUESTERS, **_WORKERS},
    Right.ACKNOWLEDGE: {**_WORKERS, Hat.ONCALL_COORDINATOR: Reach.ALL},
    Right.CHOOSE_POLICY: {
        # In a team without a queue too, whose private categories its lead works.
        Hat.AGENT: Reach.LED,
        Hat.TEAM_LEAD: Reach.LED,
        Hat.REGIONAL_MANAGER: Reach.REGION,
        **_desk_wide(Hat.MANAGER, Hat.HEAD_OF_SUPPORT, Hat.ADMINISTRATOR),
    },
    Right.FILE_TICKET: _desk_wide(*(hat for hat in Hat if hat not in {Hat.AUDITOR, Hat.GUEST})),
    Right.FILE_FOR_COLLEAGUES: _desk_wide(Hat.ORGANIZATION_MANAGER),
    Right.FILE_FOR_OTHERS: _desk_wide(Hat.AGENT, Hat.TEAM_LEAD, Hat.REGIONAL_MANAGER, *_LEADERS),
    Right.ENTER_DESK: _desk_wide(
        *(h for h in Hat if h not in {Hat.REQUESTER, Hat.WATCHER, Hat.GUEST, Hat.ORGANIZATION_MANAGER, Hat.TEAM_LEAD})
    ),
    # Whoever is in the desk sees its problems, but for those of a private category.
    Right.WORK_PROBLEMS: _desk_wide(Hat.AGENT, Hat.REGIONAL_MANAGER, *_LEADERS),
    Right.PUBLISH_PROBLEMS: _desk_wide(Hat.TEAM_LEAD, Hat.REGIONAL_MANAGER, *_LEADERS),
    # What the served systems say of themselves comes by whoever works here, mostly by an integration.
    Right.PUSH_FIGURES: _desk_wide(Hat.AGENT, Hat.REGIONAL_MANAGER, Hat.ONCALL_COORDINATOR, *_LEADERS),
    Right.SEE_SETUP: _desk_wide(*(h for h in _READERS), *_LEADERS, Hat.REGIONAL_MANAGER),
    Right.CHANGE_SETUP: _desk_wide(Hat.ADMINISTRATOR, Hat.HEAD_OF_SUPPORT),
    Right.ANNOUNCE: _desk_wide(*_LEADERS),
    Right.SEE_PEOPLE: _desk_wide(Hat.AUDITOR, *_LEADERS),
    Right.CHANGE_PEOPLE: _desk_wide(Hat.ADMINISTRATOR),
    Right.SEE_RECORD: _desk_wide(Hat.AUDITOR, Hat.ADMINISTRATOR),
    Right.SEE_OPERATION: _desk_wide(Hat.AUDITOR, Hat.ADMINISTRATOR, Hat.HEAD_OF_SUPPORT, Hat.ONCALL_COORDINATOR),
    Right.CHANGE_OPERATION: _desk_wide(Hat.ADMINISTRATOR, Hat.HEAD_OF_SUPPORT, Hat.ONCALL_COORDINATOR),
}

MOVE_RIGHTS: Final[Mapping[MoveName, Right]] = {
    MoveName.TRIAGE: Right.ASSIGN,
    MoveName.START: Right.WORK,
    MoveName.ASK: Right.WORK,
    MoveName.HOLD: Right.WORK,
    MoveName.ANSWER: Right.REPLY,
    MoveName.HAND_OVER: Right.ESCALATE,
    MoveName.RESOLVE: Right.WORK,
    MoveName.CONFIRM: Right.CONFIRM,
    MoveName.REJECT: Right.CONFIRM,
    MoveName.REOPEN: Right.REOPEN,
    MoveName.CLOSE: Right.WORK,
}


# Whom `Scope.of` is given where a query is prepared for whoever asks it.
ANYBODY: Final = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The tickets on which somebody holds a right.

    `barred_ids` are the private categories that neither `everywhere` nor a queue nor an organisation leads into:
    only having asked does, or being a watcher who was admitted. `category_ids` are those of one's own teams.
    """

    everywhere: bool = False
    queue_ids: frozenset[int] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    requester_id: int | None = None
    watcher_id: int | None = None
    guest_ticket_id: int | None = None
    category_ids: frozenset[int] = frozenset()
    barred_ids: frozenset[int] = frozenset()
    # Nothing outside these queues, whatever leads there; None is no limit.
    within_ids: frozenset[int] | None = None

    def of(self, person: int) -> "Scope":
        """The same for somebody else: what they asked for and what they watch instead of what its holder does."""
        return replace(
            self,
            requester_id=None if self.requester_id is None else person,
            watcher_id=None if self.watcher_id is None else person,
        )

    @property
    def everything(self) -> bool:
        """Whether there is no ticket without it."""
        return self.everywhere and not self.barred_ids and self.within_ids is None

    @property
    def worked_queue_ids(self) -> frozenset[int] | None:
        """The queues whose tickets it leads to as a whole; None where these are all."""
        if self.everywhere or self.within_ids is None:
            return self.within_ids if self.everywhere else self.queue_ids
        return self.queue_ids & self.within_ids

    @property
    def is_empty(self) -> bool:
        """Whether the right is held nowhere."""
        nowhere = (self.queue_ids, self.category_ids, self.organization_ids, self.requester_id, self.watcher_id)
        return not (self.everywhere or any(nowhere) or self.guest_ticket_id)

    def covers(self, ticket: Ticket) -> bool:
        """Whether the right is held on this ticket. Asks the database only about watchers whom nothing else helps."""
        if self.within_ids is not None and ticket.queue_id not in self.within_ids:
            return False
        is_own = ticket.requester_id == self.requester_id or ticket.pk == self.guest_ticket_id
        if is_own or ticket.category_id in self.category_ids:
            return True
        is_barred = ticket.category_id in self.barred_ids
        if not is_barred and (
            self.everywhere or ticket.queue_id in self.queue_ids or ticket.organization_id in self.organization_ids
        ):
            return True
        if self.watcher_id is None:
            return False
        return (self._admitted if is_barred else self._watched).filter(ticket=ticket.pk).exists()

    def as_q(self, through: str = "") -> Q:
        """The same as a filter on tickets: for one, or for a list along the index of its order.

        `through` leads to its ticket from a row of something else, such as `ticket__`: a few of such rows are asked
        each by its own ticket then, where a subquery would have PostgreSQL gather all tickets that somebody sees.

        Private categories are few, so that the tickets that are left out are told by the ids of these. PostgreSQL has
        no index for "this column or that subquery", so a list of the few among many that somebody asked for or watches
        needs another shape, see `selectors.tickets`.
        """
        return _through(self._tickets(), through)

    def _tickets(self) -> Q:
        if self.everything:
            return Q()
        parts = self._within_reach()
        return parts if self.within_ids is None else parts & Q(queue__in=sorted(self.within_ids))

    def _within_reach(self) -> Q:
        if self.everywhere and not self.barred_ids:
            return Q()
        parts = self._wide()
        if self.barred_ids:
            parts &= ~Q(category__in=sorted(self.barred_ids))
            if self.watcher_id is not None:
                parts |= Q(pk__in=self._admitted.values("ticket"))
        if self.category_ids and not self.everywhere:
            parts |= Q(category__in=sorted(self.category_ids))
        if self.requester_id is not None:
            parts |= Q(requester=self.requester_id)
        if self.guest_ticket_id is not None:
            parts |= Q(pk=self.guest_ticket_id)
        return parts

    def _wide(self) -> Q:
        """What leads to tickets that are not private."""
        if self.everywhere:
            return Q()
        parts = Q(pk__in=())
        if self.queue_ids:
            parts |= Q(queue__in=sorted(self.queue_ids))
        if self.organization_ids:
            parts |= Q(organization__in=sorted(self.organization_ids))
        if self.watcher_id is not None:
            parts |= Q(pk__in=self._watched.values("ticket"))
        return parts

    @property
    def _watched(self) -> QuerySet[Watcher]:
        return Watcher.objects.filter(user=self.watcher_id)

    @property
    def _admitted(self) -> QuerySet[Watcher]:
        return self._watched.filter(admitted=True)


def _through(condition: Q, path: str) -> Q:
    """A condition on tickets as one on rows that lead to a ticket by this path."""
    children: list[Any] = condition.children
    led = (_through(one, path) if isinstance(one, Q) else (f"{path}{one[0]}", one[1]) for one in children)
    return Q(*led, _connector=condition.connector, _negated=condition.negated) if path else condition


@lru_cache(maxsize=1_000)
def hats(standing: Standing) -> frozenset[Hat]:
    """The hats that somebody wears. An auditor wears no other: who checks the desk does not write in it."""
    if standing.role is None:
        return frozenset()
    if standing.guest_ticket_id is not None:
        return frozenset({Hat.GUEST})
    own = Hat(standing.role.value)
    if own is Hat.AUDITOR:
        return frozenset({own})
    worn = {own, Hat.REQUESTER, Hat.WATCHER}
    if standing.led_queue_ids:
        worn.add(Hat.TEAM_LEAD)
    if standing.managed_organization_ids:
        worn.add(Hat.ORGANIZATION_MANAGER)
    # Operations roles and leads work the queues of their own teams like any agent there.
    if own is not Hat.REQUESTER and (standing.team_queue_ids or standing.team_category_ids):
        worn.add(Hat.AGENT)
    return frozenset(worn)


def _reaches(actor: Actor, right: Right) -> frozenset[Reach]:
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Reach.ALL})
    if actor.scopes is not None and right not in actor.scopes:
        return frozenset()
    return _worn(actor.standing, right)


@lru_cache(maxsize=10_000)
def _worn(standing: Standing, right: Right) -> frozenset[Reach]:
    table = RIGHTS[right]
    return frozenset(table[hat] for hat in hats(standing) if hat in table)


def scope(actor: Actor, right: Right) -> Scope:
    """The tickets on which the actor holds the right."""
    return _scope(_reaches(actor, right), actor.standing, actor.queue_ids)


# A page asks for the same ones again and again.
@lru_cache(maxsize=10_000)
def _scope(reaches: frozenset[Reach], standing: Standing, within: frozenset[int] | None) -> Scope:
    own, led = standing.team_category_ids, standing.led_category_ids
    # Being in the circle opens what is private to whatever reaches as far without it.
    circles = {Reach.TEAM: own, Reach.REGION: own, Reach.ALL: own, Reach.LED: led}
    entered = frozenset[int]().union(*(ids for reach, ids in circles.items() if reach in reaches))
    queues = {
        Reach.TEAM: standing.team_queue_ids,
        Reach.LED: standing.led_queue_ids,
        Reach.REGION: standing.region_queue_ids,
    }
    return Scope(
        everywhere=bool(reaches & {Reach.ALL, Reach.PRIVATE_TOO}),
        queue_ids=frozenset[int]().union(*(ids for reach, ids in queues.items() if reach in reaches)),
        organization_ids=standing.managed_organization_ids if Reach.ORGANIZATION in reaches else frozenset(),
        requester_id=standing.user_id if Reach.OWN in reaches else None,
        watcher_id=standing.user_id if Reach.WATCHED in reaches else None,
        guest_ticket_id=standing.guest_ticket_id if Reach.LINK in reaches else None,
        category_ids=entered,
        barred_ids=frozenset() if Reach.PRIVATE_TOO in reaches else standing.private_category_ids - entered,
        within_ids=within,
    )


def may(actor: Actor, right: Right, ticket: Ticket) -> bool:
    """Whether the actor holds the right on the ticket."""
    return scope(actor, right).covers(ticket)


def overseen(actor: Actor) -> frozenset[int]:
    """The private categories whose tickets the actor sees only because they see all. None for most."""
    return actor.standing.private_category_ids if Reach.PRIVATE_TOO in _reaches(actor, Right.VIEW) else frozenset()


def oversees(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor sees the ticket only because they see all, what is private too: that goes on record.

    So what was said or answered there is shown where it was opened, and in no list.
    """
    return ticket.category_id in overseen(actor)


def leads_into(actor: Actor, queue: Queue) -> bool:
    """Whether the actor's token, where they come by one, may put a ticket into this queue."""
    return actor.queue_ids is None or queue.pk in actor.queue_ids


def holds(actor: Actor, right: Right) -> bool:
    """Whether the actor holds a right of the whole desk."""
    return Reach.ALL in _reaches(actor, right)
