"""How lists of tickets are narrowed, and the lists that the desk itself names, whose queries are built once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import ClockMark
from helpdesk.domain.keyset import Place
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.models import Queue, Ticket, User
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import counts, desk, paging

MINE: Final = "mine"
ME: Final = "me"
NOBODY: Final = "nobody"
NOT_SOLVED: Final = "unsolved"
ALL: Final = "all"
US: Final = "us"
VIP: Final = "vip"
BREACHED: Final = "breached"
SOON: Final = "soon"
PAUSED: Final = "paused"
DUE: Final = "due"
_SOON: Final = timedelta(hours=1)
SPANS: Final = {
    "1h": (timedelta(hours=1), _("1 hour")),
    "8h": (timedelta(hours=8), _("8 hours")),
    "1d": (timedelta(days=1), _("1 day")),
    "3d": (timedelta(days=3), _("3 days")),
    "7d": (timedelta(days=7), _("7 days")),
    "30d": (timedelta(days=30), _("30 days")),
    "90d": (timedelta(days=90), _("90 days")),
}
# Nobody reads on after so many, and a list of them is never counted to its end.
COUNTED: Final = 100


def of_people(column: str, wanted: Collection[Any], me: int) -> Q:
    """Whose: ids of people, `ME` and `NOBODY`. In a prepared query `me` is a hole, which no list of ids can hold."""
    people = set(wanted) - {ME, NOBODY}
    fits = Q(**{f"{column}__in": sorted(people)}) if people else Q(pk__in=())
    if ME in wanted:
        fits |= Q(**{column: me})
    return fits | Q(**{f"{column}__isnull": True}) if NOBODY in wanted else fits


def tagged(**which: Any) -> Q:
    """What has one of these tags."""
    return Q(pk__in=Ticket.tags.through.objects.filter(**which).values("ticket"))


def _ids(value: Iterable[Any]) -> list[Any]:
    """The ids of rows; words stay."""
    return [one if isinstance(one, str) else one.pk for one in value]


class Narrowing:
    """How each filter narrows tickets, by its clean values. `me` is who asks, `own_queues` are those of their teams."""

    me: int
    own_queues: frozenset[int]
    now: datetime

    def by_status(self, tickets: QuerySet[Ticket], name: str, value: list[str]) -> QuerySet[Ticket]:
        if ALL in value:
            return tickets
        wanted = set(value) - {NOT_SOLVED}
        return tickets.filter(status__in=sorted(wanted | UNSOLVED if NOT_SOLVED in value else wanted))

    def by_queue(self, tickets: QuerySet[Ticket], name: str, value: list[str]) -> QuerySet[Ticket]:
        own = self.own_queues if MINE in value else frozenset()
        return tickets.filter(queue__in=sorted({int(pk) for pk in value if pk != MINE} | own))

    def by_column(self, tickets: QuerySet[Ticket], name: str, value: list[str]) -> QuerySet[Ticket]:
        return tickets.filter(**{f"{name}__in": sorted(value)})

    def by_team(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        """What it is a team's turn to work on: tickets of its queues, on its tier."""
        works = Queue.teams.through.objects.filter(team__in=[team.pk for team in value])
        queues: dict[int, list[int]] = {}
        for team_id, queue_id in works.values_list("team_id", "queue_id"):
            queues.setdefault(team_id, []).append(queue_id)
        fits = Q(pk__in=())
        for team in value:
            fits |= Q(queue__in=sorted(queues.get(team.pk, [])), tier=team.tier_id)
        return tickets.filter(fits)

    def by_assignee(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        return tickets.filter(of_people("assignee", _ids(value), self.me))

    def by_organization(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        return tickets.filter(organization__in=[one.pk for one in value])

    def by_tag(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        return tickets.filter(tagged(tag__in=[tag.pk for tag in value]))

    def by_requester(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        fits = of_people("requester", [one for one in _ids(value) if one != VIP], self.me)
        vips = User.objects.filter(is_vip=True)
        return tickets.filter(fits | Q(requester__in=vips.values("pk")) if VIP in value else fits)

    def by_partner(self, tickets: QuerySet[Ticket], name: str, value: list[Any]) -> QuerySet[Ticket]:
        return tickets.filter(waits__partner__in=[one.pk for one in value])

    def by_waiting(self, tickets: QuerySet[Ticket], name: str, value: list[str]) -> QuerySet[Ticket]:
        return tickets.filter(unanswered_since__isnull=False)

    def by_clock(self, tickets: QuerySet[Ticket], name: str, value: list[str]) -> QuerySet[Ticket]:
        fits = {
            BREACHED: Q(sla_mark=ClockMark.BREACHED),
            # What is over already, such as an update that is owed, is due no later.
            SOON: Q(sla_mark=ClockMark.RUNNING, sla_due_at__lt=self.now + _SOON),
            PAUSED: Q(sla_mark=ClockMark.PAUSED),
            DUE: Q(sla_due_at__isnull=False),
        }
        return tickets.filter(reduce(or_, (fits[one] for one in value)))

    def by_created_within(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        return tickets.filter(created_at__gte=self.now - SPANS[value][0])

    def by_older_than(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        return tickets.filter(created_at__lt=self.now - SPANS[value][0])

    def by_solved_within(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        # What was merged goes on elsewhere: nobody solved it.
        return tickets.filter(resolved_at__gte=self.now - SPANS[value][0], merged_into__isnull=True)


# What a list is narrowed to, by filter, as the form would clean it.
Wanted = Mapping[str, str | list[str]]
_Told = tuple[tuple[str, Any], ...]
_BY_COLUMN: Final = frozenset({"priority", "tier", "kind", "channel"})
# The list that is shown first.
UNSOLVED_ONES: Final[Wanted] = {"status": [NOT_SOLVED]}


def _narrowed(person: int, now: datetime, held: Scope, own_queues: frozenset[int], wanted: _Told) -> QuerySet[Ticket]:
    narrowing = Narrowing()
    narrowing.me, narrowing.own_queues, narrowing.now = person, own_queues, now
    tickets = Ticket.objects.filter(held.of(person).as_q())
    for name, value in wanted:
        narrow = getattr(narrowing, "by_column" if name in _BY_COLUMN else f"by_{name}")
        tickets = narrow(tickets, name, value)
    return tickets


@prepared
def _number(person: int, now: datetime, *, held: Scope, own: frozenset[int], wanted: _Told) -> QuerySet[Ticket, Any]:
    return counts.ids_up_to(_narrowed(person, now, held, own, wanted), COUNTED)


@prepared
def _keys(
    person: int, now: datetime, *, held: Scope, own: frozenset[int], wanted: _Told, order: str, size: int
) -> QuerySet[Ticket, Any]:
    return paging.DESK_ORDERS[order].keys_of((_narrowed(person, now, held, own, wanted),), size)


@prepared
def _beside(
    person: int, now: datetime, ticket: int, *place: Any,
    held: Scope, own: frozenset[int], wanted: _Told, order: str, backwards: bool,
) -> QuerySet[Ticket]:  # fmt: skip
    others = _narrowed(person, now, held, own, wanted).exclude(pk=ticket)
    way = paging.DESK_ORDERS[order]
    there = way.beyond(Place(place), backwards=backwards)
    return way.sort(others.filter(there).only("number", "subject"), backwards=backwards)[:1]


def _shape(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """What decides on the text of such a list's query."""
    return {
        "held": scope(actor, Right.READ_NOTES).of(ANYBODY),
        "own": actor.standing.team_queue_ids,
        "wanted": tuple((name, one if isinstance(one, str) else tuple(one)) for name, one in wanted.items()),
    }


def counted(actor: Actor, wanted: Wanted, now: datetime) -> QuerySet[Ticket, Any]:
    """The ids of those tickets of the list that the actor may see, up to `COUNTED`."""
    return _number(actor.person_id, now, **_shape(actor, wanted))


def numbers(actor: Actor, lists: Sequence[Wanted], now: datetime) -> list[int]:
    """How many these are for each of the lists; all in one query."""
    return counts.counted([counted(actor, wanted, now) for wanted in lists])


def keys(actor: Actor, wanted: Wanted, order: paging.Order, size: int, now: datetime) -> QuerySet[Ticket, Any]:
    """What orders the first tickets of the list; the last of each row is the id."""
    return _keys(actor.person_id, now, **_shape(actor, wanted), order=order.name, size=size)


def first(actor: Actor, wanted: Wanted, order: paging.Order, size: int, now: datetime) -> list[Ticket]:
    """The first tickets of the list, as its rows show them."""
    return paging.dressed(keys(actor, wanted, order, size, now), partial(desk.rows, actor))


def page(actor: Actor, wanted: Wanted, order: paging.Order, size: int, now: datetime) -> paging.Page[Ticket]:
    """The first page of the list."""
    return paging.cut(first(actor, wanted, order, size + 1, now), order, size, is_on=False)


def beside(
    actor: Actor, wanted: Wanted, order: paging.Order, ticket: Ticket, *, place: Place, now: datetime
) -> tuple[Ticket | None, Ticket | None]:
    """As `paging.neighbours`, for a list that the desk itself names."""
    shape = {**_shape(actor, wanted), "order": order.name}
    before, after = (
        next(iter(_beside(actor.person_id, now, ticket.pk, *place.values, **shape, backwards=backwards)), None)
        for backwards in (True, False)
    )
    return before, after
