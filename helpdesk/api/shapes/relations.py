"""How tickets stand to each other, as other systems see it."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape
from helpdesk.api.shapes.people import PersonRef
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


class SubTaskShape(Shape):
    """Something to do for a ticket."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    assignee = PersonRef(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    holds_resolution = serializers.BooleanField(help_text="Whether the ticket is not resolved before it is done.")
    state = serializers.ChoiceField(choices=["to_do", "done", "dropped"])
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

    @staticmethod
    def write_state(row: Any) -> str:
        return "dropped" if row.dropped_at is not None else "to_do" if row.done_at is None else "done"


class PartnerShape(Shape):
    """Somebody outside on whom tickets wait."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)


class WaitShape(Shape):
    """On whom a ticket waits."""

    partner = PartnerShape()
    reference = serializers.CharField(allow_blank=True, help_text="The number that the matter has there.")
    began_at = serializers.DateTimeField()
