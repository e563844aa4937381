"""The portal's first page."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk.models import User
from helpdesk.requests import actor_of
from helpdesk.selectors import announcements, catalogue, guests, my_tickets, problems

_SHOWN: Final = 5


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A welcome for strangers; for everybody else what they wait for, and the way to ask for more."""
    told = announcements.current(timezone.now(), request.user if isinstance(request.user, User) else None)
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html", {"announcements": told, "topics": guests.topics()})
    mine = my_tickets.for_home(actor_of(request), _SHOWN + 1)
    context = {
        "announcements": told,
        "rows": my_tickets.with_answers(mine[:_SHOWN]),
        "more": len(mine) > _SHOWN,
        "topics": catalogue.topics(),
        "known_issues": problems.known_issues(),
    }
    return render(request, "portal/home.html", context)
