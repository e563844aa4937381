"""How somebody logs in, for administrators: a person who lost their phone, or whose device was stolen."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk import access
from helpdesk.actions import second_step, sessions
from helpdesk.errors import DomainError
from helpdesk.models import User
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors import tokens
from helpdesk.selectors.people import person_of
from helpdesk.selectors.second_step import steps_of
from helpdesk.selectors.sessions import places_of
from helpdesk.views.desk.frame import page


def _person(request: HttpRequest, pk: int, right: Right) -> User:
    access.require(actor_of(request), right)
    person = person_of(pk)
    if person is None or person.is_integration:
        raise Http404
    return person


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's second steps, and where they are logged in."""
    person, actor, now = _person(request, pk, Right.SEE_PEOPLE), actor_of(request), timezone.now()
    context = {
        "title": _("How %(name)s logs in") % {"name": person},
        "own_heading": True,
        "crumbs": [
            {"title": _("People"), "url": reverse("admin:helpdesk_user_changelist")},
            {"title": person, "url": reverse("admin:helpdesk_user_change", args=[person.pk])},
        ],
        "here": _("How they log in"),
        "person": person,
        "steps": steps_of(person),
        "places": places_of(person, this="", now=now),
        "tokens": [one for one in tokens.shown(tokens.tokens_of(person), now) if one.is_valid],
        "now": now,
        "may_change": holds(actor, Right.CHANGE_PEOPLE) and person != actor.person,
        "is_self": person == actor.person,
    }
    return page(request, "desk/person_access.html", context)


def _do(request: HttpRequest, person: User, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:person_access", person.pk)


@require_POST
def reset_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the person's second steps away."""
    person = _person(request, pk, Right.CHANGE_PEOPLE)

    def act() -> str:
        second_step.reset(person=person, by=actor_of(request), now=timezone.now())
        words = _("%(name)s logs in with the password alone now, and was told by mail.")
        return words % {"name": person}

    return _do(request, person, act)


@require_POST
def log_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Log the person out everywhere."""
    person = _person(request, pk, Right.CHANGE_PEOPLE)

    def act() -> str:
        ended = sessions.end_all_of(person=person, by=actor_of(request), now=timezone.now())
        words = ngettext(
            "%(name)s was logged out in %(count)d place.", "%(name)s was logged out in %(count)d places.", ended
        )
        return words % {"name": person, "count": ended}

    return _do(request, person, act)
