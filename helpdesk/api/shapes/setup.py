"""The set-up as other systems see it."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from helpdesk.api.shapes.base import Shape
from helpdesk.api.shapes.people import KnownShape
from helpdesk.api.shapes.tickets import CodeRef, TierRef
from helpdesk.choices import FieldKind, Priority


class QueueShape(Shape):
    """A queue."""

    code = serializers.CharField()
    name = serializers.CharField()
    default_priority = serializers.ChoiceField(choices=Priority.choices)
    is_default = serializers.BooleanField()
    is_active = serializers.BooleanField()


class CategoryShape(Shape):
    """What a ticket can be about."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In the caller's language.")
    queue = serializers.CharField(required=False, help_text="The code of the queue that it leads to; for the desk.")
    is_active = serializers.BooleanField()

    @staticmethod
    def write_name(row: Any) -> str:
        return str(row)

    @staticmethod
    def write_queue(row: Any) -> str:
        code: str = row.queue.code
        return code


class TeamShape(Shape):
    """A team."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    tier = TierRef()
    region = CodeRef(allow_null=True)
    is_active = serializers.BooleanField()


class TagShape(Shape):
    """A tag."""

    name = serializers.CharField()
    is_active = serializers.BooleanField()


class FieldShape(Shape):
    """A question about tickets of a category or a queue."""

    key = serializers.CharField(help_text="Its name in `answers`.")
    label = serializers.CharField(  # type: ignore[assignment] # a field of this name
        help_text="In the caller's language."
    )
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    category = serializers.CharField(allow_null=True, help_text="The code of the category where it is asked.")
    queue = serializers.CharField(
        allow_null=True, required=False, help_text="The code of the queue where it is asked; for the desk."
    )
    is_required = serializers.BooleanField()
    is_required_to_resolve = serializers.BooleanField()
    is_internal = serializers.BooleanField(help_text="Whether only the desk sees it.")
    options = serializers.ListField(child=serializers.CharField())

    @staticmethod
    def write_label(row: Any) -> str:
        return str(row)

    @staticmethod
    def write_category(row: Any) -> str | None:
        return row.category.code if row.category is not None else None

    @staticmethod
    def write_queue(row: Any) -> str | None:
        return row.queue.code if row.queue is not None else None

    @staticmethod
    def write_options(row: Any) -> list[str]:
        return list(row.asks.options)


class CriterionShape(Shape):
    """Something that is measured, or seen, and the priority that follows from it."""

    code = serializers.CharField(help_text="Its name in `values`.")
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    is_case = serializers.BooleanField(help_text="Whether it is answered with yes or no.")
    critical_above = serializers.CharField(allow_null=True, help_text="P1 above this.")
    high_above = serializers.CharField(allow_null=True, help_text="P2 above this.")
    medium_from = serializers.CharField(allow_null=True, help_text="P3 from this on, P4 below.")
    case_priority = serializers.ChoiceField(choices=Priority.choices, help_text="Of a case that is so.")

    @staticmethod
    def write_name(row: Any) -> str:
        return str(row.shown_name)

    @staticmethod
    def write_critical_above(row: Any) -> str | None:
        return _bound(row.critical_above)

    @staticmethod
    def write_high_above(row: Any) -> str | None:
        return _bound(row.high_above)

    @staticmethod
    def write_medium_from(row: Any) -> str | None:
        return _bound(row.medium_from)


def _bound(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


class AnnouncementShape(Shape):
    """Something that people are told."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True, help_text="Markdown.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class MeShape(KnownShape):
    """Who calls, and what they may do."""

    name = serializers.CharField(help_text="The address of whom only that is known.")
    is_integration = serializers.BooleanField()
    organizations = serializers.ListField(child=serializers.IntegerField(), help_text="Those that they belong to.")
    token = serializers.CharField(allow_null=True, help_text="The name of the token; null for a session.")
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Null: no limit.")
    queues = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Codes of the queues that the token is limited to."
    )
    expires_at = serializers.DateTimeField(allow_null=True)
