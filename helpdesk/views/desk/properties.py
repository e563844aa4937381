"""The properties of a ticket that are chosen from a list on its page: each with its choices and its action."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from helpdesk.actions import properties
from helpdesk.choices import Priority
from helpdesk.errors import Text
from helpdesk.forms.desk import PropertyForm
from helpdesk.models import Category, Kind, Queue, Ticket
from helpdesk.permissions import Right
from helpdesk.selectors import catalogue

_NONE: Final = (0, gettext_lazy("None"))


@dataclass(frozen=True, slots=True)
class Property:
    """One of them. Its values are numbers: ids of rows, or the priority itself; 0 is none.

    `rows` are the rows that can be chosen, without those for a property that has none.
    """

    name: str
    label: Text
    right: Right
    act: Callable[..., Ticket]
    rows: Callable[[Ticket], Sequence[Any]] | None = None
    may_be_none: bool = False

    def current(self, ticket: Ticket) -> int:
        """The value that the ticket has."""
        return getattr(ticket, self.name if self.rows is None else f"{self.name}_id") or 0

    def choices(self, ticket: Ticket) -> list[tuple[int, Any]]:
        """What can be chosen, with what the ticket has, also where that is not in use any more."""
        if self.rows is None:
            return list(Priority.choices)
        here = getattr(ticket, self.name)
        found = [(row.pk, catalogue.described(row)) for row in self.rows(ticket)]
        if here is not None and here.pk not in dict(found):
            found.insert(0, (here.pk, str(here)))
        return [_NONE, *found] if self.may_be_none else found

    def target(self, ticket: Ticket, value: int) -> Any:
        """What the action wants for a chosen value."""
        if self.rows is None:
            return value
        candidates = [getattr(ticket, self.name), *self.rows(ticket)]
        return next((row for row in candidates if row is not None and row.pk == value), None)

    def form(self, ticket: Ticket, data: Any = None) -> PropertyForm:
        """The form of this property for a ticket."""
        current = self.current(ticket)
        return PropertyForm(
            data,
            name=self.name,
            label=self.label,
            choices=self.choices(ticket),
            initial={self.name: current, "seen": current},
        )


def _queues(_ticket: Ticket) -> Sequence[Queue]:
    return [queue for queue in catalogue.queues() if queue.is_active]


def _categories(_ticket: Ticket) -> Sequence[Category]:
    return catalogue.topics()


def _kinds(_ticket: Ticket) -> Sequence[Kind]:
    return [kind for kind in catalogue.kinds() if kind.is_active]


PROPERTIES: Final = {
    one.name: one
    for one in (
        Property("priority", gettext_lazy("Priority"), Right.WORK, properties.set_priority),
        Property("queue", gettext_lazy("Queue"), Right.ASSIGN, properties.set_queue, _queues),
        Property(
            "category", gettext_lazy("Category"), Right.WORK, properties.set_category, _categories, may_be_none=True
        ),
        Property("kind", gettext_lazy("Kind"), Right.WORK, properties.set_kind, _kinds, may_be_none=True),
    )
}
