"""What is promised, as other systems read it: policies, calendars, and what a draft of either would do."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape
from helpdesk.choices import Metric, Priority, WorkState


class TargetShape(Shape):
    """How long something may take, in working time of the policy's calendar."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    state = serializers.ChoiceField(
        choices=WorkState.choices, allow_null=True, help_text="Of updates: the state of the work."
    )
    priority = serializers.ChoiceField(choices=Priority.choices)
    seconds = serializers.IntegerField()


class VersionedShape(Shape):
    """Something of which one version is in force. `version` is null where none is yet."""

    code = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    valid_from = serializers.DateTimeField(allow_null=True)
    draft = serializers.IntegerField(allow_null=True, help_text="The number of its draft, which can be previewed.")


class PolicyShape(VersionedShape):
    """A policy as it is in force. `version` is null where none is yet."""

    description = serializers.CharField(allow_blank=True)
    is_active = serializers.BooleanField()
    calendar = serializers.CharField(allow_null=True, help_text="The code of its calendar.")
    targets = TargetShape(many=True)


class HolidayShape(Shape):
    """A day without working time."""

    day = serializers.DateField()
    name = serializers.CharField()


class CalendarShape(VersionedShape):
    """A calendar as it is in force."""

    time_zone = serializers.CharField(allow_null=True)
    week = serializers.DictField(help_text="By day, `mon` to `sun`: pairs of local times.")
    holidays = HolidayShape(many=True)


class LateShape(Shape):
    """A clock whose time would be used up at once."""

    ticket = serializers.CharField(source="ticket.ref")
    metric = serializers.ChoiceField(choices=Metric.choices)
    due_at = serializers.DateTimeField(source="due_after")


class PreviewShape(Shape):
    """What a draft would do to open tickets. While a worker counts, `is_busy`; ask again."""

    open = serializers.IntegerField(help_text="Open tickets that it concerns.")
    looked_at = serializers.IntegerField()
    changed = serializers.IntegerField()
    freed = serializers.IntegerField(help_text="Of whose clocks one would promise nothing any more.")
    late_count = serializers.IntegerField()
    late = LateShape(many=True)
    hidden = serializers.IntegerField(help_text="Late ones that the caller does not see.")
    counted_at = serializers.DateTimeField(allow_null=True)
    is_busy = serializers.BooleanField()


def targets(rules: Any) -> list[dict[str, Any]]:
    """All targets of a version, one for each clock and priority."""
    told = [_target(metric, None, table) for metric, table in rules.targets.items()]
    told += [_target(Metric.UPDATE, state, table) for state, table in rules.updates.items()]
    return [row for rows in told for row in rows]


def _target(metric: Any, state: Any, table: Mapping[int, Any]) -> list[dict[str, Any]]:
    return [
        {"metric": metric.value, "state": state and state.value, "priority": one, "seconds": int(span.total_seconds())}
        for one, span in sorted(table.items())
    ]
