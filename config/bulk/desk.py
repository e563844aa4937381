"""What the desk is like to which the history is told: its queues, who works them, its topics and their questions."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.bulk.chance import Choice, by_rank
from config.bulk.words import TAGS
from helpdesk.choices import Role
from helpdesk.domain.first_tier import TierPlan, first_level
from helpdesk.domain.lifecycle import Windows
from helpdesk.models import Category, CustomField, Queue, Tag, TeamMembership, Tier
from helpdesk.models.calendars import working_time_of
from helpdesk.models.policies import rules_of
from helpdesk.selectors.catalogue import open_categories
from helpdesk.selectors.promises import Setup, setup_at
from helpdesk.selectors.settings import desk_settings

# How much more often something comes in than what is chosen next.
_STEEPNESS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works tickets, and the tiers of their teams by the queue."""

    pk: int
    first: str
    levels: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A queue, and its workers: all of them, and those of each tier."""

    pk: int
    priority: int
    plan: TierPlan
    workers: Choice[Worker]
    by_level: Mapping[int, Choice[Worker]]

    def whoever(self, level: int) -> Choice[Worker]:
        """Those who work its tickets of this tier first of all."""
        return self.by_level.get(level, self.workers)


@dataclass(frozen=True, slots=True)
class Topic:
    """A category: its queue, its kind, and what is asked about it."""

    pk: int
    code: str
    line: Line
    kind_id: int | None
    questions: Sequence[CustomField]


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it, as it is in the database."""

    topics: Mapping[str, Topic]
    lines: Sequence[Line]
    # The tiers that are in use: ids by their levels.
    tiers: Mapping[int, int]
    tags: Mapping[str, int]
    popular_tags: Choice[int]
    windows: Windows
    promises: Setup

    def first_level(self, line: Line, priority: int) -> int:
        """The level of the tier that a new ticket belongs to."""
        wanted = first_level(line.plan, priority)
        return max(level for level in self.tiers if level <= wanted)


def read(since: datetime, now: datetime) -> Desk:
    """The desk as it is now, with the phases since then. Raises LookupError with words when nobody could work on it."""
    workers = _workers()
    lines = {
        queue.pk: line
        for queue in Queue.objects.filter(is_active=True).select_related("first_tier_rule").order_by("pk")
        if (line := _line(queue, workers)) is not None
    }
    topics = {
        topic.code: Topic(topic.pk, topic.code, lines[topic.queue_id], topic.kind_id, _questions(topic))
        for topic in open_categories()
        if topic.queue_id in lines
    }
    tiers = dict(Tier.objects.filter(is_active=True).values_list("level", "pk"))
    if not topics or not tiers:
        raise LookupError("No queue that a topic leads to has an agent in one of its teams.")
    tags = _tags()
    promises = setup_at(now, filed_since=since)
    for version_id, calendar_id in promises.policies.values():
        # Read here, where the database may be asked.
        rules_of(version_id)
        working_time_of(promises.calendars[calendar_id])
    return Desk(
        topics=topics,
        lines=list(lines.values()),
        tiers=tiers,
        tags=tags,
        popular_tags=by_rank(list(tags.values()), _STEEPNESS),
        windows=desk_settings().windows,
        promises=promises,
    )


def _workers() -> list[Worker]:
    levels: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    names = {}
    places = TeamMembership.objects.filter(
        is_active=True, team__is_active=True, user__is_active=True, user__role=Role.AGENT, team__queues__isnull=False
    )
    for user, name, queue, level in places.order_by("pk").values_list(
        "user_id", "user__name", "team__queues", "team__tier__level"
    ):
        names[user] = name.partition(" ")[0]
        levels[user][queue].add(level)
    return [
        Worker(user, names[user], {queue: frozenset(found) for queue, found in levels[user].items()}) for user in names
    ]


def _line(queue: Queue, workers: Sequence[Worker]) -> Line | None:
    mine = [worker for worker in workers if queue.pk in worker.levels]
    if not mine:
        return None
    levels = {level for worker in mine for level in worker.levels[queue.pk]}
    by_level = {level: [worker for worker in mine if level in worker.levels[queue.pk]] for level in sorted(levels)}
    return Line(
        queue.pk,
        queue.default_priority,
        queue.first_tier_rule.plan,
        by_rank(mine, _STEEPNESS, 2),
        {level: by_rank(some, _STEEPNESS, 2) for level, some in by_level.items()},
    )


def _questions(topic: Category) -> list[CustomField]:
    return list(CustomField.objects.filter(category=topic, is_active=True))


def _tags() -> dict[str, int]:
    """The tags by name, those that are missing added, in an order of chance that is always the same."""
    known = {name.lower(): pk for name, pk in Tag.objects.values_list("name", "pk")}
    for tag in Tag.objects.bulk_create([Tag(name=name) for name in TAGS if name not in known]):
        known[tag.name] = tag.pk
    names = sorted(known)
    random.Random(len(names)).shuffle(names)  # noqa: S311 - nothing here is a secret
    return {name: known[name] for name in names}
