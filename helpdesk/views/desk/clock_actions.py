"""What people do to the clocks of a ticket by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions import clocks as actions
from helpdesk.actors import Actor
from helpdesk.errors import Text
from helpdesk.forms.clocks import PolicyForm
from helpdesk.forms.desk import DeskForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.clock_effects import Effect, effects, policies_in_force
from helpdesk.views.desk.clock_why import frame
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.tellings import tell
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt, status_of


@require_POST
def acknowledge(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that one has seen the ticket."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.ACKNOWLEDGE)
    form = DeskForm(request.POST)
    done = attempt(form, lambda: actions.acknowledge(ticket=ticket, by=actor, now=timezone.now()))
    if done is None:
        return ticket_page(request, ref, Refused("acknowledge", form))
    tell(request, _("You have seen %(ref)s. Nobody else is called because of it.") % {"ref": done.ref})
    return back_to(request, done)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of what is promised, with what becomes of the clocks by it."""

    value: str
    label: Text
    effects: Sequence[Effect]
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose by hand what the ticket is promised; each choice says what becomes due when."""
    actor, now = actor_of(request), timezone.now()
    ticket = access.get_ticket(actor, ref, Right.CHOOSE_POLICY)
    policies = {str(one.pk): one for one in policies_in_force(now)}
    form = PolicyForm(request.POST if request.method == "POST" else None, policies=policies)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _choose(ticket, form, actor))
        if done is not None:
            tell(request, _("What %(ref)s is promised: %(choice)s.") % {"ref": done.ref, "choice": form.chosen_label})
            return back_to(request, done)
    current = actions.choice_of(ticket)
    asked = [{"is_chosen": value != "rules", "chosen_id": one and one.pk} for value, _label, one in form.options]
    counted = effects(ticket, now, asked)
    wanted = form.data.get("policy", current)
    context = {
        **frame(ticket, _("What is promised")),
        "form": form,
        "seen": current,
        "options": [
            Option(value, label, told, value == wanted)
            for (value, label, _one), told in zip(form.options, counted, strict=True)
        ],
    }
    return page(request, "desk/clock_policy.html", context, status_of(form))


def _choose(ticket: Ticket, form: PolicyForm, actor: Actor) -> Ticket:
    value = form.cleaned_data["policy"]
    return actions.choose_policy(
        ticket=ticket,
        chosen=value != "rules",
        policy=form.policies.get(value),
        by=actor,
        now=timezone.now(),
        seen=form.cleaned_data["seen"],
    )
