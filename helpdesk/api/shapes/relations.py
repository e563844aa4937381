"""How tickets stand to each other, as other systems see it."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape
from helpdesk.choices import Relation, Status


class TicketRef(Shape):
    """A ticket by its reference."""

    ref = serializers.CharField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)


class LinkShape(Shape):
    """All tickets to which one stands in the same way; `hidden` counts those that the reader does not see."""

    relation = serializers.ChoiceField(choices=Relation.choices)
    tickets = TicketRef(many=True)
    hidden = serializers.IntegerField()

    @staticmethod
    def write_relation(row: Any) -> str:
        return str(row.relation.value)
