"""The list that somebody came from: its tickets before and after this one, and how the page's addresses keep it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from helpdesk.actors import Actor
from helpdesk.domain.keyset import Place
from helpdesk.forms.desk_filter import completed
from helpdesk.models import Ticket
from helpdesk.selectors import narrowing, paging
from helpdesk.views.desk.listing import listed, named_by, order_of

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Trail:
    """`query` narrows and orders the list; `place` is where the ticket was in it when the reader came.

    The place stays while one works on the ticket: a reply would lift it to the top of a list by the last change, and
    "next" would lead back to where one began.
    """

    query: str
    place: str

    @property
    def suffix(self) -> str:
        """What every form of the page adds to its address."""
        given = {"list": self.query, "at": self.place}
        return "?" + urlencode({name: value for name, value in given.items() if value}) if any(given.values()) else ""

    @property
    def back(self) -> str:
        """The address of the list."""
        return reverse("admin:tickets") + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A ticket beside this one in the list, and the address of its page."""

    ticket: Ticket
    url: str


def suffix_of(request: HttpRequest) -> str:
    """What the page that asks has in its addresses already."""
    return Trail(request.GET.get("list", "")[:_LONGEST], request.GET.get("at", "")[:_LONGEST]).suffix


def follow(request: HttpRequest, actor: Actor, ticket: Ticket) -> tuple[Trail, Neighbour | None, Neighbour | None]:
    """The trail of this request with the tickets before and after this one."""
    query, at = request.GET.get("list", "")[:_LONGEST], request.GET.get("at", "")
    asked = QueryDict(query)
    order = order_of(asked)
    place = order.decode(at) or order.place_of(ticket)
    trail = Trail(query, "" if None in place.values else Place(place.values).encode())
    if (found := named_by(completed(asked), actor)) is not None and None not in place.values:
        before, after = narrowing.beside(actor, found[1], order, ticket, place=place, now=timezone.now())
    else:
        before, after = paging.neighbours(listed(query, actor).tickets, order, ticket, place=place)
    return trail, _beside(before, query), _beside(after, query)


def _beside(ticket: Ticket | None, query: str) -> Neighbour | None:
    if ticket is None:
        return None
    suffix = "?" + urlencode({"list": query}) if query else ""
    return Neighbour(ticket, reverse("admin:ticket", args=[ticket.ref]) + suffix)
