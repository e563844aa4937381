"""Figures of served systems: pushed in by these, and the latest of each component."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.access import require
from helpdesk.actions.figures import MAX_COMPONENTS, Measured, take_figures
from helpdesk.api import repeats
from helpdesk.api.base import Endpoint, answer
from helpdesk.api.parameters import Moment
from helpdesk.api.schema import describes
from helpdesk.api.shapes.base import Shape, Told
from helpdesk.models.figures import Health
from helpdesk.permissions import Right
from helpdesk.selectors import figures

_BEYOND = 1e12


def _number(**kwargs: Any) -> serializers.FloatField:
    return serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=_BEYOND, **kwargs)


class ComponentInput(serializers.Serializer[Any]):
    """One component of a served system."""

    component = serializers.CharField(max_length=60)
    health = serializers.ChoiceField(choices=Health.choices)
    error_rate = serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=100, help_text="Per cent."
    )
    p95_ms = _number(help_text="Milliseconds.")
    throughput = _number(help_text="Requests a second.")
    sessions = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**12)


class FiguresInput(serializers.Serializer[Any]):
    """What a system says of itself."""

    system = serializers.CharField(max_length=60)
    measured_at = Moment(required=False, help_text="Now otherwise.")
    components = serializers.ListField(child=ComponentInput(), min_length=1, max_length=MAX_COMPONENTS)


class FiguresTaken(Told):
    """What came of it."""

    system = serializers.CharField()
    taken = serializers.IntegerField(help_text="So many were new.")


class FigureShape(Shape):
    """The latest figures of a component."""

    system = serializers.CharField()
    component = serializers.CharField()
    measured_at = serializers.DateTimeField()
    health = serializers.ChoiceField(choices=Health.choices)
    error_rate = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)
    throughput = serializers.FloatField(allow_null=True)
    sessions = serializers.IntegerField(allow_null=True)


class Figures(Endpoint):
    """Figures of served systems."""

    @describes("list_figures", "figures", answers={200: FigureShape(many=True)})
    def get(self, request: Request) -> HttpResponse:
        """List the latest figures of each component."""
        require(self.actor, Right.PUSH_FIGURES)
        return answer([FigureShape.write(row) for row in figures.latest()])

    @describes("push_figures", "figures", sends=FiguresInput, answers={201: FiguresTaken}, repeatable=True)
    def post(self, request: Request) -> HttpResponse:
        """Push figures in. The same moment told twice counts once."""
        require(self.actor, Right.PUSH_FIGURES)
        return repeats.once(request, self.actor, self._taken)

    def _taken(self) -> HttpResponse:
        given, now = self.read(FiguresInput).validated_data, timezone.now()
        measured_at: datetime = given.get("measured_at") or now
        told = [Measured(**one) for one in given["components"]]
        taken = take_figures(system=given["system"], measured_at=measured_at, components=told, by=self.actor, now=now)
        return answer({"system": given["system"], "taken": taken}, HTTPStatus.CREATED)
