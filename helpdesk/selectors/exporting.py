"""Long lists of tickets, read in pieces."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from helpdesk.models import CustomField, FieldValue, Ticket
from helpdesk.selectors import paging

BATCH: Final = 500


def ids_in_order(tickets: QuerySet[Ticket], order: paging.Order, most: int) -> "array[int]":
    """Which tickets are in the list now and in which order, up to so many: eight bytes for each.

    A list that is read along its order while others work would miss what moves and show it twice.
    """
    return array("q", order.sort(tickets).values_list("pk", flat=True)[:most].iterator(chunk_size=BATCH * 4))


def pieces(ids: "array[int]") -> Iterator["array[int]"]:
    """The ids in batches."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def in_order(tickets: QuerySet[Ticket], ids: Sequence[int]) -> list[Ticket]:
    """Those of the tickets that are among the ids, in their order: two queries, whatever a row shows."""
    rows = tickets.filter(pk__in=list(ids)).select_related(
        "requester", "organization", "queue", "tier", "assignee", "category", "kind"
    )
    return paging.in_order(rows.prefetch_related("tags"), ids)


def questions_on(tickets: QuerySet[Ticket], most: int) -> list[CustomField]:
    """The questions that were answered on some of the tickets, up to so many: one query."""
    answered = FieldValue.objects.filter(field=OuterRef("pk"), ticket__in=tickets.order_by().values("pk"))
    return list(CustomField.objects.filter(Exists(answered))[:most])


def answers_on(answers: QuerySet[FieldValue], ids: Sequence[int]) -> dict[int, list[FieldValue]]:
    """Those of the answers that were given on these tickets, with the questions, by ticket: one query."""
    found: dict[int, list[FieldValue]] = {}
    for answer in answers.filter(ticket__in=list(ids)).select_related("field", "person"):
        found.setdefault(answer.ticket_id, []).append(answer)
    return found
