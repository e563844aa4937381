"""What a change of a ticket would do to its clocks, counted by the same functions that count them then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk.choices import Metric
from helpdesk.domain.clocks import course, stand
from helpdesk.domain.sla_rules import Asked
from helpdesk.models import SLACycle, SLAPolicy, Ticket
from helpdesk.models.clocks import promise
from helpdesk.selectors.promises import Setup, asked_of, setup_at


@dataclass(frozen=True, slots=True)
class Effect:
    """When a clock would be due; without a time it would stand, or nothing would be promised."""

    metric: Metric
    is_promised: bool
    due_at: datetime | None
    is_over: bool


def effects(ticket: Ticket, now: datetime, options: Iterable[Mapping[str, Any]]) -> list[Sequence[Effect]]:
    """For each option, as fields of `Asked` that it changes, what becomes of the clocks that run."""
    cycles = list(SLACycle.objects.filter(ticket=ticket, stopped_at__isnull=True).order_by("pk"))
    setup, asked = setup_at(now, filed_since=ticket.created_at), asked_of(ticket)
    return [_effects(cycles, setup, replace(asked, **option), now) for option in options]


def _effects(cycles: Iterable[SLACycle], setup: Setup, asked: Asked, now: datetime) -> list[Effect]:
    found = [_effect(cycle, setup, asked, now) for cycle in cycles]
    return sorted(found, key=lambda one: (not one.is_promised, one.due_at is None, one.due_at or now))


def _effect(cycle: SLACycle, setup: Setup, asked: Asked, now: datetime) -> Effect:
    metric = Metric(cycle.metric)
    terms = setup.terms(asked, metric)
    if terms.target is None or terms.policy_version_id is None or terms.calendar_version_id is None:
        return Effect(metric, is_promised=False, due_at=None, is_over=False)
    bound = promise((terms.policy_version_id, terms.calendar_version_id), metric, terms.target)
    due = stand(course(cycle.entries, bound.paused), bound).due_at
    return Effect(metric, is_promised=True, due_at=due, is_over=due is not None and due <= now)


def policies_in_force(now: datetime) -> list[SLAPolicy]:
    """The policies that can be chosen by hand."""
    rows = SLAPolicy.objects.filter(is_active=True, versions__valid_from__lte=now)
    return list(rows.distinct().order_by("name"))
