"""What people do to the clocks of a ticket by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions import clocks as actions
from helpdesk.actions.properties import set_organization
from helpdesk.actors import Actor
from helpdesk.errors import Text
from helpdesk.forms.clocks import OrganizationForm, PolicyForm
from helpdesk.forms.desk import DeskForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.requests import actor_of
from helpdesk.selectors.clock_effects import Effect, effects, policies_in_force
from helpdesk.selectors.people import places_of
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
        "field_name": "policy",
        "seen": current,
        "options": _options(form.options, counted, wanted),
    }
    return page(request, "desk/clock_policy.html", context, status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: HttpRequest, ref: str) -> HttpResponse:
    """Say for which organisation of its requester the ticket is; each choice says what becomes due when."""
    actor, now = actor_of(request), timezone.now()
    ticket = access.get_ticket(actor, ref, Right.WORK)
    current = ticket.organization_id or 0
    places = {place.pk: place for place in (*places_of(ticket.requester), ticket.organization) if place is not None}
    form = OrganizationForm(request.POST if request.method == "POST" else None, places=places.values())
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _place(ticket, form, actor))
        if done is not None:
            words = _("Organisation of %(ref)s: %(name)s.")
            tell(request, words % {"ref": done.ref, "name": done.organization or _("No organisation")})
            return back_to(request, done)
    asked = [
        {"organization_id": place and place.pk, "service_tier_id": place and place.service_tier_id}
        for _value, _label, place in form.options
    ]
    wanted = form.data.get("organization", str(current))
    context = {
        **frame(ticket, _("For which organisation?")),
        "form": form,
        "field_name": "organization",
        "seen": current,
        "options": _options(form.options, effects(ticket, now, asked), wanted),
    }
    return page(request, "desk/clock_policy.html", context, status_of(form))


def _place(ticket: Ticket, form: OrganizationForm, actor: Actor) -> Ticket:
    to = form.places.get(form.cleaned_data["organization"])
    return set_organization(ticket=ticket, to=to, by=actor, now=timezone.now(), seen=form.cleaned_data["seen"])


def _options(
    options: Iterable[tuple[str, Text, object]], counted: Iterable[Sequence[Effect]], wanted: str
) -> list[Option]:
    """The choices with what becomes of the clocks by each."""
    pairs = zip(options, counted, strict=True)
    return [Option(value, label, told, value == wanted) for (value, label, _row), told in pairs]


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
