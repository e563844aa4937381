"""What people can choose from."""

from django.db.models import Exists, OuterRef, QuerySet

from helpdesk.models import Category


def open_categories() -> QuerySet[Category]:
    """The categories that a new ticket can have, in their order; `is_private` where only some teams see its tickets."""
    restricted = Category.restricted_to.through.objects.filter(category=OuterRef("pk"))
    rows = Category.objects.filter(is_active=True, queue__is_active=True).annotate(is_private=Exists(restricted))
    return rows.select_related("queue")
