"""Where the mailed link of an invitation leads: somebody joins the desk."""

from http import HTTPStatus

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk.actions import invitations
from helpdesk.forms.invitations import JoinForm
from helpdesk.models import Invitation, User
from helpdesk.selectors.invitations import by_token, invited
from helpdesk.views.refusals import attempt, status_of


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what; joining is a click more, since mail programs follow links by themselves."""
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="reset_password_from_key")
    if refused is not None:
        return refused
    invitation = by_token(token, now=timezone.now())
    if invitation is None:
        return render(request, "account/invitation_gone.html", status=HTTPStatus.GONE)
    known = invited(invitation)
    if request.user.is_authenticated and request.user != known:
        return render(request, "account/invitation_other.html", {"invitation": invitation})
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        initial={"name": invitation.name},
        invitation=invitation,
        known=known,
    )
    if form.is_valid():
        person = attempt(form, lambda: _accept(request, invitation, form))
        if person is not None:
            return _come_in(request, person, with_password="password" in form.cleaned_data)
    context = {"form": form, "invitation": invitation, "known": known, "teams": list(invitation.teams.all())}
    return render(request, "account/invitation.html", context, status=status_of(form))


def _accept(request: HttpRequest, invitation: Invitation, form: JoinForm) -> User:
    typed = {**form.cleaned_data, "language": request.LANGUAGE_CODE}
    request_id = getattr(request, "request_id", "")
    return invitations.accept(invitation=invitation, typed=typed, request_id=request_id, now=timezone.now())


def _come_in(request: HttpRequest, person: User, *, with_password: bool) -> HttpResponse:
    if with_password:
        answer: HttpResponse = perform_login(request, Login(user=person))
        return answer
    messages.success(request, _("You work at the desk now. Log in once more to go there."))
    return redirect("account_login")
