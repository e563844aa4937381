"""An agent takes down a ticket for somebody else: who called, say. Without a script it takes a second step."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions.tickets import create_ticket
from helpdesk.actors import Actor
from helpdesk.forms.filing import FileForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors import desk
from helpdesk.selectors.clock_effects import beginning
from helpdesk.views import drafts
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.live import preview_of
from helpdesk.views.desk.tellings import tell
from helpdesk.views.drafts import Begun
from helpdesk.views.refusals import attempt, status_of
from helpdesk.views.uploads import Uploads, receive

_NOTHING: Final = Begun()
# What an address may say of the ticket.
_TOLD: Final = ("requester", "category", "queue", "subject")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; with `look` it is only asked what else it wants to know, and a script gets just that."""
    actor = actor_of(request)
    access.require(actor, Right.FILE_FOR_OTHERS)
    if request.method != "POST":
        return _first(request, actor)
    form = FileForm(request.POST, request.FILES, actor=actor)
    if "look" in request.POST and is_piece(request):
        form.look()
        return render(request, "desk/parts/filing_more.html", _more(form, actor))
    uploads = receive(request, form, actor)
    if "look" in request.POST:
        form.look()
        return _page(request, form, uploads, is_look=True)
    if form.is_valid() and form.unseen:
        return _page(request, form, uploads, is_look=True)
    ticket = attempt(form, lambda: _file(form, uploads, actor)) if form.is_valid() else None
    if ticket is None:
        return _page(request, form, uploads)
    drafts.forget(actor, drafts.FILING)
    return _filed(request, actor, ticket)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as the requester will see it."""
    access.require(actor_of(request), Right.FILE_FOR_OTHERS)
    return preview_of(request)


def _first(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form as it is shown first: with what was begun, or with what the address says."""
    begun = drafts.begun(actor, drafts.FILING)
    told = {name: request.GET[name] for name in _TOLD if request.GET.get(name)}
    form = FileForm(actor=actor, initial={**(begun.content or {}), **told})
    begun.fill(form)
    # What somebody was sent here with counts more than what they began.
    form.initial.update(told)
    return _page(request, form, begun.uploads, begun=begun)


def _file(form: FileForm, uploads: Uploads, actor: Actor) -> Ticket:
    typed = form.cleaned_data
    said: Mapping[str, Any] = {name: typed[name] for name in typed if name not in {"key", "asked", "files"}}
    return create_ticket(
        subject=typed["subject"],
        body=typed["text"],
        requester=typed["requester"],
        organization=typed.get("organization"),
        category=typed["category"],
        queue=typed["queue"],
        priority=typed.get("priority"),
        impact=typed.get("impact"),
        urgency=typed.get("urgency"),
        answers=form.answers,
        follow=typed["follow"],
        take=typed["assignee"],
        files=uploads.files,
        by=actor,
        now=timezone.now(),
        submission=form.submission(["filed", {name: str(value) for name, value in said.items()}, uploads.digests]),
    )


def _filed(request: HttpRequest, actor: Actor, ticket: Ticket) -> HttpResponse:
    """What comes after it: the ticket, as far as it may be seen."""
    if may(actor, Right.VIEW, ticket):
        words = _("%(ref)s is filed for %(name)s, who gets a mail about it.")
        if ticket.requester == actor.person:
            words = _("%(ref)s is filed for you.")
        tell(request, words % {"ref": ticket.ref, "name": ticket.requester})
        return redirect("admin:ticket", ticket.ref)
    words = _("%(ref)s is filed for %(name)s, and with people whose tickets you do not see.")
    tell(request, words % {"ref": ticket.ref, "name": ticket.requester})
    return redirect("admin:tickets")


def _more(form: FileForm, actor: Actor) -> dict[str, object]:
    """What is asked, and told, because of what was chosen so far."""
    now = timezone.now()
    asked = form.asked_at(now)
    return {
        "form": form,
        "open_tickets": desk.unsolved_of(actor, form.person) if form.person else [],
        "clocks": beginning(asked, now) if asked else [],
    }


def _page(
    request: HttpRequest, form: FileForm, uploads: Uploads, *, begun: Begun = _NOTHING, is_look: bool = False
) -> HttpResponse:
    context = {
        "title": _("New ticket"),
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": reverse("admin:tickets")}],
        "here": _("New ticket"),
        "uploads": uploads,
        "begun": begun,
        "is_second_step": is_look and form.unseen,
        **_more(form, actor_of(request)),
    }
    return page(request, "desk/filing.html", context, HTTPStatus.OK if is_look else status_of(form))
