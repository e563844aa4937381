"""A ticket as the desk sees it: what was said and what happened, what can be done now, and who asked."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk import access
from helpdesk.actors import Actor
from helpdesk.domain.references import parse_ref
from helpdesk.models import Ticket
from helpdesk.permissions import Right, holds, may
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import answers, desk, privacy, problems, tickets
from helpdesk.selectors.moves import possible
from helpdesk.selectors.watchers import watchers_of
from helpdesk.views.desk import folding, trail
from helpdesk.views.desk import questions as panel
from helpdesk.views.desk.clocks import clocks_of
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.panels import PANEL, Page, Refused, opened, panels
from helpdesk.views.desk.relations import relations
from helpdesk.views.desk.stream import stream
from helpdesk.views.desk.tellings import tell, tellings
from helpdesk.views.refusals import status_of


@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page of one ticket. The reference of one that was merged leads to where it goes on."""
    ticket = access.open_ticket(actor_of(request), ref)
    if parse_ref(ref) != ticket.number:
        tell(request, _("%(old)s was merged into this ticket.") % {"old": ref.upper()})
        return back_to(request, ticket)
    if is_piece(request) and PANEL in request.GET and may(actor_of(request), Right.READ_NOTES, ticket):
        return _piece(request, ticket)
    return _page(request, ticket)


def _piece(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The form of a panel that somebody opens. Where the ticket is not what their page shows any more, none comes."""
    actor = actor_of(request)
    can = possible(actor, ticket, timezone.now())
    asked = answers.asked_about(ticket, with_internal=True)
    place = Page(actor, ticket, trail.suffix_of(request), answers.unanswered(asked))
    panel = panels(place, can, None, opened(request)).get(request.GET.get(PANEL, ""))
    if panel is None or not panel.is_open or request.GET.get("seen") != str(ticket.version):
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return render(request, panel.inside, {"ticket": ticket, "panel": panel})


def ticket_page(request: HttpRequest, ref: str, refused: Refused | None = None) -> HttpResponse:
    """The ticket as it is now. A refused form keeps its text, whatever has become of its button."""
    return _page(request, access.open_ticket(actor_of(request), ref), refused)


def _page(request: HttpRequest, ticket: Ticket, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    if not may(actor, Right.READ_NOTES, ticket):
        # The desk shows what is said among those who work there; one's own matters and what one follows stand outside.
        return redirect("portal:ticket", ticket.ref)
    can = possible(actor, ticket, timezone.now())
    way, before, after = trail.follow(request, actor, ticket)
    asked = answers.asked_about(ticket, with_internal=True)
    forms = panels(Page(actor, ticket, way.suffix, answers.unanswered(asked)), can, refused, opened(request))
    questions = panel.rows(asked, refused, works=can.tag)
    followers = list(watchers_of(ticket))
    context = {
        "title": f"{ticket.ref} {ticket.subject}",
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": way.back}],
        "here": ticket.ref,
        "ticket": ticket,
        "circle": privacy.circle_of(actor, ticket),
        # It may be private where the ticket is not any more; then the ticket alone is told.
        "problem_is_hidden": _is_hidden(actor, ticket),
        "trail": way,
        "previous": before,
        "next": after,
        "possible": can,
        "panels": forms,
        "moves": [forms[move.name] for move in can.moves],
        "refused": refused,
        "is_lost": refused is not None and refused.name not in {*forms, *(row.name for row in questions)},
        "rows": folding.rows(list(stream(actor, ticket, whole="all" in request.GET))),
        "card": desk.requester_card(actor, ticket),
        "many": desk.MANY,
        "questions": [row for row in questions if row.asked.applies],
        "earlier_answers": [row for row in questions if not row.asked.applies],
        "tags": list(tickets.with_tags([ticket])[0].tags.all()),
        "watchers": followers,
        "is_watching": actor.person in followers,
        "follows": tickets.followed(actor, ticket),
        "follow_ups": tickets.follow_ups(actor, ticket),
        "clocks": clocks_of(ticket),
        **relations(request, actor, ticket, forms),
        "deliveries": desk.deliveries_of(ticket),
        "sees_operation": holds(actor, Right.SEE_OPERATION),
        "tellings": tellings(request, way.suffix),
    }
    return page(request, "desk/ticket.html", context, status_of(refused.form) if refused else HTTPStatus.OK)


def _is_hidden(actor: Actor, ticket: Ticket) -> bool:
    """Whether the problem of the ticket is private to others."""
    problem = ticket.problem
    return problem is not None and not problems.sees(actor, problem)


def back_to(request: HttpRequest, ticket: Ticket, anchor: str = "") -> HttpResponse:
    """After something was done: the ticket again, with the list that its reader came from."""
    query = request.GET.urlencode()
    return redirect(reverse("admin:ticket", args=[ticket.ref]) + (f"?{query}" if query else "") + anchor)
