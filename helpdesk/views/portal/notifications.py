"""How one wants to be told, and when one is left in peace. Everybody's own page, whichever room they work in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.actions import preferences
from helpdesk.forms.notifications import MuteForm, NotificationsForm, QuietHoursForm
from helpdesk.models import QuietHours, User
from helpdesk.requests import actor_of
from helpdesk.selectors.telling import chosen_by, quiet_hours_of
from helpdesk.views.refusals import attempt, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """What one is told of, by which channels."""
    actor = actor_of(request)
    form = _choices(actor.person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        attempt(form, lambda: preferences.choose(choices=form.choices, by=actor, now=timezone.now()))
    return _answer(request, form, _("Your choice is saved."), choices=form)


@require_POST
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """When one is left in peace."""
    actor, form = actor_of(request), QuietHoursForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: preferences.set_quiet_hours(**form.cleaned_data, by=actor, now=timezone.now()))
    return _answer(request, form, _("Your quiet hours are saved."), hours=form)


@require_POST
def mute(request: HttpRequest) -> HttpResponse:
    """Be left in peace from now on, or end that."""
    actor, now = actor_of(request), timezone.now()
    if "end" in request.POST:
        preferences.mute(until=None, by=actor, now=now)
        messages.success(request, _("Mails come again."))
        return redirect("portal:notifications")
    form = MuteForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: preferences.mute(until=form.moment(now), by=actor, now=now))
    return _answer(request, form, _("You get no mails for a while."), mute=form)


def _choices(person: User, data: Any = None) -> NotificationsForm:
    chosen = chosen_by([person]).get(person.pk, {})
    return NotificationsForm(data, chosen=chosen, has_inbox=person.is_staff)


def _hours(row: QuietHours) -> QuietHoursForm:
    known = {name: getattr(row, name) for name in ("weekdays", "starts", "ends", "whole_days")}
    return QuietHoursForm(initial=known)


def _answer(request: HttpRequest, form: Form, done: str, **forms: Form) -> HttpResponse:
    """The page with the form that was sent as it was, or, where that came through, the page anew."""
    if form.is_bound and not form.errors:
        messages.success(request, done)
        return redirect("portal:notifications")
    person, now = actor_of(request).person, timezone.now()
    row = quiet_hours_of(person)
    made: dict[str, Callable[[], Form]] = {
        "choices": lambda: _choices(person),
        "hours": lambda: _hours(row),
        "mute": MuteForm,
    }
    context = {
        **{name: forms[name] if name in forms else make() for name, make in made.items()},
        "form": form,
        "muted_until": row.muted_until if row.muted_until and row.muted_until > now else None,
    }
    return render(request, "portal/notifications.html", context, status=status_of(form))
