"""A list of tickets as its address says it: what it is narrowed to, in which order, and the lists that all start from.

The pages of tickets carry the address's query of the list that they were opened from (`?list=…`), and find the next
and the previous ticket of it. The query is a stranger's word: it goes through the filter like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.errors import Text
from helpdesk.forms.desk_filter import BREACHED, ME, MINE, NOBODY, NOT_SOLVED, PAUSED, SOON, US, TicketFilter
from helpdesk.models import Ticket
from helpdesk.selectors import counts, paging

_LONGEST: Final = 2000
# Nobody reads on after so many, and a list of them is never counted to its end.
COUNTED: Final = 100
# Where the page begins, and the question whose answers its menu offers.
_PLACES: Final = ("before", "after", "question")


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
    wanted: Mapping[str, str | list[str]]
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

    def is_at(self, asked: QueryDict) -> bool:
        """Whether this is the list of the query, in whatever order and at whatever page."""
        return _sorted(asked) == _sorted(QueryDict(self.query))


def _sorted(asked: QueryDict) -> list[tuple[str, list[str]]]:
    said = without_place(asked)
    # What is shown without a word about the status.
    said.setdefault("status", NOT_SOLVED)
    return sorted((name, sorted(values)) for name, values in said.lists() if name != "order")


def shelves(narrowed: TicketFilter) -> list[Shelf]:
    """The lists that everybody starts from, each counted to a hundred at most; `narrowed` knows who looks at them."""
    known = list(named(narrowed.actor))
    numbers = counts.counted([narrowed.narrowed_to(wanted) for _name, _title, _hint, wanted, _order in known], COUNTED)
    return [
        Shelf(name, title, hint, wanted, order, count)
        for (name, title, hint, wanted, order), count in zip(known, numbers, strict=True)
    ]


def named(actor: Actor) -> Iterator[tuple[str, Text, Text, Mapping[str, str | list[str]], paging.Order]]:
    """Those lists, before they are counted."""
    unsolved: dict[str, str | list[str]] = {"status": [NOT_SOLVED]}
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
    solved: dict[str, str | list[str]] = {"status": [Status.CLOSED, Status.RESOLVED], "solved_within": "7d"}
    yield "solved", _("Recently solved"), _("In the last seven days"), solved, paging.SOLVED
