"""The routes of what is promised, and of the clocks that go by it."""

from typing import Any, Final

from helpdesk.models import Calendar, PolicyRule, SLAPolicy
from helpdesk.permissions import Right
from tests.config.rules import DESK, Rule, both, in_desk, on_ticket

_SEES: Final = both(DESK, in_desk(Right.SEE_SETUP))
_CHANGES: Final = both(DESK, in_desk(Right.CHANGE_SETUP))
CLOCK_RULES: Final = {
    "admin:ticket_clock": Rule(both(DESK, on_ticket(Right.READ_NOTES))),
    "admin:ticket_acknowledge": Rule(both(DESK, on_ticket(Right.ACKNOWLEDGE)), posts=True),
    "admin:ticket_policy": Rule(both(DESK, on_ticket(Right.CHOOSE_POLICY))),
    "admin:ticket_organization": Rule(both(DESK, on_ticket(Right.WORK))),
    "admin:ticket_effects": Rule(both(DESK, on_ticket(Right.WORK))),
    "admin:ticket_clocks": Rule(both(DESK, on_ticket(Right.READ_NOTES))),
}
CALENDAR_RULES: Final = {
    "admin:calendar": Rule(_SEES),
    "admin:calendar_edit": Rule(_CHANGES),
    "admin:calendar_preview": Rule(_CHANGES),
    "admin:calendar_discard": Rule(_CHANGES, posts=True),
    "admin:calendar_take_back": Rule(_CHANGES, posts=True),
}
POLICY_RULES: Final = {
    "admin:policy_rules": Rule(_SEES),
    "admin:policy_rule_change": Rule(_CHANGES),
    "admin:policy": Rule(_SEES),
    "admin:policy_edit": Rule(_CHANGES),
    "admin:policy_preview": Rule(_CHANGES),
    "admin:policy_discard": Rule(_CHANGES, posts=True),
    "admin:policy_take_back": Rule(_CHANGES, posts=True),
}
PROMISE_RULES: Final = {**CLOCK_RULES, **CALENDAR_RULES, **POLICY_RULES}


def addresses_of_promises() -> dict[str, list[Any]]:
    """What the addresses of these routes hold."""
    calendar, policy = Calendar.objects.earliest("pk").pk, SLAPolicy.objects.earliest("pk").pk
    return {
        **{route: [calendar] for route in CALENDAR_RULES},
        **{route: [policy] for route in POLICY_RULES},
        "admin:policy_rules": [],
        "admin:policy_rule_change": [PolicyRule.objects.earliest("pk").pk, "off"],
    }
