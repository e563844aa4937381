"""What is promised at an instant: the policies and calendars in force, and which of them a ticket gets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from helpdesk.choices import Metric, WorkState
from helpdesk.domain.clocks import Promise
from helpdesk.domain.sla_rules import Asked, Criterion, Rules, Window, choose, state_of_work
from helpdesk.domain.working_time import WorkingTime
from helpdesk.models import CalendarVersion, Category, Organization, Phase, PolicyRule, PolicyVersion, Queue, Ticket
from helpdesk.models.calendars import working_time_of
from helpdesk.models.clocks import promise
from helpdesk.models.policies import rules_of
from helpdesk.prepared import prepared


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock is bound to; without `target_seconds` nothing is promised. `rule_id` is the row that said so."""

    policy_version_id: int | None = None
    calendar_version_id: int | None = None
    target_seconds: int | None = None
    rule_id: int | None = None

    @property
    def binding(self) -> tuple[int | None, ...]:
        """What a clock is bound to, whichever rule said so."""
        return self.policy_version_id, self.calendar_version_id, self.target_seconds

    @property
    def target(self) -> timedelta | None:
        """What is promised, in working time."""
        return None if self.target_seconds is None else timedelta(seconds=self.target_seconds)


@dataclass(frozen=True, slots=True)
class Setup:
    """All that decides on promises at one instant. Of `policies` it knows the version and its calendar.

    Versions that are not in force yet, and are asked about all the same, are in `drafted_rules` and `drafted_hours`.
    """

    at: datetime
    criteria: Sequence[Criterion]
    windows: Sequence[Window]
    policies: Mapping[int, tuple[int, int]]
    calendars: Mapping[int, int]
    drafted_rules: Mapping[int, Rules] = field(default_factory=dict)
    drafted_hours: Mapping[int, WorkingTime] = field(default_factory=dict)

    def terms(self, asked: Asked, metric: Metric) -> Terms:
        """What a ticket is promised by one metric."""
        return self.promise(asked)(metric)

    def promise(self, asked: Asked) -> Callable[[Metric], Terms]:
        """What a ticket is promised, by each metric: the policy is chosen once for all of them."""
        policy_id, rule_id = choose(asked, self.criteria, self.windows)
        version_id, calendar_id = self.policies.get(policy_id or 0, (None, None))
        calendar_version_id = self.calendars.get(calendar_id or 0)
        if version_id is None or calendar_version_id is None:
            return lambda _metric: Terms(rule_id=rule_id)
        versions, state = (version_id, calendar_version_id), state_of_work(asked, self.windows, self.at)
        if version_id in self.drafted_rules:
            rules = self.drafted_rules[version_id]
            return lambda metric: Terms(*versions, _seconds(rules.target(metric, asked.priority, state)), rule_id)
        return lambda metric: promised(versions, metric, asked.priority, state, rule_id)

    def bound(self, terms: Terms, metric: Metric) -> Promise | None:
        """What a clock goes by that is bound to the terms, which may be those of a draft."""
        rules = self.drafted_rules.get(terms.policy_version_id or 0)
        hours = self.drafted_hours.get(terms.calendar_version_id or 0)
        if terms.target is None or (rules is None and hours is None):
            return promise_of(terms, metric)
        rules = rules or rules_of(terms.policy_version_id or 0)
        return Promise(hours or working_time_of(terms.calendar_version_id or 0), terms.target, rules.paused(metric))


def promise_of(terms: Terms, metric: Metric) -> Promise | None:
    """What a clock goes by that is bound to the terms; None where nothing is promised."""
    if terms.target is None or terms.policy_version_id is None or terms.calendar_version_id is None:
        return None
    return promise((terms.policy_version_id, terms.calendar_version_id), metric, terms.target)


def promised(versions: tuple[int, int], metric: Metric, priority: int, state: WorkState, rule_id: int | None) -> Terms:
    """What the versions of a policy and of its calendar promise by one metric."""
    return Terms(*versions, _seconds(rules_of(versions[0]).target(metric, priority, state)), rule_id)


def _seconds(target: timedelta | None) -> int | None:
    return None if target is None else int(target.total_seconds())


def setup_at(at: datetime, *, filed_since: datetime | None = None) -> Setup:
    """What is in force at an instant, with the phases that last then or lasted when the oldest ticket was filed."""
    return Setup(
        at,
        criteria(),
        windows(filed_since or at, at),
        {policy: (pk, calendar) for policy, pk, calendar in _policies(at)},
        dict(_calendars(at)),
    )


@prepared
def _policies(at: datetime) -> QuerySet[PolicyVersion, tuple[int, int, int]]:
    versions = PolicyVersion.objects.filter(valid_from__lte=at, policy__is_active=True)
    newest = versions.order_by("policy", "-valid_from", "-number").distinct("policy")
    return newest.values_list("policy", "pk", "calendar")


@prepared
def _calendars(at: datetime) -> QuerySet[CalendarVersion, tuple[int, int]]:
    versions = CalendarVersion.objects.filter(valid_from__lte=at)
    newest = versions.order_by("calendar", "-valid_from", "-number").distinct("calendar")
    return newest.values_list("calendar", "pk")


def criteria() -> list[Criterion]:
    """The rows that decide which policy applies, in their order."""
    return [criterion_of(row) for row in _rules()]


@prepared
def _rules() -> QuerySet[PolicyRule]:
    return PolicyRule.objects.filter(is_active=True).order_by("position", "pk")


def criterion_of(rule: PolicyRule) -> Criterion:
    """A rule as a value; one that is not saved yet has no id."""
    return Criterion(
        rule.pk or 0,
        rule.policy_id,
        rule.organization_id,
        rule.service_tier_id,
        rule.queue_id,
        rule.category_id,
        WorkState(rule.phase) if rule.phase else None,
    )


def windows(since: datetime, until: datetime) -> list[Window]:
    """The phases that lasted at any time between two instants."""
    return [window_of(row) for row in _phases(since, until)]


@prepared
def _phases(since: datetime, until: datetime) -> QuerySet[Phase]:
    return Phase.objects.filter(starts_at__lte=until, ends_at__gt=since, is_active=True).order_by("pk")


def window_of(phase: Phase) -> Window:
    """A phase as a value."""
    return Window(WorkState(phase.kind), phase.starts_at, phase.ends_at, phase.queue_id, phase.organization_id)


# The columns of a ticket that decide on its promise.
DECIDING: Final = (
    "created_at", "queue", "priority", "category", "organization", "sla_chosen", "sla_policy",
)  # fmt: skip


def asked_of(ticket: Ticket) -> Asked:
    """What of a ticket decides on its promise."""
    organization = ticket.organization
    return Asked(
        filed_at=ticket.created_at,
        queue_id=ticket.queue_id,
        priority=ticket.priority,
        category_id=ticket.category_id,
        organization_id=ticket.organization_id,
        service_tier_id=organization.service_tier_id if organization else None,
        is_chosen=ticket.sla_chosen,
        chosen_id=ticket.sla_policy_id,
    )


def asked_of_new(
    at: datetime, queue: Queue, category: Category | None, organization: Organization | None, priority: int
) -> Asked:
    """The same of a ticket that is not filed yet, were it filed at that instant."""
    return Asked(
        filed_at=at,
        queue_id=queue.pk,
        priority=priority,
        category_id=category.pk if category else None,
        organization_id=organization.pk if organization else None,
        service_tier_id=organization.service_tier_id if organization else None,
    )
