"""What a policy says, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.choices import Deed, Metric, Priority, Reached, Status, WorkState
from helpdesk.domain.sla_rules import Act, Rules, Rung
from helpdesk.forms.rungs import Names
from helpdesk.models import PolicyRule
from helpdesk.templatetags.clocks import span_words


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: when it is reached, by which tickets, and what is done then."""

    when: str
    whose: str
    deeds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Said:
    """All of a policy but its times: what happens by the clock, and in which statuses each clock stands."""

    warnings: str
    warned: Sequence[str]
    breached: Sequence[str]
    owed: Sequence[str]
    steps: Sequence[Step]
    pauses: Sequence[tuple[str, str]]


def said(rules: Rules) -> Said:
    """The words for these rules."""
    acts = [*rules.warned, *rules.breached, *rules.owed, *(act for rung in rules.rungs for act in rung.acts)]
    names = Names.of(acts)
    return Said(
        warnings=", ".join(f"{share}\u00a0%" for share in rules.warn_at),
        warned=deeds(rules.warned, names),
        breached=deeds(rules.breached, names),
        owed=deeds(rules.owed, names),
        steps=[_step(rung, names) for rung in rules.rungs],
        pauses=[
            (str(metric.label), ", ".join(str(status.label) for status in _in_order(rules.paused(metric))))
            for metric in Metric
        ],
    )


def _in_order(statuses: Iterable[Status]) -> list[Status]:
    return [status for status in Status if status in set(statuses)]


def deeds(acts: Iterable[Act], names: Names) -> list[str]:
    """What is done, a line for each kind of deed; whom it tells stands in one."""
    told, found = list[str](), list[str]()
    for act in acts:
        people = [str(names.people[pk]) for pk in act.ids if pk in names.people]
        if act.deed is Deed.NOTIFY:
            told += people if act.reached is Reached.PEOPLE else [str(act.reached.label)] if act.reached else []
        elif act.deed is Deed.REASSIGN:
            found.append(_("%(what)s: %(whom)s") % {"what": act.deed.label, "whom": ", ".join(people)})
        elif act.deed is Deed.CLIMB:
            roles = ", ".join(str(names.roles[pk]) for pk in act.ids if pk in names.roles)
            found.append(_("%(what)s: %(whom)s") % {"what": act.deed.label, "whom": roles})
        else:
            found.append(str(act.deed.label))
    if told:
        found.append(_("%(what)s: %(whom)s") % {"what": Deed.NOTIFY.label, "whom": " · ".join(told)})
    return found


def step_words(rung: Rung) -> tuple[str, str]:
    """When a step is reached, and by which tickets."""
    named = {"metric": rung.metric.label, "span": span_words(rung.after) if rung.after else f"{rung.percent}\u00a0%"}
    when = _("%(metric)s, after %(span)s") if rung.after else _("%(metric)s, at %(span)s of its time")
    return when % named, ", ".join(str(one.label) for one in Priority if one.value in rung.priorities)


def _step(rung: Rung, names: Names) -> Step:
    lines = deeds(rung.acts, names)
    if rung.despite_acknowledged:
        lines.append(_("Also when somebody has acknowledged the ticket"))
    return Step(*step_words(rung), lines)


def where(rule: PolicyRule) -> str:
    """To which tickets a rule applies."""
    parts = [str(row) for row in (rule.organization, rule.service_tier, rule.queue, rule.category) if row is not None]
    if rule.phase:
        parts.append(_("Filed during: %(phase)s") % {"phase": WorkState(rule.phase).label})
    return " · ".join(parts) or _("All tickets")
