"""A list of tickets as its address says it: what it is narrowed to, and its order.

The pages of tickets carry the address's query of the list that they were opened from (`?list=…`), and find the next
and the previous ticket of it. The query is a stranger's word: it goes through the filter like any other.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict

from helpdesk.actors import Actor
from helpdesk.forms.desk_filter import TicketFilter
from helpdesk.models import Ticket
from helpdesk.selectors import paging

_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Listed:
    """The tickets of a list that the actor may see, and the order in which it shows them."""

    tickets: QuerySet[Ticket]
    order: paging.Order


def listed(query: str, actor: Actor) -> Listed:
    """The list of this query (`status=all&order=urgent`); the list that is shown first where it says nothing."""
    asked = QueryDict(query if len(query) <= _LONGEST else "")
    return Listed(TicketFilter(asked, actor).qs, order_of(asked))


def order_of(asked: QueryDict) -> paging.Order:
    """The order that the query names, or the first one."""
    return paging.DESK_ORDERS.get(asked.get("order", ""), paging.CHANGED)
