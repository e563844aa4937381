"""The versions of something that is promised by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import QuerySet

from helpdesk.models.calendars import Version

V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class Versions(Generic[V]):
    """All versions of one thing, the newest first; `planned` is the next that will be in force."""

    all: Sequence[V]
    in_force: V | None
    planned: V | None
    draft: V | None


def versions_in(rows: QuerySet[V], now: datetime) -> Versions[V]:
    """The versions, and which of them counts now."""
    return among(rows.select_related("made_by__merged_into"), now)


def among(rows: Iterable[V], now: datetime) -> Versions[V]:
    """The same for rows that were read already."""
    found = sorted(rows, key=lambda row: row.number, reverse=True)
    dated = [(row.valid_from, row.number, row) for row in found if row.valid_from is not None]
    begun, to_come = [one for one in dated if one[0] <= now], [one for one in dated if one[0] > now]
    # Of several of one moment the last one counts.
    planned = min(to_come, key=lambda one: (one[0], -one[1]), default=None)
    in_force = max(begun, key=lambda one: one[:2], default=None)
    draft = next((row for row in found if row.is_draft), None)
    return Versions(found, in_force and in_force[2], planned and planned[2], draft)
