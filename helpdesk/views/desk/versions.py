"""What the pages of everything that changes by versions have in common."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.actions import previews
from helpdesk.actions.versions import state_of
from helpdesk.domain.ids import id_in
from helpdesk.forms.calendars import InForceForm
from helpdesk.models import Calendar, CalendarVersion, PolicyVersion, SLAPolicy
from helpdesk.models.calendars import Version
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors.versions import V, Versions
from helpdesk.views.desk.tellings import tell
from helpdesk.views.refusals import attempt


def frame(owner: Calendar | SLAPolicy, route: str, all_of_them: str, here: str) -> dict[str, object]:
    """The frame of a page about one thing: `here` is what the page is, where it is not the thing's own."""
    crumbs = [{"title": all_of_them, "url": reverse(f"admin:helpdesk_{owner._meta.model_name}_changelist")}]
    if here:
        crumbs.append({"title": owner.name, "url": reverse(f"admin:{route}", args=[owner.pk])})
    return {"title": owner.name, "own_heading": True, "crumbs": crumbs, "here": here or owner.name, route: owner}


def shown(request: HttpRequest, versions: Versions[V], route: str, now: datetime) -> dict[str, object]:
    """What the page of one thing shows of its versions."""
    return {
        "in_force": versions.in_force,
        "planned": versions.planned,
        "draft": versions.draft,
        "draft_seen": state_of(versions.draft),
        "versions": [version for version in versions.all if not version.is_draft],
        "take_back": f"admin:{route}_take_back",
        "may_change": holds(actor_of(request), Right.CHANGE_SETUP),
        "now": now,
    }


def in_force_form(request: HttpRequest, draft: Version) -> InForceForm:
    """The form that puts the draft into force."""
    return InForceForm(request.POST if request.method == "POST" else None, seen=state_of(draft))


def is_put_into_force(form: InForceForm, act: Callable[..., object]) -> bool:
    """Put the draft into force, as `act` does it with what was seen and from when on. False where nobody asked for
    that, or where the form says why not.
    """
    if not (form.is_bound and form.is_valid()):
        return False
    said = form.cleaned_data
    return attempt(form, partial(act, seen=said["seen"], valid_from=said["valid_from"])) is not None


def count_again(request: HttpRequest, draft: CalendarVersion | PolicyVersion) -> HttpResponse:
    """Let a worker count anew what the draft would do."""
    previews.ask_again(draft=draft, by=actor_of(request), now=timezone.now())
    return redirect(request.path)


def no_draft(request: HttpRequest, route: str, pk: int) -> HttpResponse:
    """Where the page of a draft leads that is not there any more."""
    tell(request, _("There is no draft any more. Look at the versions."))
    return redirect(f"admin:{route}", pk)


def discarded(request: HttpRequest, act: Callable[..., object], route: str, pk: int) -> HttpResponse:
    """Throw a draft away, as `act` does it with what was seen, by whom and when; say what came of it."""
    seen = request.POST.get("seen", "")
    _said(request, partial(act, seen=seen), _("The draft is gone; what was in force still is."))
    return redirect(f"admin:{route}", pk)


def taken_back(request: HttpRequest, act: Callable[..., object], route: str, pk: int) -> HttpResponse:
    """Take a planned version back, as `act` does it with its number, by whom and when; say what came of it."""
    known = id_in(request.POST.get("number")) or 0
    _said(request, partial(act, number=known), _("The version is taken back; what was in force still is."))
    return redirect(f"admin:{route}", pk)


def _said(request: HttpRequest, act: Callable[..., object], words: str) -> None:
    """Do it, and say so in these words, or why not."""
    form = Form(request.POST)
    form.is_valid()
    attempt(form, partial(act, by=actor_of(request), now=timezone.now()))
    refused = form.non_field_errors()
    tell(request, str(refused[0]) if refused else words)
