"""The clocks of a ticket as its page shows them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.models import SLACycle, Ticket, User
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import clocks as selectors
from helpdesk.selectors.clock_story import seen_by
from helpdesk.selectors.clocks import Badge


@dataclass(frozen=True, slots=True)
class Clocks:
    """Those that run or stand, the next due first, and those that are over, the latest first."""

    running: tuple[Badge, ...] = ()
    past: tuple[SLACycle, ...] = ()
    seen_by: User | None = None

    @property
    def next(self) -> Badge | None:
        """The one that is due next."""
        return self.running[0] if self.running else None


def clocks_of(ticket: Ticket) -> Clocks:
    """The clocks of a ticket as they stand now."""
    now, cycles = timezone.now(), selectors.of_ticket(ticket)
    running = (cycle for cycle in cycles if not cycle.is_stopped and cycle.target_seconds is not None)
    past = sorted((cycle for cycle in cycles if cycle.is_stopped), key=_stopped_at, reverse=True)
    return Clocks(tuple(selectors.badge(cycle, now) for cycle in running), tuple(past), seen_by(ticket))


def _stopped_at(cycle: SLACycle) -> tuple[object, int]:
    return cycle.stopped_at, cycle.pk


@require_safe
def standing(request: HttpRequest, ref: str) -> HttpResponse:
    """The clocks of a ticket as they stand now, for the page that shows it already."""
    ticket = access.get_ticket(actor_of(request), ref, Right.READ_NOTES, opens=False)
    return render(request, "desk/parts/clocks_now.html", {"ticket": ticket, "clocks": clocks_of(ticket)})
