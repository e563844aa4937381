"""A message of one's own changed in the portal, for some minutes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk import access
from helpdesk.requests import actor_of
from helpdesk.selectors.moves import possible
from helpdesk.views import writing
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Other words for what one wrote some minutes ago."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    message = access.get_own_message(actor, ticket, pk, in_portal=True)
    back = reverse("portal:ticket", args=[ticket.ref]) + f"#message-{message.pk}"
    can = possible(actor, ticket, timezone.now())
    if request.method != "POST" and can.editable_since and message.created_at <= can.editable_since:
        messages.warning(request, _("The time in which this message could be changed is over."))
        return redirect(back)
    form = writing.edit_form(message, request.POST)
    done = attempt(form, lambda: writing.edit(message, form, actor)) if form.is_valid() else None
    if done is None:
        context = {"ticket": ticket, "form": form, "back": back}
        return render(request, "portal/message_edit.html", context, status=status_of(form))
    messages.success(request, _("Your message is changed."))
    return redirect(back)
