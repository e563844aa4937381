"""Where one is logged in, and ending it there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk.actions import sessions
from helpdesk.domain.ids import id_in
from helpdesk.requests import actor_of
from helpdesk.selectors.sessions import places_of


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The browsers in which one is logged in."""
    places = places_of(actor_of(request).person, this=request.session.session_key or "", now=timezone.now())
    others = sum(not place.is_this for place in places)
    return render(request, "portal/sessions.html", {"places": places, "others": others})


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    by, now, one = actor_of(request), timezone.now(), id_in(request.POST.get("one"))
    if one is not None:
        sessions.end_one(session_id=one, by=by, now=now)
        messages.success(request, _("You are logged out there."))
    else:
        ended = sessions.end_others(this=request.session.session_key or "", by=by, now=now)
        words = ngettext(
            "You are logged out in %(count)d other place.", "You are logged out in %(count)d other places.", ended
        )
        messages.success(request, words % {"count": ended})
    return redirect("portal:sessions")
