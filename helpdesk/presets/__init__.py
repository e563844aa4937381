"""What a desk starts with: rows that its administrators then own. Loading again adds what is missing and changes
nothing that is there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Model

from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.models import (
    Calendar,
    CalendarVersion,
    Category,
    Criterion,
    CustomField,
    DeskSettings,
    FirstTierRule,
    Kind,
    PolicyRule,
    PolicyVersion,
    PriorityCell,
    Queue,
    Region,
    SLAPolicy,
    StaffRole,
    Tier,
)
from helpdesk.presets import catalogue, priorities, promises, roles, rows


@action
def load(*, by: Actor, now: datetime) -> dict[str, int]:
    """Add the missing rows. Returns how many of each kind were added."""
    added = {
        "tiers": _add(Tier, "level", rows.TIERS),
        "regions": _add(Region, "code", rows.REGIONS),
        "first_tier_rules": _add(FirstTierRule, "code", rows.FIRST_TIER_RULES),
        "kinds": _add(Kind, "code", catalogue.KINDS),
        "roles": _roles(),
        "criteria": _add(Criterion, "code", priorities.CRITERIA),
        "matrix": _matrix(),
        "calendars": _calendars(now),
        "policies": _policies(now),
        "policy_rules": _policy_rules(),
    }
    rule = FirstTierRule.objects.get(code=rows.DEFAULT_RULE)
    has_default = Queue.objects.filter(is_default=True).exists()
    queue = {**rows.QUEUE, "first_tier_rule": rule, "is_default": not has_default}
    added["queues"] = _add(Queue, "code", [queue])
    added["categories"], added["questions"] = _categories()
    added["settings"] = int(DeskSettings.objects.get_or_create(pk=1)[1])
    if any(added.values()):
        audit("presets_loaded", ("presets", None), added, by=by, now=now)
    return added


def _add(model: type[Model], key: str, wanted: Sequence[Mapping[str, Any]]) -> int:
    """Add the rows whose key is not taken. Returns how many."""
    made = 0
    for row in wanted:
        try:
            made += model._default_manager.get_or_create(**{key: row[key]}, defaults=dict(row))[1]
        except IntegrityError:
            # Somebody made one of this name under a key of their own, and that one stays the only one.
            continue
    return made


def _roles() -> int:
    """The roles; those above come first, so that each finds the one it escalates to."""
    return sum(
        _add(StaffRole, "code", [{**row, "escalates_to": StaffRole.objects.filter(code=above).first()}])
        for row, above in roles.STAFF_ROLES
    )


def _matrix() -> int:
    """The cells that nobody filled yet."""
    return sum(
        PriorityCell.objects.get_or_create(impact=cell["impact"], urgency=cell["urgency"], defaults=cell)[1]
        for cell in priorities.CELLS
    )


def _calendars(now: datetime) -> int:
    """Calendars with their first version; one that is there keeps what its administrators made of it."""
    made = 0
    for row in promises.CALENDARS:
        named, hours = ({key: row[key] for key in keys} for keys in (("code", "name"), ("time_zone", "week")))
        if _add(Calendar, "code", [named]):
            made += 1
            calendar = Calendar.objects.get(code=row["code"])
            CalendarVersion.objects.create(calendar=calendar, number=1, valid_from=promises.SINCE, made_at=now, **hours)
    return made


def _policies(now: datetime) -> int:
    """Policies with their first version, around the clock."""
    made, calendar = 0, Calendar.objects.get(code=promises.AROUND_THE_CLOCK)
    for code, (name, description, rules) in promises.POLICIES.items():
        if _add(SLAPolicy, "code", [{"code": code, "name": name, "description": description}]):
            made += 1
            policy = SLAPolicy.objects.get(code=code)
            PolicyVersion.objects.create(
                policy=policy,
                number=1,
                valid_from=promises.SINCE,
                made_at=now,
                calendar=calendar,
                rules=rules.as_json(),
            )
    return made


def _policy_rules() -> int:
    """Which policy applies, where nobody has said so yet."""
    if PolicyRule.objects.exists():
        return 0
    policies = {policy.code: policy for policy in SLAPolicy.objects.all()}
    wanted = [PolicyRule(**{**row, "policy": policies[row["policy"]]}) for row in promises.RULES]
    return len(PolicyRule.objects.bulk_create(wanted))


def _categories() -> tuple[int, int]:
    """Categories with their questions; one that is there already is asked about as its administrators want it."""
    queue = Queue.objects.filter(code=rows.QUEUE["code"]).first() or Queue.objects.filter(is_default=True).first()
    if queue is None:
        return 0, 0
    categories = questions = 0
    for row, kind, asked in catalogue.CATEGORIES:
        of_kind = Kind.objects.filter(code=kind).first()
        if not _add(Category, "code", [{**row, "queue": queue, "kind": of_kind}]):
            continue
        categories, category = categories + 1, Category.objects.get(code=row["code"])
        for question in asked:
            CustomField.objects.create(category=category, **question)
        questions += len(asked)
    return categories, questions
