"""The desk's home: what needs me now, each number with the list behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.forms.desk_filter import ME, MINE, NOBODY, NOT_SOLVED, Choices, TicketFilter
from helpdesk.requests import actor_of
from helpdesk.views.desk.frame import page


@dataclass(frozen=True, slots=True)
class Box:
    """A number, what it counts, and the address of the list that shows exactly those."""

    title: str
    hint: str
    count: int
    url: str


def home(request: HttpRequest) -> HttpResponse:
    """Where everybody who works in the desk begins."""
    actor = actor_of(request)
    return page(request, "desk/home.html", {"title": _("Home"), "boxes": list(_boxes(actor))})


def _boxes(actor: Actor) -> Iterator[Box]:
    choices = Choices.of(actor)
    for title, hint, query in _lists(actor):
        wanted = QueryDict(mutable=True)
        wanted.update(query)
        count = TicketFilter(wanted, actor, choices).qs.count()
        yield Box(title, hint, count, f"{reverse('admin:tickets')}?{wanted.urlencode()}")


def _lists(actor: Actor) -> Iterator[tuple[str, str, dict[str, str]]]:
    unsolved = {"status": NOT_SOLVED}
    yield _("Assigned to me"), _("Not solved yet"), {**unsolved, "assignee": ME}
    if actor.standing.team_queue_ids:
        yield (
            _("Unassigned in my queues"),
            _("Somebody has to take them"),
            {
                **unsolved,
                "queue": MINE,
                "assignee": NOBODY,
            },
        )
    else:
        yield _("Unassigned"), _("Somebody has to take them"), {**unsolved, "assignee": NOBODY}
    yield _("Waiting for the requester"), _("We asked something"), {"status": Status.PENDING.value}
    yield _("All that is not solved"), _("In every queue that you see"), unsolved
