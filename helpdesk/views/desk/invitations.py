"""Who was invited to work here, and inviting somebody."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions import invitations
from helpdesk.errors import DomainError
from helpdesk.forms.invitations import InviteForm
from helpdesk.models import Invitation
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.invitations import over, pending
from helpdesk.views.desk.frame import page
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The invitations that wait, the latest of the others, and the form for another one."""
    actor, now = actor_of(request), timezone.now()
    access.require(actor, Right.CHANGE_PEOPLE)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        sent = attempt(form, lambda: invitations.invite(**form.cleaned_data, by=actor, now=now))
        if sent is not None:
            messages.success(request, _("%(name)s is invited. The mail is on its way.") % {"name": sent.name})
            return redirect("admin:invitations")
    context = {
        "title": _("Invitations"),
        "own_heading": True,
        "crumbs": [{"title": _("People"), "url": reverse("admin:helpdesk_user_changelist")}],
        "here": _("Invitations"),
        "form": form,
        "now": now,
        "pending": pending(),
        "over": over(),
    }
    return page(request, "desk/invitations.html", context, status_of(form))


def _change(request: HttpRequest, act: Callable[[], Invitation], done: Promise) -> HttpResponse:
    try:
        messages.success(request, str(done) % {"name": act().name})
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:invitations")


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail another link."""
    actor = actor_of(request)
    access.require(actor, Right.CHANGE_PEOPLE)
    return _change(
        request,
        lambda: invitations.send_again(invitation_id=pk, by=actor, now=timezone.now()),
        gettext_lazy("%(name)s gets another mail. Its link works for seven days, the old one no more."),
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    actor = actor_of(request)
    access.require(actor, Right.CHANGE_PEOPLE)
    return _change(
        request,
        lambda: invitations.withdraw(invitation_id=pk, by=actor, now=timezone.now()),
        gettext_lazy("The invitation of %(name)s is withdrawn."),
    )
