"""Telling all who asked about a problem: the words, what they will do, and what came of each ticket."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.actions import notices as actions
from helpdesk.actors import Actor
from helpdesk.forms.problems import TellForm
from helpdesk.models import Problem, ProblemNotice
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors import notices, paging
from helpdesk.views.desk.frame import page
from helpdesk.views.refusals import attempt, status_of

_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, ref: str) -> HttpResponse:
    """Write once, see whom it reaches, then send it to all of them."""
    actor = actor_of(request)
    problem = access.get_problem(actor, ref, Right.WORK_PROBLEMS)
    form = TellForm(request.POST or None, problem=problem)
    is_shown = form.is_valid() and "change" not in request.POST
    if is_shown and "confirmed" in request.POST:
        notice = attempt(form, lambda: _send(form, problem, actor))
        if notice is not None:
            return redirect("admin:problem_told", problem.ref, notice.pk)
    # What an action refused is shown with what would be sent now, so that it can be agreed to anew.
    return _ask(request, actor, problem, form, is_shown=is_shown)


def _send(form: TellForm, problem: Problem, actor: Actor) -> ProblemNotice:
    typed = form.cleaned_data
    said = ["tell", problem.ref, typed["text"], typed["resolution_kind"], typed["with_solved"]]
    return actions.tell_all(
        problem=problem,
        body=typed["text"],
        resolution_kind=typed["resolution_kind"],
        with_solved=typed["with_solved"],
        seen_count=typed["seen_count"],
        by=actor,
        now=timezone.now(),
        submission=form.submission(said),
    )


def _ask(request: HttpRequest, actor: Actor, problem: Problem, form: TellForm, *, is_shown: bool) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Tell all who asked about %(ref)s") % {"ref": problem.ref},
        "own_heading": True,
        "crumbs": _crumbs(problem),
        "here": _("Tell all who asked"),
        "problem": problem,
        "form": form,
        "back": reverse("admin:problem", args=[problem.ref]),
        "is_shown": is_shown,
    }
    if is_shown:
        typed = form.cleaned_data
        resolves = bool(typed["resolution_kind"])
        reached = notices.audience(actor, problem, with_solved=typed["with_solved"] and not resolves)
        people = reached.people
        words = ngettext("Send to %(count)d requester", "Send to %(count)d requesters", people)
        if resolves:
            words = ngettext(
                "Send to %(count)d requester and resolve", "Send to %(count)d requesters and resolve", people
            )
        context |= {"reached": reached, "count": reached.count, "button": words % {"count": people}}
    return page(request, "desk/problem_tell.html", context, status_of(form))


@require_safe
def told(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """How far it is, and what came of each ticket."""
    actor = actor_of(request)
    problem = access.get_problem(actor, ref)
    notice = notices.notice_of(problem, pk)
    if notice is None:
        raise Http404
    shown = paging.page(
        notices.visible_rows(actor, notice),
        paging.ROWS,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        size=_SIZE,
    )
    context = {
        "title": _("What came of it"),
        "own_heading": True,
        "crumbs": _crumbs(problem),
        "here": _("What came of it"),
        "problem": problem,
        "notice": notice,
        "progress": notices.progress([notice]).get(notice.pk, notices.Progress()),
        "page": shown,
        "query": "",
    }
    return page(request, "desk/problem_told.html", context)


def _crumbs(problem: Problem) -> list[dict[str, str]]:
    return [
        {"title": _("Problems"), "url": reverse("admin:problems")},
        {"title": problem.ref, "url": reverse("admin:problem", args=[problem.ref])},
    ]
