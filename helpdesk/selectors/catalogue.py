"""What people can choose from."""

from django.db.models import QuerySet

from helpdesk.models import Category, CustomField, FieldValue, Ticket


def open_categories() -> QuerySet[Category]:
    """The categories that a new ticket can have, in their order."""
    return Category.objects.filter(is_active=True, queue__is_active=True).select_related("queue")


def questions_of(category: Category) -> list[CustomField]:
    """What the form asks about this topic, in order."""
    return list(CustomField.objects.filter(category=category, is_active=True))


def answers_of(ticket: Ticket) -> list[FieldValue]:
    """What was answered about the ticket, with the questions and in their order; also those not asked any more."""
    values = FieldValue.objects.filter(ticket=ticket).select_related("field")
    return list(values.order_by("field__position", "field_id"))
