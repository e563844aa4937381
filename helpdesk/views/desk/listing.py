"""A list of tickets as its address says it: what it is narrowed to, in which order, and the lists that all start from.

The pages of tickets carry the address's query of the list that they were opened from (`?list=…`), and find the next
and the previous ticket of it. The query is a stranger's word: it goes through the filter like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.errors import Text
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.models import Ticket
from helpdesk.selectors import narrowing, paging
from helpdesk.selectors.narrowing import (
    BREACHED,
    COUNTED,
    ME,
    MINE,
    NOBODY,
    NOT_SOLVED,
    PAUSED,
    SOON,
    UNSOLVED_ONES,
    US,
    Wanted,
)

_LONGEST: Final = 2000
# Says that the menu of filters is wanted too, which most who look at a list never open.
MENU: Final = "menu"
# Where the page begins, and the question whose answers its menu offers.
_PLACES: Final = ("before", "after", "question", MENU)


@dataclass(frozen=True, slots=True)
class Listed:
    """The tickets of a list that the actor may see, and the order in which it shows them."""

    tickets: QuerySet[Ticket]
    order: paging.Order


def listed(query: str, actor: Actor) -> Listed:
    """The list of this query (`status=all&order=urgent`); the list that is shown first where it says nothing."""
    asked = QueryDict(query if len(query) <= _LONGEST else "")
    return Listed(TicketFilter(asked, actor).qs, order_of(asked))


def order_of(asked: QueryDict) -> paging.Order:
    """The order that the query names, or the first one."""
    return paging.DESK_ORDERS.get(asked.get("order", ""), paging.CHANGED)


def without_place(asked: QueryDict) -> QueryDict:
    """The query without the page that it leads to, and without what says nothing."""
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        said = [value for value in values if value]
        if said and name not in _PLACES:
            kept.setlist(name, said)
    return kept


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list that everybody starts from, and how many tickets are in it, as far as they are counted."""

    name: str
    title: Text
    hint: Text
    wanted: Wanted
    order: paging.Order
    count: int

    @property
    def query(self) -> str:
        """The address's query of the list."""
        asked = QueryDict(mutable=True)
        for name, value in self.wanted.items():
            asked.setlist(name, [value] if isinstance(value, str) else value)
        if self.order is not paging.CHANGED:
            asked["order"] = self.order.name
        return asked.urlencode()

    @property
    def url(self) -> str:
        """Where the list is."""
        return f"{reverse('admin:tickets')}?{self.query}"

    @property
    def shown_count(self) -> str:
        """The number, or that it is more than anybody counts."""
        return str(self.count) if self.count < COUNTED else f"{COUNTED - 1}+"


def named_by(asked: QueryDict, actor: Actor) -> tuple[str, Wanted] | None:
    """Which of the lists that everybody starts from the query asks for, in whatever order and at whatever page."""
    # What is shown without a word about the status.
    said = {"status": [NOT_SOLVED], **{name: sorted(values) for name, values in without_place(asked).lists()}}
    said.pop("order", None)
    for name, _title, _hint, wanted, _order in named(actor):
        if said == {key: [one] if isinstance(one, str) else sorted(one) for key, one in wanted.items()}:
            return name, wanted
    return None


def shelves(actor: Actor, now: datetime) -> list[Shelf]:
    """The lists that everybody starts from, each counted to a hundred at most, as the actor sees them."""
    known = list(named(actor))
    numbers = narrowing.numbers(actor, [wanted for _name, _title, _hint, wanted, _order in known], now)
    return [
        Shelf(name, title, hint, wanted, order, count)
        for (name, title, hint, wanted, order), count in zip(known, numbers, strict=True)
    ]


def named(actor: Actor) -> Iterator[tuple[str, Text, Text, Wanted, paging.Order]]:
    """Those lists, before they are counted."""
    unsolved = UNSOLVED_ONES
    waiting = {**unsolved, "waiting": [US]}
    yield "mine", _("Assigned to me"), _("Not solved yet"), {**unsolved, "assignee": [ME]}, paging.CHANGED
    turn = _("Somebody wrote, and it is your turn")
    yield "my_turn", _("Waiting for my reply"), turn, {**waiting, "assignee": [ME]}, paging.WAITING
    yield "our_turn", _("Waiting for our answer"), _("Whoever has them"), waiting, paging.WAITING
    yield "breached", _("Breached"), _("A promise is broken"), {**unsolved, "clock": [BREACHED]}, paging.DUE
    yield "soon", _("Due within an hour"), _("Before a promise is broken"), {**unsolved, "clock": [SOON]}, paging.DUE
    unassigned = {**unsolved, "assignee": [NOBODY]}
    take = _("Somebody has to take them")
    if actor.standing.team_queue_ids:
        yield "free", _("Unassigned in my queues"), take, {**unassigned, "queue": [MINE]}, paging.URGENT
    else:
        yield "free", _("Unassigned"), take, unassigned, paging.URGENT
    yield "paused", _("Paused clocks"), _("Somebody else has to act"), {**unsolved, "clock": [PAUSED]}, paging.CHANGED
    yield "unsolved", _("All unsolved"), _("In every queue that you see"), unsolved, paging.CHANGED
    solved: Wanted = {"status": [Status.CLOSED, Status.RESOLVED], "solved_within": "7d"}
    yield "solved", _("Recently solved"), _("In the last seven days"), solved, paging.SOLVED
