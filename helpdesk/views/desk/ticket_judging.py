"""A priority that follows, set in its place on the ticket's page: what it comes to is shown before it is saved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actions import judging
from helpdesk.actors import Actor
from helpdesk.forms.judging import JudgeForm, MeasureForm, judge_form
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of, is_piece
from helpdesk.selectors.clock_effects import changes
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.tellings import tell
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt


@require_POST
def judge(request: HttpRequest, ref: str) -> HttpResponse:
    """Weigh or measure; with `look` only say what it comes to."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = judge_form(ticket, request.POST)
    is_valid = form.is_valid()
    if "look" in request.POST:
        if is_valid:
            attempt(form, form.look)
        if form.priority is not None:
            form.effects = changes(ticket, timezone.now(), priority=form.priority.value)
        if is_piece(request):
            return render(request, "desk/parts/verdict.html", {"form": form})
        return ticket_page(request, ref, Refused("judge", form, is_look=not form.errors))
    done = attempt(form, lambda: _judge(ticket, form, actor)) if is_valid else None
    if done is None:
        return ticket_page(request, ref, Refused("judge", form))
    words = _("Priority of %(ref)s: %(priority)s.")
    tell(request, words % {"ref": done.ref, "priority": done.get_priority_display()})
    return back_to(request, done)


def _judge(ticket: Ticket, form: JudgeForm, actor: Actor) -> Ticket:
    typed, now = form.cleaned_data, timezone.now()
    if isinstance(form, MeasureForm):
        return judging.measure(ticket=ticket, values=form.values, by=actor, now=now, seen=typed["seen"])
    impact, urgency = (typed[name] or 0 for name in ("impact", "urgency"))
    return judging.weigh(ticket=ticket, impact=impact, urgency=urgency, by=actor, now=now, seen=typed["seen"])
