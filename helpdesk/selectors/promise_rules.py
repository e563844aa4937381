"""The rules that say which policy applies, the phases, and what a change of any of them would do to open tickets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from django.db.models import Max, Model, Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.domain.sla_rules import Criterion
from helpdesk.models import Organization, Phase, PolicyRule, PolicyVersion, SLAPolicy
from helpdesk.selectors.previews import FILED_SINCE, Preview, Trial, preview_of
from helpdesk.selectors.promises import criterion_of, setup_at, window_of

_NEW: Final = 2**63
# What every other criterion is a part of.
_ANY: Final = Criterion(0, None)


def rules() -> QuerySet[PolicyRule]:
    """All rules with what they name, in the order in which they are asked."""
    rows = PolicyRule.objects.select_related("policy", "organization", "service_tier", "queue", "category")
    return rows.order_by("position", "pk")


def rule_of(pk: int) -> PolicyRule | None:
    """The rule of this id, with what it names."""
    return rules().filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Place:
    """A rule that is asked, where it stands, and the rule before it that leaves nothing to it."""

    number: int
    rule: PolicyRule
    hidden_by: int | None
    fits_all: bool


def places(asked: Iterable[PolicyRule]) -> list[Place]:
    """The rules that are asked, one after another."""
    found, criteria = list[Place](), list[Criterion]()
    for number, rule in enumerate(asked, 1):
        criterion = criterion_of(rule)
        hidden_by = next((place for place, other in enumerate(criteria, 1) if other.covers(criterion)), None)
        found.append(Place(number, rule, hidden_by, criterion.covers(_ANY)))
        criteria.append(criterion)
    return found


def last_position() -> int:
    """Where the last of all rules stands."""
    return PolicyRule.objects.aggregate(last=Max("position"))["last"] or 0


def twin(rule: PolicyRule) -> PolicyRule | None:
    """Another rule in use for the same tickets."""
    same = _same(rule, "organization_id", "service_tier_id", "queue_id", "category_id")
    return rules().filter(same, is_active=True, phase=rule.phase).exclude(pk=rule.pk).first()


def overlapping(phase: Phase) -> Phase | None:
    """Another phase in use of the same kind, queue and organisation that lasts while this one does."""
    meanwhile = Q(starts_at__lt=phase.ends_at, ends_at__gt=phase.starts_at)
    rows = Phase.objects.filter(meanwhile, _same(phase, "queue_id", "organization_id"), is_active=True, kind=phase.kind)
    return rows.exclude(pk=phase.pk).order_by("starts_at").first()


def _same(row: Model, *names: str) -> Q:
    """Rows that name the same there, or nothing as this one does."""
    found = Q()
    for name in names:
        value = getattr(row, name)
        found &= Q((f"{name}__isnull", True)) if value is None else Q((name, value))
    return found


def with_rule(rule: PolicyRule) -> list[PolicyRule]:
    """The rules that are asked, with one of them as it shall be."""
    others = rules().filter(is_active=True).exclude(pk=rule.pk)
    rows = [*others, *([rule] if rule.is_active else [])]
    return sorted(rows, key=lambda row: (row.position, row.pk or _NEW))


def preview_of_rules(asked: Sequence[PolicyRule], actor: Actor, now: datetime) -> Preview:
    """What it would do to open tickets if these rules were asked, one after another."""
    before = setup_at(now, filed_since=FILED_SINCE)
    after = replace(before, criteria=[criterion_of(rule) for rule in asked])
    return preview_of(Trial(Q(), before, after), actor, now)


def preview_of_phase(phase: Phase, actor: Actor, now: datetime) -> Preview:
    """What a phase would do to open tickets as it shall be; of one that is to come, at its beginning."""
    stored = Phase.objects.filter(pk=phase.pk).first()
    lasts = stored is not None and stored.is_active and stored.starts_at <= now < stored.ends_at
    at = now if lasts else max(phase.starts_at, now)
    before = setup_at(at, filed_since=FILED_SINCE)
    others = Phase.objects.filter(is_active=True, starts_at__lte=at).exclude(pk=phase.pk)
    windows = [window_of(row) for row in [*others, *([phase] if phase.is_active else [])]]
    return preview_of(Trial(Q(), before, replace(before, windows=windows)), actor, now)


def preview_of_tier(organization: Organization, actor: Actor, now: datetime) -> Preview | None:
    """What another service tier of an organisation would do to its open tickets; None where it keeps its own."""
    stored = Organization.objects.filter(pk=organization.pk).first()
    if stored is None or stored.service_tier_id == organization.service_tier_id:
        return None
    setup = setup_at(now, filed_since=FILED_SINCE)
    moved = partial(replace, service_tier_id=organization.service_tier_id)
    return preview_of(Trial(Q(ticket__organization=organization.pk), setup, setup, moved), actor, now)


def preview_of_use(policy: SLAPolicy, actor: Actor, now: datetime) -> Preview:
    """What taking a policy out of use, or back, would do to the open tickets that have it."""
    before = setup_at(now, filed_since=FILED_SINCE)
    policies = {pk: versions for pk, versions in before.policies.items() if pk != policy.pk}
    versions = PolicyVersion.objects.filter(policy=policy.pk, valid_from__lte=now).order_by("-valid_from", "-number")
    if policy.is_active and (version := versions.first()) is not None:
        policies[policy.pk] = version.pk, version.calendar_id
    concerned = Q(policy_version__policy=policy.pk) | Q(ticket__sla_policy=policy.pk)
    return preview_of(Trial(concerned, before, replace(before, policies=policies)), actor, now)
