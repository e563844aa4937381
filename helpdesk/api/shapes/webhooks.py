"""Webhooks as other systems set them up, and what became of their deliveries."""

from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape, several
from helpdesk.api.shapes.people import PersonRef
from helpdesk.choices import Priority
from helpdesk.domain.webhooks import KIND_OF, TEST, message_id, type_of
from helpdesk.models import WebhookEnd, WebhookForm
from helpdesk.selectors import catalogue


class WebhookShape(Shape):
    """A subscription: what is told to which address, in which form. What is empty narrows nothing."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()
    form = serializers.ChoiceField(choices=WebhookForm.choices)
    events = serializers.ListField(child=serializers.ChoiceField(choices=list(KIND_OF)))
    queues = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    priorities = serializers.ListField(child=serializers.ChoiceField(choices=Priority.choices))
    categories = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    organizations = serializers.ListField(child=serializers.IntegerField(), source="organization_ids", help_text="Ids.")
    in_order = serializers.BooleanField(source="is_ordered", help_text="Whether a ticket's events come one by one.")
    is_active = serializers.BooleanField()
    owner = PersonRef(help_text="Who saved it last: what they may read is told.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was switched off by itself.")
    ended_why = serializers.ChoiceField(choices=WebhookEnd.choices, allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True, help_text="Since when nothing reached it.")
    created_at = serializers.DateTimeField()
    secret = serializers.CharField(required=False, help_text="When it is made, and never again.")

    apart = frozenset({"secret"})

    @staticmethod
    def write_events(row: Any) -> list[str]:
        return [type_of(kind) for kind in row.kinds]

    @staticmethod
    def write_queues(row: Any) -> list[str]:
        return [queue.code for queue in catalogue.queues() if queue.pk in row.queue_ids]

    @staticmethod
    def write_categories(row: Any) -> list[str]:
        return [category.code for category in catalogue.categories() if category.pk in row.category_ids]

    @staticmethod
    def write_ended_why(row: Any) -> str | None:
        return row.ended_why or None


class SecretShape(Shape):
    """The secret by which its messages are signed."""

    secret = serializers.CharField(help_text="Told this once.")


class TryShape(Shape):
    """One call of the address."""

    at = serializers.DateTimeField()
    milliseconds = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text="What was answered; null where nothing was.")
    error = serializers.CharField()


class WebhookDeliveryShape(Shape):
    """One message: its name is the `webhook-id` of each of its tries."""

    id = serializers.IntegerField()
    webhook_id = serializers.CharField()
    type = serializers.CharField()
    ticket = serializers.CharField(allow_null=True, help_text="Its reference.")
    state = serializers.ChoiceField(choices=["waiting", "leased", "sent", "cancelled", "given_up"])
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    next_try_at = serializers.DateTimeField(source="not_before", help_text="Where it waits.")
    tries = TryShape(many=True)

    @staticmethod
    def write_webhook_id(row: Any) -> str:
        return message_id(row.token)

    @staticmethod
    def write_type(row: Any) -> str:
        return TEST if row.event is None else type_of(row.event.kind)

    @staticmethod
    def write_ticket(row: Any) -> str | None:
        return None if row.ticket is None else str(row.ticket.ref)

    @staticmethod
    def write_tries(row: Any) -> list[Any]:
        return several(TryShape, row.tries.all())


class CountShape(Shape):
    """How many."""

    count = serializers.IntegerField()
    has_more = serializers.BooleanField(help_text="Whether there may be more: ask again then.")
