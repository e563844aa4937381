"""Minutes spent on a ticket: entered, told one by one, and taken back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk import access
from helpdesk.actions import times as actions
from helpdesk.actors import Actor
from helpdesk.domain.ids import id_in
from helpdesk.forms.desk import TimeForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import times
from helpdesk.templatetags.desk import span_of
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.tellings import tell, tellings
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt


@require_http_methods(["GET", "HEAD", "POST"])
def time(request: HttpRequest, ref: str) -> HttpResponse:
    """All entries; a form of the ticket's page adds one, a button beside each of one's own takes it back."""
    actor = actor_of(request)
    if request.method != "POST":
        return _entries(request, actor, access.get_ticket(actor, ref, Right.READ_NOTES))
    ticket = access.get_ticket(actor, ref, Right.WRITE_NOTES)
    form = TimeForm(request.POST)
    if taken := request.POST.get("correct", ""):
        named = id_in(taken)
        entry = times.entry_of(ticket, named) if named is not None else None
        if entry is None:
            raise Http404(_("There is no such entry on this ticket."))
        # What is refused here is somebody else's entry, which has no button.
        if attempt(form, lambda: actions.correct_time(entry=entry, by=actor, now=timezone.now())) is None:
            return ticket_page(request, ref, Refused("time", form))
        tell(request, _("%(time)s are taken back.") % {"time": span_of(entry.minutes)})
        return redirect("admin:ticket_time", ticket.ref)
    done = attempt(form, lambda: _spend(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("time", form))
    tell(request, _("%(time)s entered on %(ref)s.") % {"time": span_of(form.cleaned_data["minutes"]), "ref": done.ref})
    return back_to(request, done)


def _spend(ticket: Ticket, form: TimeForm, actor: Actor) -> Ticket:
    typed = form.cleaned_data
    return actions.spend_time(
        ticket=ticket,
        minutes=typed["minutes"],
        what=typed["what"],
        by=actor,
        now=timezone.now(),
        submission=form.submission(["time", ticket.ref, typed["minutes"], typed["what"]]),
    )


def _entries(request: HttpRequest, actor: Actor, ticket: Ticket) -> HttpResponse:
    where = reverse("admin:ticket", args=[ticket.ref])
    title = _("Time spent on %(ref)s") % {"ref": ticket.ref}
    context = {
        "title": title,
        "own_heading": True,
        "crumbs": [{"title": _("Tickets"), "url": reverse("admin:tickets")}, {"title": ticket.ref, "url": where}],
        "here": _("Time spent"),
        "ticket": ticket,
        "entries": times.entries_of(ticket),
        "me": actor.person,
        "back": where,
        "tellings": tellings(request),
    }
    return page(request, "desk/ticket_time.html", context)
