"""What people can choose from."""

from django.db.models import QuerySet

from helpdesk.models import Category


def open_categories() -> QuerySet[Category]:
    """The categories that a new ticket can have, in their order."""
    return Category.objects.filter(is_active=True, queue__is_active=True).select_related("queue")
