"""Get help in steps: what it is about, what happened, what comes next. Each is a page with an address of its own."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.actions.tickets import create_ticket
from helpdesk.actors import Actor
from helpdesk.choices import PrioritySource
from helpdesk.domain.markup import to_html
from helpdesk.forms.tickets import NewTicketForm
from helpdesk.models import Category, Problem, Ticket
from helpdesk.permissions import Right, may
from helpdesk.requests import actor_of
from helpdesk.selectors import filing, problems
from helpdesk.selectors.answers import questions_of
from helpdesk.selectors.catalogue import topics as topics_of_desk
from helpdesk.selectors.clocks import answers_due
from helpdesk.selectors.suggestions import members
from helpdesk.views import drafts
from helpdesk.views.drafts import Begun
from helpdesk.views.refusals import attempt, status_of
from helpdesk.views.uploads import Uploads, receive

_NOTHING: Final = Begun()
# Of more colleagues one writes a part of the name.
_OFFERED: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest) -> HttpResponse:
    """What it is about. Where there is nothing to choose this is no step."""
    actor = actor_of(request)
    access.require(actor, Right.FILE_TICKET)
    open_ones = topics_of_desk()
    if not open_ones:
        return _form(request, actor, None, is_step=False)
    # Addresses of earlier days name the topic in this way.
    asked = request.GET.get("category")
    only = open_ones[0] if len(open_ones) == 1 else next((one for one in open_ones if one.code == asked), None)
    if only is not None:
        return redirect("portal:new_about", only.code)
    if request.method == "POST":
        return redirect("portal:new_ticket")
    begun = drafts.begun(actor, drafts.NEW)
    earlier = next((one for one in open_ones if begun and one.code == (begun.content or {}).get("category")), None)
    context = {"topics": open_ones, "begun": begun, "earlier": earlier}
    return render(request, "portal/new_topic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, on the chosen topic."""
    actor = actor_of(request)
    access.require(actor, Right.FILE_TICKET)
    open_ones = topics_of_desk()
    category = next((one for one in open_ones if one.code == code), None)
    if category is not None:
        return _form(request, actor, category, is_step=len(open_ones) > 1)
    if request.method == "POST":
        form = NewTicketForm(request.POST, request.FILES)
        _kept(request, form, receive(request, form, actor), actor)
    messages.warning(request, _("That topic is gone. Please choose another; what you wrote is kept."))
    return redirect("portal:new_ticket")


@require_safe
def received(request: HttpRequest, ref: str) -> HttpResponse:
    """What happens next. Once something has happened the ticket itself tells it, and so it does to everybody else."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref)
    if ticket.requester != actor.person or ticket.first_answer_at or ticket.is_solved:
        return redirect("portal:ticket", ticket.ref)
    due = answers_due([ticket]).get(ticket.pk)
    context = {"ticket": ticket, "answer_due": due, "usual": None if due else filing.usual_answer(ticket.queue)}
    return render(request, "portal/received.html", context)


@require_safe
def alike(request: HttpRequest) -> JsonResponse:
    """What looks like what the reader types: their own open tickets, nobody else's, and known issues."""
    actor = actor_of(request)
    access.require(actor, Right.FILE_TICKET)
    subject = request.GET.get("subject", "")
    found = filing.alike(actor, subject)
    issues = problems.known_issues_like(subject)
    return JsonResponse({"tickets": [_shown(ticket) for ticket in found], "issues": [_told(one) for one in issues]})


def _told(issue: Problem) -> dict[str, str]:
    """A known issue in the reader's language; its words as the desk cleaned them."""
    return {"title": str(issue.shown("public_title")), "words": to_html(str(issue.shown("public_words")))}


def _shown(ticket: Ticket) -> dict[str, str]:
    return {
        "url": reverse("portal:ticket", args=[ticket.ref]),
        "ref": ticket.ref,
        "subject": ticket.subject,
    }


