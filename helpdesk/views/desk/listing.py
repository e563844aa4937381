"""A list of tickets as its address says it: what it is narrowed to, in which order, and the lists that all start from.

The pages of tickets carry the address's query of the list that they were opened from (`?list=…`), and find the next
and the previous ticket of it. The query is a stranger's word: it goes through the filter like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.errors import Text
from helpdesk.forms.desk_filter import ME, MINE, NOBODY, NOT_SOLVED, US, Choices, TicketFilter
from helpdesk.models import Ticket
from helpdesk.selectors import paging

_LONGEST: Final = 2000
# Nobody reads on after so many, and a list of them is never counted to its end.
COUNTED: Final = 100
_PLACES: Final = ("before", "after")


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
    query: str
    count: int

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


def shelves(actor: Actor, choices: Choices) -> list[Shelf]:
    """The lists that everybody starts from, each counted to a hundred at most."""
    made = []
    for name, title, hint, query in _queries(actor):
        wanted = QueryDict(mutable=True)
        for key, value in query.items():
            wanted.setlist(key, value.split(","))
        count = TicketFilter(wanted, actor, choices).qs.order_by()[:COUNTED].count()
        made.append(Shelf(name, title, hint, wanted.urlencode(), count))
    return made


def _queries(actor: Actor) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    unsolved = {"status": NOT_SOLVED}
    waiting = {**unsolved, "waiting": US, "order": paging.WAITING.name}
    yield "mine", _("Assigned to me"), _("Not solved yet"), {**unsolved, "assignee": ME}
    yield "my_turn", _("Waiting for my reply"), _("Somebody wrote, and it is your turn"), {**waiting, "assignee": ME}
    yield "our_turn", _("Waiting for our answer"), _("Whoever has them"), waiting
    unassigned = {**unsolved, "assignee": NOBODY, "order": paging.URGENT.name}
    if actor.standing.team_queue_ids:
        yield "free", _("Unassigned in my queues"), _("Somebody has to take them"), {**unassigned, "queue": MINE}
    else:
        yield "free", _("Unassigned"), _("Somebody has to take them"), unassigned
    yield "unsolved", _("All unsolved"), _("In every queue that you see"), unsolved
    solved = {"status": f"{Status.CLOSED},{Status.RESOLVED}", "solved_within": "7d", "order": paging.SOLVED.name}
    yield "solved", _("Recently solved"), _("In the last seven days"), solved
