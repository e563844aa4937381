"""Drafts: a script of both rooms saves them while somebody writes, and a button of the page discards them."""

import json
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from helpdesk import access
from helpdesk.actions.drafts import discard_draft, save_draft
from helpdesk.actors import Actor
from helpdesk.domain.places import Place, parse_place
from helpdesk.domain.references import format_ref
from helpdesk.errors import DomainError
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.views.drafts import FILING, NEW, is_content
from helpdesk.views.refusals import STATUSES

_RIGHTS: Final = {"reply": Right.REPLY, "note": Right.WRITE_NOTES}


# Who has been logged out meanwhile gets words, not the login page: a script asks.
@login_not_required
@require_http_methods(["POST", "DELETE"])
def draft(request: HttpRequest, place: str) -> HttpResponse:
    """Keep what a script sends, or discard what is kept."""
    where = parse_place(place)
    if where is None:
        raise Http404
    if not request.user.is_authenticated:
        words = _("You are logged out. Log in again in another tab; what you wrote stays here.")
        return JsonResponse({"error": words}, status=HTTPStatus.UNAUTHORIZED)
    actor = actor_of(request)
    if request.method == "POST" and request.content_type == "application/json":
        return _save(request, where, actor)
    discard_draft(place=place, by=actor, now=timezone.now())
    if request.method == "DELETE":
        return JsonResponse({"said": ""})
    return redirect(_way_back(request, place))


def _save(request: HttpRequest, where: Place, actor: Actor) -> JsonResponse:
    _check(where, actor)
    body = _read(request)
    if body is None:
        words = _("This could not be kept as a draft.")
        return JsonResponse({"error": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now = timezone.now()
    try:
        kept = save_draft(place=str(where), content=body["content"], form_key=body["key"], by=actor, now=now)
    except DomainError as refusal:
        return JsonResponse({"error": str(refusal)}, status=STATUSES[refusal.code])
    clock = formats.date_format(timezone.localtime(now), pgettext("time format", "H:i"))
    return JsonResponse({"said": _("Saved as a draft, %(time)s") % {"time": clock} if kept else ""})


def _check(where: Place, actor: Actor) -> None:
    """Nobody keeps anything in a place where they could not write."""
    if where.number is None:
        access.require(actor, Right.FILE_TICKET if str(where) == NEW else Right.FILE_FOR_OTHERS)
    else:
        access.get_ticket(actor, format_ref(where.number), _RIGHTS[where.form])


def _read(request: HttpRequest) -> dict[str, Any] | None:
    """The form's key and fields, or None where a script did not send this."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not is_content(body.get("content")):
        return None
    key = body.get("key", "")
    return {"content": body["content"], "key": key} if isinstance(key, str) else None


def _way_back(request: HttpRequest, place: str) -> str:
    wanted = request.POST.get("next", "")
    # Anything but a path would be taken for the name of a route.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return {NEW: "portal:new_ticket", FILING: "admin:ticket_new"}.get(place, "portal:tickets")
