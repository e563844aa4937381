"""Clocks as other systems see them, and why one is due when it is."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape, Told
from helpdesk.choices import CycleState, LineKind, Metric, Status


class ClockShape(Shape):
    """One clock of a ticket, from its start to its stop."""

    id = serializers.IntegerField()
    metric = serializers.ChoiceField(choices=Metric.choices)
    number = serializers.IntegerField(help_text="Which one of its metric: a reopened ticket gets another one.")
    state = serializers.ChoiceField(choices=CycleState.choices)
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while it stands.")
    left_seconds = serializers.IntegerField(
        allow_null=True, help_text="Working seconds that are left of the target while the clock stands."
    )
    target_seconds = serializers.IntegerField(allow_null=True, help_text="Working seconds.")
    breached_at = serializers.DateTimeField(allow_null=True)


class LineShape(Shape):
    """A stretch of time, what it was, and how much of it was counted."""

    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    holiday = serializers.DateField(allow_null=True)
    counted_seconds = serializers.IntegerField()

    @staticmethod
    def write_counted_seconds(row: Any) -> int:
        return int(row.counted.total_seconds())


class TurnShape(Shape):
    """Something that happened to a clock."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    is_counting = serializers.BooleanField()
    event = serializers.IntegerField(allow_null=True, help_text="The version of the ticket that caused it.")

    @staticmethod
    def write_event(row: Any) -> int | None:
        return row.event.seq if row.event is not None else None


class WhyShape(Shape):
    """Everything that decides on when a clock is due. The counted seconds add up, at the deadline to the target."""

    clock = ClockShape(source="cycle")
    policy = serializers.CharField()
    calendar = serializers.CharField()
    time_zone = serializers.CharField(source="calendar.time_zone")
    is_chosen = serializers.BooleanField(help_text="Whether somebody chose the policy by hand.")
    turns = TurnShape(many=True)
    lines = LineShape(many=True)
    until = serializers.DateTimeField()
    used_seconds = serializers.IntegerField()

    @staticmethod
    def write_policy(row: Any) -> str:
        return str(row.policy.policy)

    @staticmethod
    def write_calendar(row: Any) -> str:
        return str(row.calendar.calendar)

    @staticmethod
    def write_used_seconds(row: Any) -> int:
        return int(row.used.total_seconds())


class StandShape(Shape):
    """Where a clock stands."""

    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while it stands.")
    left_seconds = serializers.IntegerField(allow_null=True, help_text="Working seconds, while it stands.")
    is_paused = serializers.BooleanField()

    @staticmethod
    def write_left_seconds(row: Any) -> int | None:
        return None if row.left is None else int(row.left.total_seconds())


class EffectShape(Shape):
    """What becomes of a clock that runs; null is nothing promised."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    before = StandShape(allow_null=True)
    after = StandShape(allow_null=True)
    is_over = serializers.BooleanField(help_text="Whether the time would be used up already.")


class ChoiceShape(Told):
    """One way to say what a ticket is promised."""

    by = serializers.ChoiceField(choices=["rules", "hand"])
    policy = serializers.CharField(allow_null=True, help_text="Its code; null by hand: nothing is promised.")
    is_chosen = serializers.BooleanField()
    effects = EffectShape(many=True)
