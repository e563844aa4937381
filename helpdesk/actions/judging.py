"""A priority that follows: from impact and urgency, or from what was measured."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.choices import Impact, Pressure, PrioritySource
from helpdesk.domain import severity
from helpdesk.domain.event_data import EventData
from helpdesk.domain.events import PriorityChanged
from helpdesk.domain.work_events import PriorityMeasured, PriorityWeighed
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Criterion, Queue, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import priorities

# Why a priority is not simply chosen in a queue.
FOLLOWS: Mapping[str, Text] = {
    PrioritySource.WEIGHED: _("In this queue the priority follows from impact and urgency. Weigh them instead."),
    PrioritySource.MEASURED: _("In this queue the priority follows from what was measured. Measure instead."),
}


@action
def weigh(
    *,
    ticket: Ticket,
    impact: int,
    urgency: int,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Say how many people it stops and how urgent it is. `seen` is the priority that the page showed."""
    work = begin(ticket, by=by, now=now, right=Right.WORK, expected_version=expected_version)
    _check(work, PrioritySource.WEIGHED, seen)
    priority = weighed(work.ticket.queue, impact, urgency)
    return _settle(work, PriorityWeighed(impact, urgency, priority), priority)


@action
def measure(
    *,
    ticket: Ticket,
    values: Mapping[str, str],
    by: Actor,
    now: datetime,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Say what was measured: typed values by the codes of their criteria. The worst of them decides.

    Values and the bounds in force stay with the ticket, so that it can be told later why it got its priority.
    """
    work = begin(ticket, by=by, now=now, right=Right.WORK, expected_version=expected_version)
    _check(work, PrioritySource.MEASURED, seen)
    criteria = priorities.criteria()
    found = judged(criteria, values)
    priority = severity.worst(found)
    if priority is None:
        raise DomainError(_("Fill in at least one row."), Code.MISSING)
    ids = {criterion.code: criterion.pk for criterion in criteria}
    rows = [_row(ids[verdict.scale.code], verdict) for verdict in found]
    return _settle(work, PriorityMeasured(rows, priority.value), priority)


def judged(criteria: list[Criterion], values: Mapping[str, str]) -> list[severity.Verdict]:
    """What typed values come to, row by row. Raises DomainError with the field of the first that is no number."""
    scales = [criterion.scale for criterion in criteria]
    typed = {
        scale.code: severity.clean_value(scale, values.get(scale.code, ""), field=severity.field_of(scale.code))
        for scale in scales
    }
    return severity.verdicts(scales, {code: value for code, value in typed.items() if value is not None})


def weighed(queue: Queue, impact: int, urgency: int) -> int:
    """The priority of an impact with an urgency; the queue's own where nobody filled that cell of the matrix."""
    if impact not in Impact.values:
        raise DomainError(_("Choose how many people it stops."), Code.MISSING, field="impact")
    if urgency not in Pressure.values:
        raise DomainError(_("Choose how urgent it is."), Code.MISSING, field="urgency")
    return priorities.matrix().get((impact, urgency), queue.default_priority)


def _check(work: Work, source: PrioritySource, seen: int | None) -> None:
    if work.ticket.queue.priority_source != source:
        raise DomainError(_("Meanwhile this queue sets priorities in another way. Look again."), Code.STALE)
    if seen is not None and seen != work.ticket.priority:
        words = _("Meanwhile the priority is %(value)s.")
        raise DomainError(words % {"value": work.ticket.get_priority_display()}, Code.STALE)
    work.refuse_solved()


def _settle(work: Work, told: EventData, priority: int) -> Ticket:
    """Record what was told, and the change of priority that follows from it."""
    event = work.record(told)
    before = work.ticket.priority
    if priority != before:
        work.change(priority=int(priority))
        work.record(PriorityChanged(before, int(priority)), cause=event)
    return work.save()


def _row(criterion_id: int, verdict: severity.Verdict) -> dict[str, object]:
    bounds = [None if bound is None else severity.plain(bound) for bound in verdict.scale.bounds]
    return {
        "criterion_id": criterion_id,
        "value": severity.plain(verdict.value),
        "bounds": bounds,
        "is_case": verdict.scale.is_case,
        "priority": verdict.priority.value,
    }
