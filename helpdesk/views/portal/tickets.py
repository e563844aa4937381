"""The form for a new ticket."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk import access
from helpdesk.actions.tickets import create_ticket
from helpdesk.actors import Actor
from helpdesk.forms.tickets import NewTicketForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.views.refusals import attempt, status_of
from helpdesk.views.uploads import Uploads, receive


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for help."""
    actor = actor_of(request)
    access.require(actor, Right.FILE_TICKET)
    if request.method != "POST":
        form = NewTicketForm(initial={"category": request.GET.get("category")})
        return _form_page(request, form, Uploads())
    form = NewTicketForm(request.POST, request.FILES)
    uploads = receive(request, form, actor)
    ticket = attempt(form, lambda: _file(form, uploads, actor)) if form.is_valid() else None
    if ticket is None:
        return _form_page(request, form, uploads)
    messages.success(request, _received(ticket, actor))
    return redirect("portal:ticket", ticket.ref)


def _file(form: NewTicketForm, uploads: Uploads, actor: Actor) -> Ticket:
    typed = form.cleaned_data
    category = typed.get("category")
    return create_ticket(
        subject=typed["subject"],
        body=typed["text"],
        category=category,
        files=uploads.files,
        by=actor,
        now=timezone.now(),
        submission=form.submission(
            ["new ticket", category and category.code, typed["subject"], typed["text"], uploads.digests]
        ),
    )


def _received(ticket: Ticket, actor: Actor) -> str:
    return _("We have received it as %(ref)s. Somebody reads it and answers here; you get a mail at %(address)s.") % {
        "ref": ticket.ref,
        "address": actor.person.email,
    }


def _form_page(request: HttpRequest, form: NewTicketForm, uploads: Uploads) -> HttpResponse:
    return render(request, "portal/new_ticket.html", {"form": form, "uploads": uploads}, status=status_of(form))
