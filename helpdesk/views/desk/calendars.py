"""The working hours of a calendar: what counts now, other hours as a draft, and what these would change."""

from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk import access
from helpdesk.actions import calendars as actions
from helpdesk.actions.calendars import Hours, newest, state_of
from helpdesk.forms.calendars import HoursForm
from helpdesk.models import Calendar
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.calendars import calendar_of, days_of, holidays_between, preview, versions_of
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.tellings import tell
from helpdesk.views.desk.versions import (
    count_again,
    discarded,
    frame,
    in_force_form,
    is_put_into_force,
    no_draft,
    shown,
    taken_back,
)
from helpdesk.views.refusals import attempt, status_of


def _calendar(request: HttpRequest, pk: int, right: Right) -> Calendar:
    access.require(actor_of(request), right)
    calendar = calendar_of(pk)
    if calendar is None:
        raise Http404
    return calendar


def _frame(calendar: Calendar, here: str) -> dict[str, object]:
    return frame(calendar, "calendar", _("Calendars"), here)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What counts now, and the versions that were, are and will be."""
    calendar, now = _calendar(request, pk, Right.SEE_SETUP), timezone.now()
    versions = versions_of(calendar, now)
    current = versions.in_force
    context = {
        **_frame(calendar, ""),
        **shown(request, versions, "calendar", now),
        "days": days_of(current) if current else [],
        "holidays": current.holidays.filter(day__gte=timezone.localdate()) if current else [],
    }
    return page(request, "desk/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write other hours; posted to, keep them as the draft and show what they would change."""
    calendar = _calendar(request, pk, Right.CHANGE_SETUP)
    base = newest(calendar)
    form = HoursForm(request.POST if request.method == "POST" else None, version=base, seen=state_of(base))
    if request.method == "POST" and "fill" in request.POST:
        form = form.fill(settings.LANGUAGE_CODE) or form
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        hours = Hours(said["time_zone"].strip(), said["week"], said["holidays"])
        act = partial(
            actions.draft_hours,
            calendar=calendar,
            hours=hours,
            seen=said["seen"],
            by=actor_of(request),
            now=timezone.now(),
        )
        if attempt(form, act) is not None:
            return redirect("admin:calendar_preview", calendar.pk)
    context = {**_frame(calendar, _("Change")), "form": form}
    return page(request, "desk/calendar_edit.html", context, status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft would change; posted to, put it into force."""
    calendar, now = _calendar(request, pk, Right.CHANGE_SETUP), timezone.now()
    versions = versions_of(calendar, now)
    draft = versions.draft
    if draft is None:
        return no_draft(request, "calendar", calendar.pk)
    if request.method == "POST" and "again" in request.POST:
        return count_again(request, draft)
    form = in_force_form(request, draft)
    if is_put_into_force(form, partial(actions.put_into_force, calendar=calendar, by=actor_of(request), now=now)):
        tell(request, _("The working hours are put into force. The clocks of open tickets follow."))
        return redirect("admin:calendar", calendar.pk)
    context = {
        **_frame(calendar, _("What changes")),
        "draft": draft,
        "before": versions.in_force,
        "days": days_of(draft, versions.in_force),
        "holidays": holidays_between(draft, versions.in_force),
        "preview": preview(draft, actor_of(request), now),
        "form": form,
    }
    return page(request, "desk/calendar_preview.html", context, status_of(form))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    calendar = _calendar(request, pk, Right.CHANGE_SETUP)
    return discarded(request, partial(actions.discard_draft, calendar=calendar), "calendar", calendar.pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version that was planned never count."""
    calendar = _calendar(request, pk, Right.CHANGE_SETUP)
    return taken_back(request, partial(actions.take_back, calendar=calendar), "calendar", calendar.pk)
