"""What a desk starts with: rows that its administrators then own. Loading again adds what is missing and changes
nothing that is there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from helpdesk.actions._base import action
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.models import Category, DeskSettings, FirstTierRule, Queue, Region, Tier
from helpdesk.presets import rows


@action
def load(*, by: Actor, now: datetime) -> dict[str, int]:
    """Add the missing rows. Returns how many of each kind were added."""
    added = {
        "tiers": _add(Tier, "level", rows.TIERS),
        "regions": _add(Region, "code", rows.REGIONS),
        "first_tier_rules": _add(FirstTierRule, "code", rows.FIRST_TIER_RULES),
    }
    rule = FirstTierRule.objects.get(code=rows.DEFAULT_RULE)
    has_default = Queue.objects.filter(is_default=True).exists()
    added["queues"] = _add(
        Queue,
        "code",
        [{**rows.QUEUE, "first_tier_rule": rule, "is_default": not has_default}],
    )
    if added["queues"]:
        queue = Queue.objects.get(code=rows.QUEUE["code"])
        added["categories"] = _add(Category, "code", [{**row, "queue": queue} for row in rows.CATEGORIES])
    added["settings"] = int(DeskSettings.objects.get_or_create(pk=1)[1])
    if any(added.values()):
        audit("presets_loaded", ("presets", None), added, by=by, now=now)
    return added


def _add(model: type[Model], key: str, wanted: Sequence[Mapping[str, Any]]) -> int:
    """Add the rows whose key is not taken. Returns how many."""
    made = [model._default_manager.get_or_create(**{key: row[key]}, defaults=dict(row))[1] for row in wanted]
    return sum(made)
