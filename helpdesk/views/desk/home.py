"""The desk's home: what needs me now, each number with the list behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.actions import mentions
from helpdesk.choices import Status
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.errors import Text
from helpdesk.requests import actor_of
from helpdesk.selectors import announcements, catalogue, clocks, counts, narrowing, paging
from helpdesk.selectors.mentions import unseen
from helpdesk.selectors.narrowing import DUE, NOT_SOLVED, UNSOLVED_ONES
from helpdesk.selectors.sub_tasks import to_do
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.listing import shelves

_FIRST: Final = 5
_MY_TASKS: Final = 10
_MENTIONS: Final = 10
# Lists of clocks, told with the tickets that are due next where anything is promised.
_DUE_BOXES: Final = ("breached", "soon", "paused")
_DUE_QUERY: Final = f"status={NOT_SOLVED}&clock={DUE}&order={paging.DUE.name}"
_BOXES: Final = ("my_turn", "mine", "free", "our_turn")


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a small table, what it counts, and the list that shows exactly those."""

    label: Text
    count: int
    url: str


def home(request: HttpRequest) -> HttpResponse:
    """Where everybody who works in the desk begins."""
    actor, now = actor_of(request), timezone.now()
    standing = {shelf.name: shelf for shelf in shelves(actor, now)}
    my_turn = standing["my_turn"]
    by_status, by_tier = counts.unsolved_by(actor, "status", "tier")
    tickets = narrowing.first(actor, my_turn.wanted, my_turn.order, _FIRST, now)
    # The tickets whose clocks are due next, or over.
    due = narrowing.first(actor, UNSOLVED_ONES, paging.DUE, _FIRST, now)
    context = {
        "title": _("Home"),
        "announcements": announcements.for_staff(now),
        "boxes": [standing[name] for name in _BOXES],
        "my_turn": my_turn,
        "tickets": tickets,
        "clocks": clocks.next_badges({*tickets, *due}, now),
        "due": due,
        "due_query": _DUE_QUERY,
        "due_boxes": [standing[name] for name in _DUE_BOXES],
        "query": my_turn.query,
        "mentions": list(unseen(actor, _MENTIONS)),
        "sub_tasks": list(to_do(actor, _MY_TASKS)),
        "tables": [
            (_("Not solved, by status"), list(_by_status(by_status))),
            (_("Not solved, by tier"), list(_by_tier(by_tier))),
        ],
    }
    return page(request, "desk/home.html", context)


def _by_status(numbers: Mapping[str | int, int]) -> Iterator[Line]:
    for status in Status:
        if status in UNSOLVED:
            yield Line(status.label, numbers.get(status, 0), _url(status=status.value))


def _by_tier(numbers: Mapping[str | int, int]) -> Iterator[Line]:
    for tier in catalogue.tiers():
        if count := numbers.get(tier.pk, 0):
            yield Line(str(tier), count, _url(status=NOT_SOLVED, tier=str(tier.pk)))


def _url(**asked: str) -> str:
    query = QueryDict(mutable=True)
    query.update(asked)
    return f"{reverse('admin:tickets')}?{query.urlencode()}"


@require_POST
def see_mention(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has seen where one is mentioned; it goes from the home."""
    mentions.see_mention(pk=pk, by=actor_of(request), now=timezone.now())
    return redirect("admin:index")
