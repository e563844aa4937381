"""Who is promised what: the rules in the order in which they are asked, and changes of it that are looked at first."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk import access
from helpdesk.actions import policy_rules as actions
from helpdesk.actions.policy_rules import order_of
from helpdesk.actions.setup import state_of
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError, Text
from helpdesk.forms.setup import SeenForm
from helpdesk.models import PolicyRule
from helpdesk.permissions import Right, holds
from helpdesk.requests import actor_of
from helpdesk.selectors.promise_rules import places, preview_of_rules, rule_of, rules, with_rule
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.policy_words import where
from helpdesk.views.desk.tellings import tell
from helpdesk.views.refusals import attempt, status_of


@dataclass(frozen=True, slots=True)
class How:
    """A change of a rule: what the page asks, the word of its button, and what is told once it is done."""

    question: Text
    button: Text
    done: Text


_MOVES: Final = frozenset({"up", "down"})
_HOWS: Final = {
    "up": How(
        gettext_lazy("Ask this rule earlier?"),
        gettext_lazy("Ask it earlier"),
        gettext_lazy("The rule is asked a place earlier. The clocks of open tickets follow."),
    ),
    "down": How(
        gettext_lazy("Ask this rule later?"),
        gettext_lazy("Ask it later"),
        gettext_lazy("The rule is asked a place later. The clocks of open tickets follow."),
    ),
    "off": How(
        gettext_lazy("Take this rule out of use?"),
        gettext_lazy("Take it out of use"),
        gettext_lazy("The rule is asked no more. The clocks of open tickets follow."),
    ),
    "on": How(
        gettext_lazy("Bring this rule back into use?"),
        gettext_lazy("Bring it back"),
        gettext_lazy("The rule is asked again. The clocks of open tickets follow."),
    ),
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The rules in their order, and those that are out of use."""
    actor = actor_of(request)
    access.require(actor, Right.SEE_SETUP)
    every = list(rules())
    asked = places([rule for rule in every if rule.is_active])
    context = {
        "title": _("Who is promised what"),
        "own_heading": True,
        "here": _("Who is promised what"),
        "places": [(place, where(place.rule)) for place in asked],
        "leaves_some": not any(place.fits_all for place in asked),
        "unused": [(rule, where(rule)) for rule in every if not rule.is_active],
        "may_change": holds(actor, Right.CHANGE_SETUP),
    }
    return page(request, "desk/policy_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    """What a change of a rule would do to open tickets; posted to, make it."""
    actor, now = actor_of(request), timezone.now()
    access.require(actor, Right.CHANGE_SETUP)
    rule = rule_of(pk)
    if rule is None or how not in _HOWS:
        raise Http404
    asked = [one for one in rules() if one.is_active]
    seen = order_of(asked) if how in _MOVES else state_of(rule)
    form = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": seen})
    try:
        order = _order(rule, how, asked)
    except DomainError as refusal:
        # Done already, by a second press or by somebody else.
        tell(request, str(refusal))
        return redirect("admin:policy_rules")
    if request.method == "POST" and form.is_valid():
        act = partial(_make, rule, how, form.cleaned_data["seen"], actor, now)
        if attempt(form, act):
            tell(request, str(_HOWS[how].done))
            return redirect("admin:policy_rules")
    context = {
        "title": _HOWS[how].question,
        "own_heading": True,
        "crumbs": [{"title": _("Who is promised what"), "url": reverse("admin:policy_rules")}],
        "here": _("What changes"),
        "how": _HOWS[how],
        "rule": rule,
        "where": where(rule),
        "places": [(place, where(place.rule)) for place in places(order)],
        "preview": preview_of_rules(order, actor, now),
        "form": form,
    }
    return page(request, "desk/policy_rule_change.html", context, status_of(form))


def _order(rule: PolicyRule, how: str, asked: Sequence[PolicyRule]) -> Sequence[PolicyRule]:
    """The rules as they would be asked. Raises DomainError where there is nothing to change any more."""
    if how in _MOVES:
        return actions.moved(asked, rule.pk, up=how == "up")
    if rule.is_active is (how == "on"):
        raise DomainError(_("That was done already. This is the order now."), Code.ILLEGAL_MOVE)
    shall_be = copy(rule)
    shall_be.is_active = how == "on"
    return with_rule(shall_be)


def _make(rule: PolicyRule, how: str, seen: str, by: Actor, now: datetime) -> bool:
    if how in _MOVES:
        actions.move(rule=rule, up=how == "up", seen=seen, by=by, now=now)
    else:
        actions.switch(rule=rule, active=how == "on", seen=seen, by=by, now=now)
    return True
