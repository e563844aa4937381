"""What people can choose from."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from helpdesk.models import Category, Queue


def open_categories() -> QuerySet[Category]:
    """The categories that a new ticket can have, in their order; `is_private` where only some teams see its tickets."""
    restricted = Category.restricted_to.through.objects.filter(category=OuterRef("pk"))
    rows = Category.objects.filter(is_active=True, queue__is_active=True).annotate(is_private=Exists(restricted))
    return rows.select_related("queue")


def open_queues() -> QuerySet[Queue]:
    """The queues that a ticket can go to: all in use, also those whose tickets the sender does not see."""
    return Queue.objects.filter(is_active=True).order_by("name")


def default_queue() -> Queue | None:
    """The queue of what has no topic."""
    return Queue.objects.filter(is_default=True).first()


def described(row: object) -> str:
    """A row's name; whoever files a ticket under a private category is told so before."""
    return _("%(name)s (private)") % {"name": row} if getattr(row, "is_private", False) else str(row)
