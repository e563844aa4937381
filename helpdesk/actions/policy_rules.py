"""The order in which rules are asked, and which of them are: each change is looked at before it is made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._promise_rules import lock_promises
from helpdesk.actions._record import audit
from helpdesk.actions.recounts import ask_for
from helpdesk.actions.setup import Change, save_setup
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.models import PolicyRule
from helpdesk.permissions import Right, holds

_STEP: Final = 10
_FIRST: Final = _("This rule is asked first already.")
_LAST: Final = _("This rule is asked last already.")


def order_of(rules: Sequence[PolicyRule]) -> str:
    """What somebody looked at: another text, if anybody has changed the order since."""
    return " ".join(str(rule.pk) for rule in rules)


def moved(rules: Sequence[PolicyRule], pk: int, *, up: bool) -> list[PolicyRule]:
    """The rules with one of them a place higher or lower."""
    order, place = list(rules), next((place for place, rule in enumerate(rules) if rule.pk == pk), None)
    if place is None:
        raise DomainError(_("This rule is out of use; its place means nothing."), Code.ILLEGAL_MOVE)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        raise DomainError(_FIRST if up else _LAST, Code.ILLEGAL_MOVE)
    order[place], order[other] = order[other], order[place]
    return order


@action
def move(*, rule: PolicyRule, up: bool, seen: str, by: Actor, now: datetime) -> None:
    """Let a rule be asked a place earlier or later. `seen` is the order that was looked at, see `order_of`."""
    if not holds(by, Right.CHANGE_SETUP):
        raise DomainError(_("You may not change this."), Code.FORBIDDEN)
    asked = PolicyRule.objects.filter(is_active=True).order_by("position", "pk")
    # The rows first, as who saves one of them has it; then read anew, since one may have come meanwhile.
    list(asked.select_for_update())
    lock_promises()
    rules = list(asked)
    if order_of(rules) != seen:
        words = _("Somebody changed the rules while you were looking at them. Look at the order as it is now.")
        raise DomainError(words, Code.STALE)
    order = moved(rules, rule.pk, up=up)
    for place, row in enumerate(order, 1):
        if row.position != place * _STEP:
            row.position = place * _STEP
            row.save(update_fields=["position"])
    data = {"place": [rules.index(rule) + 1, order.index(rule) + 1]}
    audit("policy_rule_moved", ("policyrule", rule.pk), data, by=by, now=now)
    ask_for(("policyrule", rule.pk), now)


def switch(*, rule: PolicyRule, active: bool, seen: str, by: Actor, now: datetime) -> None:
    """Take a rule out of use, or back. `seen` is its state as it was looked at, see `setup.state_of`."""
    rule.is_active = active
    save_setup(change=Change(row=rule, fields=["is_active"], seen=seen), by=by, now=now)
