"""Other systems that come by tokens: who they are, what they may do, and their tokens; and everybody else's tokens."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk import access
from helpdesk.actions import integrations, tokens
from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.domain.tokens import Token
from helpdesk.errors import DomainError
from helpdesk.forms.integrations import IntegrationForm
from helpdesk.forms.tokens import RotateForm, TokenForm
from helpdesk.models import ApiToken, Integration
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of, place_asked
from helpdesk.selectors import tokens as reading
from helpdesk.views.desk.frame import page
from helpdesk.views.refusals import attempt, status_of

_READ: Final = ["GET", "HEAD"]
_ENDED: Final = 10


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All integrations."""
    actor = actor_of(request)
    access.require(actor, Right.SEE_PEOPLE)
    rows = reading.integrations(actor, timezone.now())
    context = {"title": _("Integrations"), "own_heading": True, "here": _("Integrations"), "integrations": rows}
    return page(request, "desk/integrations.html", {**context, "may_change": holds(actor, Right.CHANGE_PEOPLE)})


@require_http_methods([*_READ, "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add another one."""
    actor = actor_of(request)
    access.require(actor, Right.CHANGE_PEOPLE)
    form = IntegrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = attempt(form, lambda: integrations.add_integration(wanted=form.wanted, by=actor, now=timezone.now()))
        if made is not None:
            messages.success(request, _("“%(name)s” is added. Make a token by which it comes.") % {"name": made})
            return redirect("admin:integration", made.pk)
    return page(request, "desk/integration_edit.html", _frame(_("New integration"), form=form), status_of(form))


@require_http_methods([*_READ, "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    actor = actor_of(request)
    row = access.get_integration(actor, pk, Right.CHANGE_PEOPLE)
    form = IntegrationForm(request.POST if request.method == "POST" else None, integration=row)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        changed = attempt(
            form,
            lambda: integrations.change_integration(
                integration=row, wanted=form.wanted, by=actor, now=timezone.now(), seen=seen
            ),
        )
        if changed is not None:
            messages.success(request, _("“%(name)s” is saved.") % {"name": changed})
            return redirect("admin:integration", row.pk)
    frame = _frame(str(row), form=form, integration=row)
    return page(request, "desk/integration_edit.html", frame, status_of(form))


@never_cache
@require_http_methods([*_READ, "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them with its tokens, and a new one, for which whoever sits here shows once more who they are."""
    right = Right.CHANGE_PEOPLE if request.method == "POST" else Right.SEE_PEOPLE
    answer: HttpResponse = _show(request, access.get_integration(actor_of(request), pk, right))
    return answer


@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator] # allauth ships no types
def _show(request: HttpRequest, row: Integration) -> HttpResponse:
    """The page. The text of a new token stands on this one answer and nowhere else."""
    actor, now = actor_of(request), timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None, actor=_itself(row))
    if form.is_valid():
        made = attempt(form, lambda: tokens.make_token(user=row.user, by=actor, now=now, **form.chosen(now)))
        if made is not None:
            # One that was there before this sending was made by the same form a moment ago.
            return _page(request, row, TokenForm(actor=_itself(row)), made, is_second=made[0].created_at != now)
    return _page(request, row, form)


@never_cache
@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Another token in the place of an integration's, in the same way."""
    actor = actor_of(request)
    token = access.get_token(actor, pk, Right.CHANGE_PEOPLE)
    row = access.get_integration(actor, token.user_id, Right.CHANGE_PEOPLE)
    answer: HttpResponse = _rotate(request, row, token)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator] # as above
def _rotate(request: HttpRequest, row: Integration, token: ApiToken) -> HttpResponse:
    actor, form, now = actor_of(request), RotateForm(request.POST), timezone.now()
    made = None
    if form.is_valid():
        made = attempt(form, lambda: tokens.rotate_token(by=actor, now=now, **form.chosen(token)))
    if made is None:
        messages.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return redirect("admin:integration", row.pk)
    return _page(request, row, TokenForm(actor=_itself(row)), made, is_second=made[0].created_at != now)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of anybody's token."""
    actor = actor_of(request)
    token = access.get_token(actor, pk, Right.CHANGE_PEOPLE)
    tokens.revoke_token(token=token, by=actor, now=timezone.now())
    messages.success(request, _("“%(name)s” is revoked: nothing comes in by it any more.") % {"name": token.name})
    return redirect("admin:integration" if token.user.is_integration else "admin:person_access", token.user_id)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut it out with all its tokens."""
    actor = actor_of(request)
    row = access.get_integration(actor, pk, Right.CHANGE_PEOPLE)

    def act() -> str:
        ended = integrations.close_integration(integration=row, by=actor, now=timezone.now())
        words = ngettext(
            "“%(name)s” is shut out; %(count)d token ended.", "“%(name)s” is shut out; %(count)d tokens ended.", ended
        )
        return words % {"name": row, "count": ended}

    return _done(request, row, act)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it in again."""
    actor = actor_of(request)
    row = access.get_integration(actor, pk, Right.CHANGE_PEOPLE)

    def act() -> str:
        integrations.open_integration(integration=row, by=actor, now=timezone.now())
        return _("“%(name)s” may come again. Its old tokens stay ended: make a new one.") % {"name": row}

    return _done(request, row, act)


@require_safe
def of_people(request: HttpRequest) -> HttpResponse:
    """The tokens of everybody who is a person; their words are nobody's to see."""
    actor, now = actor_of(request), timezone.now()
    access.require(actor, Right.SEE_PEOPLE)
    place = place_asked(request)
    found = reading.tokens_of_people(actor, before=place)
    tokens = reading.shown(found.rows, now)
    frame = _frame(_("Tokens of people"), tokens=tokens, older=found.older, is_later=place is not None, now=now)
    return page(request, "desk/tokens.html", {**frame, "may_change": holds(actor, Right.CHANGE_PEOPLE)})


def _itself(row: Integration) -> Actor:
    """What the integration may do decides what its tokens can be made for."""
    return Actor(row.user, Channel.API)


def _done(request: HttpRequest, row: Integration, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:integration", row.pk)


def _page(
    request: HttpRequest,
    row: Integration,
    form: TokenForm,
    made: tuple[ApiToken, Token] | None = None,
    *,
    is_second: bool = False,
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = reading.shown(reading.tokens_of(row.user), now)
    context = _frame(
        str(row),
        integration=row,
        teams=reading.teams_of(row),
        form=form,
        made=made[0] if made else None,
        secret=str(made[1]) if made else "",
        is_second=is_second,
        tokens=[one for one in rows if one.is_valid],
        ended=[one for one in rows if not one.is_valid][:_ENDED],
        rotate_form=RotateForm(),
        may_change=holds(actor, Right.CHANGE_PEOPLE),
        now=now,
    )
    return page(request, "desk/integration.html", context, status_of(form))


def _frame(title: str, **context: Any) -> dict[str, Any]:
    crumbs = [{"title": _("Integrations"), "url": reverse("admin:integrations")}]
    return {"title": title, "own_heading": True, "crumbs": crumbs, "here": title, **context}
