"""Problems: their list, the page of one with its tickets, and the forms that change it."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk import access
from helpdesk.actions import problems as actions
from helpdesk.actors import Actor
from helpdesk.choices import ProblemState
from helpdesk.domain.problems import may_be_published
from helpdesk.domain.references import split_refs
from helpdesk.errors import DomainError, Text
from helpdesk.forms.problems import GatherForm, NewProblemForm, ProblemForm, PublishForm
from helpdesk.models import Problem, Ticket
from helpdesk.permissions import Right, holds, may
from helpdesk.requests import actor_of
from helpdesk.selectors import desk, notices, paging, problems
from helpdesk.views.desk.audit_words import audit_words
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.listing import without_place
from helpdesk.views.desk.tellings import tell, tell_undoable_at, tellings
from helpdesk.views.refusals import attempt, status_of

_SIZE: Final = 30
# So many tickets are gathered in one sending; the list of tickets has a way for more.
_MOST: Final = 100
_CURRENT: Final = "current"
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Problems of one state, or of several."""

    name: str
    title: Text


_SHELVES: Final = (_CURRENT, *ProblemState.values, _ALL)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The problems that the actor may see, the latest change first."""
    actor = actor_of(request)
    here = request.GET.get("state", _CURRENT)
    here = here if here in _SHELVES else _CURRENT
    rows = problems.matching(problems.visible_to(actor), request.GET.get("q", "")).select_related("owner")
    if here != _ALL:
        rows = rows.filter(state__in=problems.CURRENT if here == _CURRENT else [here])
    is_mine = "mine" in request.GET
    if is_mine:
        rows = rows.filter(owner=actor.person)
    shown = paging.page(
        rows,
        paging.CHANGED,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        size=_SIZE,
    )
    sizes = problems.sizes(shown.rows)
    context = {
        "title": _("Problems"),
        "own_heading": True,
        "here": _("Problems"),
        "shelves": [Shelf(name, _shelf_title(name)) for name in _SHELVES],
        "standing_at": here,
        "q": request.GET.get("q", ""),
        "is_mine": is_mine,
        "rows": [(row, sizes.get(row.pk, problems.Size())) for row in shown.rows],
        "page": shown,
        "query": without_place(request.GET).urlencode(),
        "may_work": holds(actor, Right.WORK_PROBLEMS),
    }
    return page(request, "desk/problems.html", context)


def _shelf_title(name: str) -> Text:
    if name == _CURRENT:
        return _("Open and known")
    return _("All") if name == _ALL else ProblemState(name).label


@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page of one problem."""
    actor = actor_of(request)
    return _page(request, actor, access.get_problem(actor, ref), GatherForm())


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a problem; with `ticket` in the address for that one, which is gathered under it."""
    actor = actor_of(request)
    access.require(actor, Right.WORK_PROBLEMS)
    from_ticket = request.GET.get("ticket", "")
    ticket = access.get_ticket(actor, from_ticket, Right.WORK) if from_ticket else None
    form = NewProblemForm(request.POST or None, initial={"title": ticket.subject if ticket else ""})
    made = attempt(form, lambda: _open(form, ticket, actor)) if form.is_valid() else None
    if made is None:
        return _form_page(request, form, None, ticket=ticket, title=_("Open a problem"), button=_("Open it"))
    tell(request, _("%(ref)s is open.") % {"ref": made.ref})
    return redirect("admin:problem", made.ref)


def _open(form: NewProblemForm, ticket: Ticket | None, actor: Actor) -> Problem:
    typed = form.cleaned_data
    said = ["problem", ticket and ticket.ref, typed["title"], typed["cause"], typed["workaround"]]
    return actions.open_problem(
        title=typed["title"],
        cause=typed["cause"],
        workaround=typed["workaround"],
        # Of a private matter the problem is private too.
        category=ticket.category if ticket else None,
        ticket=ticket,
        by=actor,
        now=timezone.now(),
        submission=form.submission(said),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of it, its state, or who sees to it."""
    actor = actor_of(request)
    problem = access.get_problem(actor, ref, Right.WORK_PROBLEMS)
    form = ProblemForm(request.POST or None, actor=actor, problem=problem)
    done = attempt(form, lambda: _change(form, problem, actor)) if form.is_valid() else None
    if done is None:
        title = _("Change %(ref)s") % {"ref": problem.ref}
        return _form_page(request, form, problem, title=title, button=_("Save"))
    tell(request, _("%(ref)s is saved.") % {"ref": done.ref})
    return redirect("admin:problem", done.ref)


def _change(form: ProblemForm, problem: Problem, actor: Actor) -> Problem:
    seen = form.cleaned_data["seen_version"]
    return actions.change_problem(
        problem=problem, changes=form.changes, by=actor, now=timezone.now(), seen_version=seen
    )


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """Tell requesters of it as a known issue, or stop telling them."""
    actor = actor_of(request)
    problem = access.get_problem(actor, ref, Right.PUBLISH_PROBLEMS)
    form = PublishForm(request.POST or None, problem=problem)
    if "withdraw" in request.POST and form.is_valid():
        done = attempt(form, lambda: actions.withdraw(problem=problem, by=actor, now=timezone.now()))
        words = _("%(ref)s is no known issue in the portal any more.")
    else:
        done = attempt(form, lambda: _publish(form, problem, actor)) if form.is_valid() else None
        words = _("Requesters see %(ref)s as a known issue now.")
    if done is None:
        title = _("Tell requesters of %(ref)s") % {"ref": problem.ref}
        return _form_page(request, form, problem, title=title, button=_("Publish it"), is_public=True)
    tell(request, words % {"ref": done.ref})
    return redirect("admin:problem", done.ref)


