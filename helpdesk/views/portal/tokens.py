"""One's own tokens: how scripts and other systems come in one's name."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.actions import tokens
from helpdesk.forms.tokens import RotateForm, TokenForm
from helpdesk.models import ApiToken
from helpdesk.requests import actor_of
from helpdesk.selectors.tokens import token_of, tokens_of
from helpdesk.views.refusals import attempt, status_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator] # allauth ships no types
def show(request: HttpRequest) -> HttpResponse:
    """The list, and a new one. Its text stands on this one answer and nowhere else."""
    actor, now = actor_of(request), timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_valid():
        made = attempt(form, lambda: tokens.make_token(user=actor.person, by=actor, now=now, **form.chosen(now)))
        if made is not None:
            # One that was there before this sending was made by the same form a moment ago.
            return _page(request, TokenForm(actor=actor), made=made, is_second=made[0].created_at != now)
    return _page(request, form)


@never_cache
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator] # as above
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Another one in its place."""
    actor, token, now = actor_of(request), _token(request, pk), timezone.now()
    form = RotateForm(request.POST)
    made = None
    if form.is_valid():
        made = attempt(form, lambda: tokens.rotate_token(by=actor, now=now, **form.chosen(token)))
    if made is None:
        messages.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return redirect("portal:api_tokens")
    return _page(request, TokenForm(actor=actor), made=made, is_second=made[0].created_at != now)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of one."""
    token = _token(request, pk)
    tokens.revoke_token(token=token, by=actor_of(request), now=timezone.now())
    messages.success(request, _("“%(name)s” is revoked: nothing comes in by it any more.") % {"name": token.name})
    return redirect("portal:api_tokens")


def _token(request: HttpRequest, pk: int) -> ApiToken:
    """One's own token. Http404 where it is somebody else's."""
    actor = actor_of(request)
    found = token_of(actor, pk)
    if found is None or found.user_id != actor.person_id:
        raise Http404(_("There is no such token."))
    return found


def _page(request: HttpRequest, form: TokenForm, made: Any = None, *, is_second: bool = False) -> HttpResponse:
    rows = list(tokens_of(actor_of(request).person))
    now = timezone.now()
    context = {
        "form": form,
        "made": made[0] if made else None,
        "secret": str(made[1]) if made else "",
        "is_second": is_second,
        "valid": [row for row in rows if row.is_valid(now)],
        "ended": [row for row in rows if not row.is_valid(now)][:10],
        "rotate_form": RotateForm(),
    }
    return render(request, "portal/tokens.html", context, status=status_of(form))