def _form(request: HttpRequest, actor: Actor, category: Category | None, *, is_step: bool) -> HttpResponse:
    questions = questions_of(category)
    if request.method != "POST":
        form, begun = (
            NewTicketForm(questions=questions, actor=actor, weighs=_weighs(category)),
            drafts.begun(actor, drafts.NEW),
        )
        begun.fill(form)
        if form.for_whom and "requester" in request.GET:
            # A script asks what is promised to whoever was chosen.
            form.initial["requester"] = request.GET["requester"]
        return _page(request, form, begun.uploads, category, is_step=is_step, begun=begun)
    form = NewTicketForm(request.POST, request.FILES, questions=questions, actor=actor, weighs=_weighs(category))
    uploads = receive(request, form, actor)
    if "change" in request.POST:
        # Whoever wants another topic files nothing, also where what they wrote is too long to be kept meanwhile.
        kept = _kept(request, form, uploads, actor)
        return redirect("portal:new_ticket") if kept else _page(request, form, uploads, category, is_step=is_step)
    ticket = attempt(form, lambda: _file(form, uploads, category, actor)) if form.is_valid() else None
    if ticket is None:
        return _page(request, form, uploads, category, is_step=is_step)
    drafts.forget(actor, drafts.NEW)
    return _filed(request, actor, ticket)


def _filed(request: HttpRequest, actor: Actor, ticket: Ticket) -> HttpResponse:
    """What comes after it: for oneself a page of its own, for a colleague the ticket, as far as it may be seen."""
    if ticket.requester == actor.person:
        return redirect("portal:received", ticket.ref)
    words = _("%(ref)s is filed for %(name)s, who gets a mail about it.")
    messages.success(request, words % {"ref": ticket.ref, "name": ticket.requester})
    return redirect("portal:ticket", ticket.ref) if may(actor, Right.VIEW, ticket) else redirect("portal:tickets")


def _weighs(category: Category | None) -> bool:
    """Whether the queue of this topic asks how many people it stops, and how badly."""
    queue = category.queue if category else None
    return queue is not None and queue.asks_impact and queue.priority_source == PrioritySource.WEIGHED


def _kept(request: HttpRequest, form: NewTicketForm, uploads: Uploads, actor: Actor) -> bool:
    """Keep all that was typed: it comes back on the next topic. Where it cannot be kept, the form says why."""
    return bool(attempt(form, lambda: drafts.keep(actor, drafts.NEW, request.POST, uploads)))


def _file(form: NewTicketForm, uploads: Uploads, category: Category | None, actor: Actor) -> Ticket:
    typed = form.cleaned_data
    said = ["new ticket", category and category.code, typed["subject"], typed["text"], form.answers, uploads.digests]
    whom = typed.get("requester")
    if whom is not None:
        said += [str(whom), typed["follow"]]
    said += [typed[name] for name in ("impact", "urgency") if name in typed]
    return create_ticket(
        subject=typed["subject"],
        body=typed["text"],
        category=category,
        requester=whom,
        follow=typed.get("follow", False),
        answers=form.answers,
        impact=typed.get("impact"),
        urgency=typed.get("urgency"),
        files=uploads.files,
        by=actor,
        now=timezone.now(),
        submission=form.submission(said),
    )


def _page(
    request: HttpRequest,
    form: NewTicketForm,
    uploads: Uploads,
    category: Category | None,
    *,
    is_step: bool,
    begun: Begun = _NOTHING,
) -> HttpResponse:
    context = {
        "form": form,
        "uploads": uploads,
        "category": category,
        "is_step": is_step,
        "begun": begun,
        "known_issues": problems.known_issues(),
        "answer": filing.answer_promised(category, form.place, timezone.now(), weighs=form.weighs),
    }
    if form.for_whom is not None:
        context["colleagues"] = members(actor_of(request)).order_by("name", "pk")[:_OFFERED]
    return render(request, "portal/new_ticket.html", context, status=status_of(form))
