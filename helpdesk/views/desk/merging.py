"""Merging a ticket into another one: which, what will happen, and back again for a day."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions import merging
from helpdesk.actors import Actor
from helpdesk.domain.ids import id_in
from helpdesk.forms.merging import IntoForm, MergeForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.merging import candidates, preview
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.tellings import tell, tell_undoable
from helpdesk.views.desk.ticket import ticket_page
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask into which ticket; then show what will happen; then, posted to, let it happen."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    if ticket.merged_into_id is not None:
        return redirect("admin:ticket", access.open_ticket(actor, ref).ref)
    asked = "into" in request.GET
    choosing = IntoForm(request.GET if asked else None, ticket=ticket, actor=actor)
    if not asked or not choosing.is_valid():
        return _choose(request, ticket, choosing, actor)
    into = access.open_ticket(actor, choosing.cleaned_data["into"].ref)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _merge(request, form, ticket, into, actor)
        if done is not None:
            return done
    return _confirm(request, ticket, into, form)


def _merge(request: HttpRequest, form: MergeForm, ticket: Ticket, into: Ticket, actor: Actor) -> HttpResponse | None:
    said = form.cleaned_data
    act = partial(
        merging.merge,
        ticket=ticket,
        into=into,
        by=actor,
        now=timezone.now(),
        knowing=said["knowing"],
        seen=(said["source_version"], said["target_version"]),
    )
    done = attempt(form, act)
    if done is None:
        return None
    words = _("%(old)s goes on in this ticket. For a day this can be undone.")
    tell_undoable(request, words % {"old": ticket.ref}, done.target, "unmerge", merge=done.pk)
    return redirect("admin:ticket", done.target.ref)


def _choose(request: HttpRequest, ticket: Ticket, form: IntoForm, actor: Actor) -> HttpResponse:
    context = {**_frame(ticket), "form": form, "candidates": candidates(actor, ticket)}
    return page(request, "desk/merge.html", context, status_of(form))


def _confirm(request: HttpRequest, ticket: Ticket, into: Ticket, form: MergeForm) -> HttpResponse:
    context = {
        **_frame(ticket),
        "into": into,
        "preview": preview(ticket, into),
        "form": form,
        "is_possible": ticket.is_solved or not into.is_solved,
    }
    return page(request, "desk/merge_preview.html", context, status_of(form))


def _frame(ticket: Ticket) -> dict[str, object]:
    return {
        "title": _("Merge %(ref)s") % {"ref": ticket.ref},
        "own_heading": True,
        "crumbs": [
            {"title": _("Tickets"), "url": reverse("admin:tickets")},
            {"title": ticket.ref, "url": reverse("admin:ticket", args=[ticket.ref])},
        ],
        "here": _("Merge"),
        "ticket": ticket,
    }


@require_POST
def unmerge(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the ticket and one that was merged into it apart again."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    named = id_in(request.POST.get("merge"))
    if named is None:
        raise Http404
    undone = access.get_ticket_merge(ticket, named)
    form = MergeForm({})
    form.errors.clear()
    back = attempt(form, partial(merging.undo_merge, merge=undone, by=actor, now=timezone.now()))
    if back is None:
        return ticket_page(request, ref, Refused("unmerge", form))
    words = _("%(old)s stands by itself again. What was written on %(ref)s since the merge stays there.")
    tell(request, words % {"old": back.ref, "ref": ticket.ref})
    return redirect("admin:ticket", ticket.ref)
