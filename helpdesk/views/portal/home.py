"""The portal's first page."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.requests import actor_of
from helpdesk.selectors import paging, tickets

_SHOWN: Final = 5


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A welcome for strangers; for everybody else what they wait for, and the way to ask for more."""
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html")
    mine = tickets.unclosed(tickets.requested_by(actor_of(request)))
    rows = tickets.with_last_words(tickets.with_people(mine), with_notes=False)
    return render(request, "portal/home.html", {"page": paging.page(rows, paging.NEWS, size=_SHOWN)})
