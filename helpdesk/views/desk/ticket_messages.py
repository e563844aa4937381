"""A message of one's own changed, and what a message said before."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import conversation
from helpdesk.selectors.moves import possible
from helpdesk.views import writing
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.tellings import tell
from helpdesk.views.desk.ticket import back_to
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Other words for what one wrote some minutes ago."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    message = access.get_own_message(actor, ticket, pk)
    anchor = f"#message-{message.pk}"
    can = possible(actor, ticket, timezone.now())
    if request.method != "POST" and can.editable_since and message.created_at <= can.editable_since:
        tell(request, _("The time in which this message could be changed is over."))
        return back_to(request, ticket, anchor)
    form = writing.edit_form(message, request.POST)
    done = attempt(form, lambda: writing.edit(message, form, actor)) if form.is_valid() else None
    if done is None:
        title = _("Change your note") if message.is_internal else _("Change your reply")
        context = {**_frame(ticket, title), "message": message, "form": form}
        return page(request, "desk/message_edit.html", context, status_of(form))
    tell(request, _("Your message is changed. What it said before is kept."))
    return back_to(request, done, anchor)


@require_safe
def earlier(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """What a message said before its author changed it."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.READ_NOTES)
    message = access.get_message(actor, ticket, pk)
    context = {
        **_frame(ticket, _("What it said before")),
        "message": message,
        "revisions": conversation.revisions_of(message),
    }
    return page(request, "desk/message_earlier.html", context)


def _frame(ticket: Ticket, title: str) -> dict[str, object]:
    where = reverse("admin:ticket", args=[ticket.ref])
    crumbs = [{"title": _("Tickets"), "url": reverse("admin:tickets")}, {"title": ticket.ref, "url": where}]
    return {"title": title, "own_heading": True, "crumbs": crumbs, "here": title, "ticket": ticket, "back": where}
