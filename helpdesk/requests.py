"""What is known about a request: the actor behind it, and the brand that it is answered under."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.domain.ids import id_in
from helpdesk.models import Brand, User
from helpdesk.selectors.brand import brand_or_last_known, last_known
from helpdesk.selectors.inbox import unread_tickets

_DESK_PATH = "/admin/"


def actor_for(request: HttpRequest, user: User) -> Actor:
    """The actor that this person is in this request."""
    channel = Channel.DESK if request.path.startswith(_DESK_PATH) else Channel.PORTAL
    return Actor(user, channel, getattr(request, "request_id", ""))


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person of a request, made once for each request. Raises ValueError for a stranger."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        user = request.user
        if isinstance(user, AnonymousUser):
            raise ValueError("Nobody is signed in.")
        actor = actor_for(request, user)
        request.actor = actor  # type: ignore[attr-defined] # kept for this request only
    return actor


def unread_tickets_of(request: HttpRequest) -> list[int]:
    """The tickets of what the reader has not read in their inbox, asked for once for each request."""
    found: list[int] | None = getattr(request, "unread_tickets", None)
    if found is None:
        found = unread_tickets(actor_of(request))
        request.unread_tickets = found  # type: ignore[attr-defined] # kept for this request only
    return found


def brand_of(request: HttpRequest) -> Brand:
    """The brand in force, asked for once for each request."""
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        # What failed before a session was opened is told without asking the database, which may be the reason.
        brand = brand_or_last_known() if hasattr(request, "user") else last_known()
        request.brand = brand  # type: ignore[attr-defined] # kept for this request only
    return brand


def is_piece(request: HttpRequest) -> bool:
    """Whether a script of ours asks, to put the answer into a page that is open already."""
    return request.headers.get("X-Piece") == "1"


def place_asked(request: HttpRequest) -> int | None:
    """Below which id a page of a list begins, as its address says (`before`); None where it does not."""
    return id_in(request.GET.get("before"))


def length_of(request: HttpRequest) -> int:
    """How long the body is, as its head tells; 0 where it does not."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdecimal() else 0


def is_measured(request: HttpRequest) -> bool:
    """Whether the head tells how long the body is. Django takes a body that comes in pieces (`chunked`) for empty."""
    return "Transfer-Encoding" not in request.headers or "Content-Length" in request.headers
