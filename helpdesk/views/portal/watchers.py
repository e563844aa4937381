"""Who follows a ticket beside who asked: adding them by their address, and taking them off again."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import access
from helpdesk.actions.watching import add_watcher, remove_watcher
from helpdesk.forms.watchers import WatcherForm
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.watchers import watcher_named
from helpdesk.views.portal.ticket import page, posted
from helpdesk.views.refusals import attempt


@posted
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Let somebody follow the ticket."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.ADD_WATCHER)
    form = WatcherForm(request.POST)
    if not form.is_valid():
        return page(request, ref, adding=form)
    email = form.cleaned_data["email"]
    if attempt(form, lambda: add_watcher(ticket=ticket, email=email, by=actor, now=timezone.now())) is None:
        return page(request, ref, adding=form)
    said = _("%(address)s follows this ticket now and gets a mail of each answer.")
    messages.success(request, said % {"address": email})
    return redirect("portal:ticket", ref)


@posted
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Let somebody follow the ticket no longer: `who` is named by their id. Who follows it no more is gone already."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    who = watcher_named(ticket, request.POST.get("who", ""))
    form = WatcherForm({})
    if who is not None:
        taken_off = partial(remove_watcher, ticket=ticket, who=who, by=actor, now=timezone.now())
        if attempt(form, taken_off) is None:
            return page(request, ref, adding=form)
    if who == actor.person:
        messages.success(request, _("You do not follow %(ref)s any more.") % {"ref": ticket.ref})
        return redirect("portal:tickets")
    messages.success(request, _("They do not follow this ticket any more."))
    return redirect("portal:ticket", ref)