def _publish(form: PublishForm, problem: Problem, actor: Actor) -> Problem:
    return actions.publish(
        problem=problem,
        title=form.cleaned_data["public_title"],
        words=form.cleaned_data["public_words"],
        translations=form.translations,
        by=actor,
        now=timezone.now(),
        seen_version=form.cleaned_data["seen_version"],
    )


@require_POST
def gather(request: HttpRequest, ref: str) -> HttpResponse:
    """Gather tickets by their references, each for itself, or take one out."""
    actor = actor_of(request)
    problem = access.get_problem(actor, ref, Right.WORK_PROBLEMS)
    if removed := request.POST.get("remove", ""):
        return _remove(request, actor, problem, removed)
    form = GatherForm(request.POST)
    refs = split_refs(form.cleaned_data["refs"]) if form.is_valid() else []
    if len(refs) > _MOST:
        words = _("These are %(count)d tickets; at most %(limit)d can be gathered at once. Nothing was changed.")
        form.add_error("refs", words % {"count": len(refs), "limit": _MOST})
    if form.errors:
        return _page(request, actor, problem, form)
    refused = [(one, words) for one in refs if (words := _gather_one(actor, problem, one))]
    if count := len(refs) - len(refused):
        words = ngettext("%(count)d ticket is gathered here.", "%(count)d tickets are gathered here.", count)
        said = words % {"count": count}
        if count == 1:
            [gathered] = set(refs) - {one for one, _words in refused}
            where = reverse("admin:problem_gather", args=[problem.ref])
            tell_undoable_at(request, said, where, remove=gathered)
        else:
            tell(request, said)
    if not refused:
        return redirect("admin:problem", problem.ref)
    for one, words in refused:
        form.add_error("refs", f"{one}: {words}")
    # What could not be gathered stays in the field; the rest is done.
    left = GatherForm({**request.POST.dict(), "refs": ", ".join(one for one, _words in refused)})
    left.full_clean()
    for problem_with_it in form.errors["refs"]:
        left.add_error("refs", problem_with_it)
    return _page(request, actor, access.get_problem(actor, ref), left)


def _gather_one(actor: Actor, problem: Problem, ref: str) -> str:
    """Gather one ticket; why it could not be, or nothing."""
    try:
        ticket = access.get_ticket(actor, ref, Right.WORK)
        seen = None if ticket.problem_id == problem.pk else 0
        actions.set_problem(ticket=ticket, to=problem, by=actor, now=timezone.now(), seen=seen)
    except (DomainError, Http404, PermissionDenied) as refusal:
        return str(refusal)
    return ""


def _remove(request: HttpRequest, actor: Actor, problem: Problem, ref: str) -> HttpResponse:
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = GatherForm({"refs": ref})
    out = attempt(
        form,
        lambda: actions.set_problem(ticket=ticket, to=None, by=actor, now=timezone.now(), seen=problem.pk),
    )
    if out is None and ticket.problem_id is not None:
        return _page(request, actor, problem, form)
    where = reverse("admin:problem_gather", args=[problem.ref])
    tell_undoable_at(request, _("%(ref)s is taken out.") % {"ref": ticket.ref}, where, refs=ticket.ref)
    return redirect("admin:problem", problem.ref)


def _page(request: HttpRequest, actor: Actor, problem: Problem, form: GatherForm) -> HttpResponse:
    shown = paging.page(
        problems.visible_tickets_of(actor, problem),
        paging.CHANGED,
        dress=partial(desk.rows, actor),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        size=_SIZE,
    )
    works = holds(actor, Right.WORK_PROBLEMS)
    context = {
        "title": f"{problem.ref} {problem.title}",
        "own_heading": True,
        "crumbs": [{"title": _("Problems"), "url": reverse("admin:problems")}],
        "here": problem.ref,
        "problem": problem,
        "size": problems.size(actor, problem),
        "rows": [(ticket, works and may(actor, Right.WORK, ticket)) for ticket in shown.rows],
        "page": shown,
        "query": "",
        "form": form,
        "may_work": works,
        "may_publish": holds(actor, Right.PUBLISH_PROBLEMS) and may_be_published(problem.state),
        "notices": notices.latest(problem),
        "history": [(event, audit_words(event.kind)) for event in problems.history(problem)],
        "tellings": tellings(request),
    }
    return page(request, "desk/problem.html", context, status_of(form) if form.errors else HTTPStatus.OK)


def _form_page(
    request: HttpRequest, form: NewProblemForm | ProblemForm | PublishForm, problem: Problem | None, **more: object
) -> HttpResponse:
    back = reverse("admin:problem", args=[problem.ref]) if problem else reverse("admin:problems")
    crumbs = [{"title": _("Problems"), "url": reverse("admin:problems")}]
    if problem:
        crumbs.append({"title": problem.ref, "url": back})
    context = {"own_heading": True, "crumbs": crumbs, "here": more["title"], "problem": problem, "form": form}
    return page(request, "desk/problem_form.html", {**context, "back": back, **more}, status_of(form))
