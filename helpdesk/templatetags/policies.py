"""Steps of a policy's ladder in a line."""

from django import template

from helpdesk.domain.sla_rules import Rung
from helpdesk.views.desk.policy_words import step_words

register = template.Library()


@register.filter
def rung_words(rung: Rung) -> str:
    """When a step is reached, and by which tickets."""
    when, whose = step_words(rung)
    return f"{when} · {whose}"
