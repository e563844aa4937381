"""Numbers of tickets, as far as they are cheap: each group of them in one query along the index of unsolved ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from helpdesk.actors import Actor
from helpdesk.domain.lifecycle import UNSOLVED
from helpdesk.models import Ticket
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import ask, prepared, sql_of


def unsolved_by(actor: Actor, *columns: str) -> list[Mapping[str | int, int]]:
    """How many unsolved tickets the actor sees for each value of each column; all of them in one query."""
    numbers: list[dict[str | int, int]] = [{} for _column in columns]
    for row in unsolved_groups(actor, columns):
        for column, found in zip(columns, numbers, strict=True):
            found[row[column]] = found.get(row[column], 0) + row["count"]
    return [*numbers]


def unsolved_groups(actor: Actor, columns: tuple[str, ...]) -> QuerySet[Ticket, dict[str, Any]]:
    """How many unsolved tickets the actor sees for each combination of these columns, as `count`."""
    return _groups(actor.person_id, held=scope(actor, Right.READ_NOTES).of(ANYBODY), columns=columns)


@prepared
def _groups(person: int, *, held: Scope, columns: tuple[str, ...]) -> QuerySet[Ticket, dict[str, Any]]:
    rows = Ticket.objects.filter(held.of(person).as_q(), status__in=sorted(UNSOLVED))
    groups: QuerySet[Ticket, dict[str, Any]] = rows.values(*columns).annotate(count=Count("pk")).order_by()
    return groups


def ids_up_to(tickets: QuerySet[Ticket], most: int) -> QuerySet[Ticket, Any]:
    """The ids of the tickets, in no order, up to a number that says "more than anybody counts"."""
    return tickets.order_by().values("pk")[:most]


def counted(lists: Sequence[QuerySet[Ticket, Any]]) -> list[int]:
    """How long each of the lists is; all in one query."""
    parts, values = [], list[object]()
    for tickets in lists:
        if (told := sql_of(tickets)) is None:
            parts.append("0")
        else:
            text, given = told
            parts.append(f"(SELECT count(*) FROM ({text}) AS listed)")  # noqa: S608 - Django's own words
            values.extend(given)
    (numbers,) = ask(f"SELECT {', '.join(parts)}", values)
    return list(numbers)
