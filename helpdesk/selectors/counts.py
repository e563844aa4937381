"""Numbers of tickets, as far as they are cheap: each group of them in one query along the index of unsolved ones."""

from collections.abc import Mapping

from django.db.models import Count, QuerySet

from helpdesk.actors import Actor
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.models import Ticket
from helpdesk.selectors.tickets import visible_to


def unsolved(actor: Actor) -> QuerySet[Ticket]:
    """What the actor sees that is not solved."""
    return visible_to(actor).filter(status__in=sorted(UNSOLVED))


def unsolved_by(actor: Actor, column: str) -> Mapping[str | int, int]:
    """How many unsolved tickets the actor sees for each value of a column."""
    rows = unsolved(actor).values(column).annotate(count=Count("pk")).order_by()
    return {row[column]: row["count"] for row in rows}
