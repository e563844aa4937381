"""What people can choose from."""

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from helpdesk.keeping import kept
from helpdesk.models import Category, Kind, Queue, Ticket, Tier
from helpdesk.prepared import prepared


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


def topics() -> Sequence[Category]:
    """The same as rows to be shown."""
    return kept("topics", lambda: list(open_categories()))


def queues() -> Sequence[Queue]:
    """All queues by name, also those that are not in use."""
    return kept("queues", lambda: list(Queue.objects.order_by("name")))


def tiers() -> Sequence[Tier]:
    """All tiers from the lowest up, also those that are not in use."""
    return kept("tiers", lambda: list(Tier.objects.all()))


def tier_up_to(level: int) -> Tier | None:
    """The highest tier in use that is not above this level."""
    return next(iter(_tiers_up_to(level)), None)


@prepared
def _tiers_up_to(level: int) -> QuerySet[Tier]:
    return Tier.objects.filter(level__lte=level, is_active=True).order_by("-level")[:1]


def kinds() -> Sequence[Kind]:
    """All kinds in their order, also those that are not in use."""
    return kept("kinds", lambda: list(Kind.objects.all()))


def categories() -> Sequence[Category]:
    """All categories in their order, also those that are not in use."""
    return kept("categories", lambda: list(Category.objects.all()))


def placed(ticket: Ticket) -> Ticket:
    """The same with the rows of the set-up that it stands under: joins with all of them take longer than the rest."""
    return all_placed([ticket])[0]


def all_placed(tickets: Sequence[Ticket]) -> Sequence[Ticket]:
    """The same for several; each kind of row is looked up once."""
    places: Mapping[str, Callable[[], Sequence[Model]]] = {
        "queue": queues, "tier": tiers, "kind": kinds, "category": categories,
    }  # fmt: skip
    for name, rows in places.items():
        if any(getattr(ticket, f"{name}_id") for ticket in tickets):
            known = {row.pk: row for row in rows()}
            for ticket in tickets:
                if (row := known.get(getattr(ticket, f"{name}_id"))) is not None:
                    setattr(ticket, name, row)
    return tickets
