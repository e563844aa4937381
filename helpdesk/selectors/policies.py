"""Policies with their versions, where they apply, and what a draft would do to the clocks of open tickets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from helpdesk.actors import Actor
from helpdesk.choices import Metric, Priority, WorkState
from helpdesk.domain.sla_rules import WARNED, Rules
from helpdesk.models import PolicyRule, PolicyVersion, SLACycle, SLAPolicy
from helpdesk.selectors.previews import FILED_SINCE, Preview, Trial, counted, preview_of
from helpdesk.selectors.promises import setup_at
from helpdesk.selectors.versions import Versions, versions_in


def policy_of(pk: int) -> SLAPolicy | None:
    """The policy of this id."""
    return SLAPolicy.objects.filter(pk=pk).first()


def with_versions(rows: QuerySet[SLAPolicy], now: datetime) -> QuerySet[SLAPolicy]:
    """Policies with the version in force (`number_now`, `since`), the next planned one (`planned`), and how many rules
    lead to them (`rule_count`).
    """
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    current = versions.filter(valid_from__lte=now).order_by("-valid_from", "-number")[:1]
    to_come = versions.filter(valid_from__gt=now).order_by("valid_from", "-number")[:1]
    rules = PolicyRule.objects.filter(policy=OuterRef("pk"), is_active=True).order_by().values("policy")
    return rows.annotate(
        number_now=Subquery(current.values("number")),
        since=Subquery(current.values("valid_from")),
        planned=Subquery(to_come.values("valid_from")),
        rule_count=Subquery(rules.values(count=Count("pk"))),
    )


def open_tickets(policies: Iterable[int]) -> dict[int, int]:
    """How many open tickets have a clock that runs by each of these policies."""
    policy = F("policy_version__policy")
    clocks = SLACycle.objects.filter(stopped_at__isnull=True, policy_version__policy__in=list(policies))
    counted = clocks.order_by().values(policy_id=policy).annotate(tickets=Count("ticket", distinct=True))
    return {row["policy_id"]: row["tickets"] for row in counted}


def versions_of(policy: SLAPolicy, now: datetime) -> Versions[PolicyVersion]:
    """The versions, and which of them counts now."""
    return versions_in(policy.versions.select_related("calendar"), now)


def rules_for(policy: SLAPolicy) -> list[PolicyRule]:
    """The rules that lead to the policy, in the order in which they are asked."""
    rows = PolicyRule.objects.filter(policy=policy, is_active=True).order_by("position", "pk")
    return list(rows.select_related("organization", "service_tier", "queue", "category"))


@dataclass(frozen=True, slots=True)
class Cell:
    """What is promised for one priority, before a change and after it."""

    priority: str
    short: str
    before: timedelta | None
    after: timedelta | None

    @property
    def is_changed(self) -> bool:
        """Whether it differs."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Row:
    """What one clock promises to each priority; `is_spoken` where it promises anything, before or after."""

    label: str
    cells: Sequence[Cell]

    @property
    def is_spoken(self) -> bool:
        """Whether it promises anything."""
        return any(cell.before or cell.after for cell in self.cells)


def targets_of(rules: Rules, before: Rules | None = None) -> list[Row]:
    """The times of answers and solutions, beside those of other rules."""
    return _rows(((metric, rules.targets) for metric in Metric if metric in WARNED), before and before.targets)


def updates_of(rules: Rules, before: Rules | None = None) -> list[Row]:
    """The times between updates."""
    return _rows(((state, rules.updates) for state in WorkState), before and before.updates)


def _rows(tables: Iterable[tuple[Any, Mapping[Any, Mapping[int, timedelta]]]], before: Any) -> list[Row]:
    found = []
    for key, table in tables:
        new = table.get(key, {})
        old = new if before is None else before.get(key, {})
        cells = [Cell(str(one.label), one.name, old.get(one.value), new.get(one.value)) for one in Priority]
        found.append(Row(str(key.label), cells))
    return found


def concerned_by(policy_id: int) -> Q:
    """The clocks that go by the policy."""
    return Q(policy_version__policy=policy_id)


def trial(draft: PolicyVersion, now: datetime) -> Trial:
    """The clocks that go by the policy, as if the draft were in force."""
    base = setup_at(now, filed_since=FILED_SINCE)
    policies = {**base.policies, draft.policy_id: (draft.pk, draft.calendar_id)}
    drafted = replace(base, policies=policies, drafted_rules={draft.pk: draft.parsed()})
    return Trial(concerned_by(draft.policy_id), base, drafted)


def preview(draft: PolicyVersion, actor: Actor, now: datetime) -> Preview:
    """What the draft would do: as a worker counted it, or counted now where the clocks are few."""
    return counted(draft.preview, actor) if draft.preview else preview_of(trial(draft, now), actor, now)
