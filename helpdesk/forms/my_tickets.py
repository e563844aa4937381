"""What the list of one's tickets is narrowed to, as its address says it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from helpdesk.domain.words import MAX_SUBJECT, clean_line
from helpdesk.models import Ticket
from helpdesk.selectors import tickets
from helpdesk.selectors.my_tickets import MINE, STATES, State, Whose
from helpdesk.selectors.paging import NEWS, PORTAL_ORDERS, Order


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Words, a state, whose tickets, and the order. What an address says wrongly counts as not said."""

    q: str
    state: State
    whose: Whose
    order: Order

    @classmethod
    def of(cls, typed: QueryDict, choices: Sequence[Whose]) -> Self:
        """What the address says, of what the reader can choose from."""
        own = choices[0]
        return cls(
            q=clean_line(typed.get("q", ""))[:MAX_SUBJECT],
            state=STATES.get(typed.get("state", ""), STATES[""]),
            whose=next((one for one in choices if one.name == typed.get("whose", "")), own),
            order=PORTAL_ORDERS.get(typed.get("order", ""), NEWS),
        )

    def applied(self) -> QuerySet[Ticket]:
        """The tickets that it leaves."""
        return self._applied_to(self.whose.tickets)

    def parts(self) -> tuple[QuerySet[Ticket], ...]:
        """The same for a page, of which the first rows of each part are found along its index."""
        return tuple(self._applied_to(part) for part in self.whose.parts or (self.whose.tickets,))

    def _applied_to(self, rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
        found = rows.filter(self.state.condition)
        return tickets.matching(found, self.q, with_words=self.whose.is_small) if self.q else found

    @property
    def is_own(self) -> bool:
        """Whether these are all that the reader asked for themselves in a state."""
        return not self.q and self.whose.name == MINE

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out of the reader's own tickets, or looks at others."""
        return bool(self.q or self.state.name or self.whose.name)

    @property
    def query(self) -> str:
        """It as the query of an address; empty where nothing is said."""
        order = "" if self.order is NEWS else self.order.name
        said = {"q": self.q, "state": self.state.name, "whose": self.whose.name, "order": order}
        return urlencode({name: value for name, value in said.items() if value})

    def but(self, **changes: Any) -> str:
        """The query of an address that differs from this one in these."""
        return replace(self, **changes).query
