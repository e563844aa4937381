"""What agents say in a ticket's panel about how it stands to others, and about what is to be done for it."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actions import linking, sub_tasks
from helpdesk.actions.partners import Wait, wait_on
from helpdesk.actions.sub_tasks import Plan
from helpdesk.actors import Actor
from helpdesk.choices import Relation
from helpdesk.domain.ids import id_in
from helpdesk.forms.desk import PartnerForm
from helpdesk.forms.relations import LinkForm, SubTaskForm
from helpdesk.models import SubTask, Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.tellings import tell, tell_undoable
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt

# What is done to a sub-task by a button, the words for it, and what takes it back.
_DONE = {
    "finish": (sub_tasks.finish_sub_task, "reopen"),
    "reopen": (sub_tasks.reopen_sub_task, ""),
    "drop": (sub_tasks.drop_sub_task, "reopen"),
}


@require_POST
def links(request: HttpRequest, ref: str) -> HttpResponse:
    """Link another ticket, or take a link away (`remove`)."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = LinkForm(request.POST, ticket=ticket, actor=actor)
    if not form.is_valid():
        return ticket_page(request, ref, Refused("links", form))
    is_removed = "remove" in request.POST
    act = linking.unlink if is_removed else linking.link
    other, relation = form.cleaned_data["other"], Relation(form.cleaned_data["relation"])
    doing = partial(act, ticket=ticket, other=other, relation=relation, by=actor, now=timezone.now())
    done = attempt(form, doing)
    if done is None:
        return ticket_page(request, ref, Refused("links", form))
    words = _("The link with %(ref)s is taken away.") if is_removed else _("%(ref)s is linked.")
    back = {} if is_removed else {"remove": "1"}
    if done.version == ticket.version:
        tell(request, words % {"ref": other.ref})
    else:
        tell_undoable(request, words % {"ref": other.ref}, done, "links", other=other.ref, relation=relation, **back)
    return back_to(request, done)


@require_POST
def tasks(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a sub-task or change one (`task`); or say that one is done, dropped, or to be done again (`do`)."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = SubTaskForm(request.POST, ticket=ticket, actor=actor)
    if "do" in request.POST:
        return _do(request, ticket, form, actor)
    done = attempt(form, lambda: _planned(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("sub_tasks", form))
    if form.cleaned_data["task"]:
        tell(request, _("“%(title)s” is changed.") % {"title": done})
    else:
        tell_undoable(
            request, _("“%(title)s” is to be done.") % {"title": done}, ticket, "sub_tasks", do="drop", task=done.pk
        )
    return back_to(request, ticket)


def _planned(ticket: Ticket, form: SubTaskForm, actor: Actor) -> SubTask:
    said = form.cleaned_data
    plan = Plan(said["title"], said["assignee"], said["due_on"], said["holds_resolution"])
    if said["task"]:
        task = access.get_sub_task(ticket, said["task"])
        return sub_tasks.change_sub_task(task=task, plan=plan, by=actor, now=timezone.now())
    return sub_tasks.add_sub_task(ticket=ticket, plan=plan, by=actor, now=timezone.now())


def _do(request: HttpRequest, ticket: Ticket, form: SubTaskForm, actor: Actor) -> HttpResponse:
    act, back = _DONE.get(request.POST["do"], (None, ""))
    named = id_in(request.POST.get("task"))
    if act is None or named is None:
        raise Http404
    task = access.get_sub_task(ticket, named)
    form.is_valid()
    form.errors.clear()
    done = attempt(form, partial(act, task=task, by=actor, now=timezone.now()))
    if done is None:
        return ticket_page(request, ticket.ref, Refused("sub_tasks", form))
    words = {
        "finish": _("“%(title)s” is done."),
        "reopen": _("“%(title)s” is to be done again."),
        "drop": _("“%(title)s” is dropped."),
    }[request.POST["do"]] % {"title": done}
    if back:
        tell_undoable(request, words, ticket, "sub_tasks", do=back, task=done.pk)
    else:
        tell(request, words)
    return redirect("admin:index") if request.POST.get("at") == "home" else back_to(request, ticket)


@require_POST
def partner(request: HttpRequest, ref: str) -> HttpResponse:
    """Say on whom a ticket on hold waits."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = PartnerForm(request.POST, actor=actor)
    done = attempt(form, lambda: _wait(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("partner", form))
    tell(request, _("%(ref)s waits on %(partner)s.") % {"ref": done.ref, "partner": form.cleaned_data["partner"]})
    return back_to(request, done)


def _wait(ticket: Ticket, form: PartnerForm, actor: Actor) -> Ticket:
    wait = Wait(form.cleaned_data["partner"], form.cleaned_data["partner_reference"])
    return wait_on(ticket=ticket, wait=wait, by=actor, now=timezone.now())
