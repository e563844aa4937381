"""A ticket as the desk sees it: what was said and what happened, what can be done now, and who asked."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.errors import Text
from helpdesk.forms.desk import AssignForm, MoveForm, TierForm, WriteForm
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right, holds, may
from helpdesk.requests import actor_of
from helpdesk.selectors import desk, tickets
from helpdesk.selectors.moves import Possible, possible
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.stream import stream
from helpdesk.views.refusals import status_of
from helpdesk.views.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Panel:
    """A form of the page. `name` tells it from the others; `is_open` when it was refused and is shown again."""

    name: str
    title: Text
    url: str
    form: OnceForm
    uploads: Uploads = field(default_factory=Uploads)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused, and which of the page's forms it is."""

    name: str
    form: OnceForm
    uploads: Uploads = field(default_factory=Uploads)


@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page of one ticket."""
    return ticket_page(request, ref)


def ticket_page(request: HttpRequest, ref: str, refused: Refused | None = None) -> HttpResponse:
    """The ticket as it is now. A refused form keeps its text, whatever has become of its button."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    can = possible(actor, ticket, timezone.now())
    panels = _panels(actor, ticket, can, refused)
    reads_notes = may(actor, Right.READ_NOTES, ticket)
    context = {
        "title": f"{ticket.ref} {ticket.subject}",
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": reverse("admin:tickets")}],
        "here": ticket.ref,
        "ticket": ticket,
        "possible": can,
        "panels": panels,
        "moves": [panels[move.name] for move in can.moves],
        "refused": refused,
        "is_lost": refused is not None and refused.name not in panels,
        "stream": stream(actor, ticket),
        "card": desk.requester_card(actor, ticket),
        "follow_ups": tickets.follow_ups(actor, ticket),
        "reads_notes": reads_notes,
        "deliveries": desk.deliveries_of(ticket) if reads_notes else (),
        "sees_operation": holds(actor, Right.SEE_OPERATION),
    }
    return page(request, "desk/ticket.html", context, status_of(refused.form) if refused else HTTPStatus.OK)


def _panels(actor: Actor, ticket: Ticket, can: Possible, refused: Refused | None) -> dict[str, Panel]:
    """Every form that the page shows, by name: those of what the actor may do now, and no others."""
    made: dict[str, tuple[Text, str, OnceForm]] = {}
    if can.reply:
        made["reply"] = (_("Reply"), _url("reply", ticket), WriteForm())
    if can.note:
        made["note"] = (_("Internal note"), _url("note", ticket), WriteForm())
    if can.assign:
        made["assign"] = (_("Assign"), _url("assign", ticket), AssignForm(ticket=ticket, actor=actor))
    if can.take:
        made["take"] = (_("Take it"), _url("assign", ticket), AssignForm(ticket=ticket, actor=actor))
    for move in can.moves:
        made[move.name] = (move.label, _url("move", ticket, move.name), MoveForm(move=move))
    if can.escalate_to:
        words = _("Escalate to %(tier)s") % {"tier": can.escalate_to}
        made["escalate"] = (words, _url("escalate", ticket), TierForm())
    if can.deescalate_to:
        words = _("Hand back to %(tier)s") % {"tier": can.deescalate_to}
        made["deescalate"] = (words, _url("deescalate", ticket), TierForm())
    return {name: _panel(name, *parts, refused) for name, parts in made.items()}


def _panel(name: str, title: Text, url: str, form: OnceForm, refused: Refused | None) -> Panel:
    # Each form has ids of its own, so that every label finds its field.
    form.auto_id = f"{name}-%s"
    if refused is None or refused.name != name:
        return Panel(name, title, url, form)
    refused.form.auto_id = form.auto_id
    return Panel(name, title, url, refused.form, refused.uploads, is_open=True)


def _url(route: str, ticket: Ticket, *args: Any) -> str:
    return reverse(f"admin:ticket_{route}", args=[ticket.ref, *args])
