"""What a change of a ticket would do to its clocks, counted by the same functions that count them then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from helpdesk.choices import Metric
from helpdesk.domain.clocks import Promise, Stand, course, stand
from helpdesk.domain.sla_rules import WARNED, Asked
from helpdesk.models import SLACycle, SLAPolicy, Ticket
from helpdesk.selectors.promises import Setup, asked_of, promise_of, setup_at

# The clocks that a new ticket begins with.
_FIRST: Final = (Metric.FIRST_RESPONSE, Metric.UPDATE, Metric.RESOLUTION)


@dataclass(frozen=True, slots=True)
class Effect:
    """Where a clock would stand after a change, and where it stands before; None is nothing promised."""

    metric: Metric
    after: Stand | None
    before: Stand | None
    now: datetime

    @property
    def is_over(self) -> bool:
        """Whether the time would be used up already."""
        return self._is_over(self.after)

    @property
    def was_over(self) -> bool:
        """Whether the time is used up before the change."""
        return self._is_over(self.before)

    def _is_over(self, one: Stand | None) -> bool:
        return one is not None and one.due_at is not None and one.due_at <= self.now

    @property
    def order(self) -> tuple[bool, bool, datetime]:
        """What is due next comes first, then what stands, then what is not promised."""
        due = self.after and self.after.due_at
        return self.after is None, due is None, due or self.now


def effects(ticket: Ticket, now: datetime, options: Iterable[Mapping[str, Any]]) -> list[Sequence[Effect]]:
    """For each option, as fields of `Asked` that it changes, what becomes of the clocks that run."""
    cycles = list(SLACycle.objects.filter(ticket=ticket, stopped_at__isnull=True).order_by("pk"))
    setup, asked = setup_at(now, filed_since=ticket.created_at), asked_of(ticket)
    return [_effects(cycles, setup, replace(asked, **option), now) for option in options]


def changes(ticket: Ticket, now: datetime, **option: Any) -> list[Effect]:
    """Of the clocks that run, those that the option moves: another due time, more or less left, or nothing promised."""
    return [one for one in effects(ticket, now, [option])[0] if one.after != one.before]


def newly_over(tickets: Iterable[Ticket], now: datetime, field: str, values: Sequence[int]) -> list[int]:
    """By each value of a field of `Asked`: how many of the tickets would have a promise broken at once by it."""
    by_id = {ticket.pk: ticket for ticket in tickets}
    cycles = SLACycle.objects.filter(ticket__in=by_id, stopped_at__isnull=True, metric__in=WARNED)
    setup = setup_at(now, filed_since=min((one.created_at for one in by_id.values()), default=now))
    options: list[dict[str, Any]] = [{field: value} for value in values]
    found = [set[int]() for _value in values]
    for cycle in cycles:
        asked = asked_of(by_id[cycle.ticket_id])
        for option, late in zip(options, found, strict=True):
            effect = _effect(cycle, setup, replace(asked, **option), now)
            if effect.is_over and not effect.was_over:
                late.add(cycle.ticket_id)
    return [len(late) for late in found]


def beginning(asked: Asked, now: datetime) -> list[Effect]:
    """The clocks that a ticket would begin with that is filed now, as far as something is promised."""
    setup = setup_at(now)
    bounds = [(metric, promise_of(setup.terms(asked, metric), metric)) for metric in _FIRST]
    found = [
        Effect(metric, Stand(bound.working_time.add(now, bound.target), None, is_paused=False), None, now)
        for metric, bound in bounds
        if bound is not None
    ]
    return sorted(found, key=lambda one: one.order)


def _effects(cycles: Iterable[SLACycle], setup: Setup, asked: Asked, now: datetime) -> list[Effect]:
    return sorted((_effect(cycle, setup, asked, now) for cycle in cycles), key=lambda one: one.order)


def _effect(cycle: SLACycle, setup: Setup, asked: Asked, now: datetime) -> Effect:
    metric = Metric(cycle.metric)
    after = promise_of(setup.terms(asked, metric), metric)
    return Effect(metric, _stand(cycle, after), _stand(cycle, cycle.promise), now)


def _stand(cycle: SLACycle, bound: Promise | None) -> Stand | None:
    return None if bound is None else stand(course(cycle.entries, bound.paused), bound)


def policies_in_force(now: datetime) -> list[SLAPolicy]:
    """The policies that can be chosen by hand."""
    rows = SLAPolicy.objects.filter(is_active=True, versions__valid_from__lte=now)
    return list(rows.distinct().order_by("name"))
