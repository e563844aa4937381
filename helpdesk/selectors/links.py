"""How a ticket stands to others, as far as its reader may know it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Relation
from helpdesk.domain.relations import seen
from helpdesk.models import Ticket, TicketLink
from helpdesk.prepared import prepared
from helpdesk.selectors.tickets import visible_to


@dataclass(frozen=True, slots=True)
class Linked:
    """All that stand to a ticket in one way. Of those that the reader does not see only that there are so many."""

    relation: Relation
    tickets: Sequence[Ticket]
    hidden: int

    @property
    def unsolved(self) -> list[Ticket]:
        """Those that are not solved."""
        return [ticket for ticket in self.tickets if not ticket.is_solved]


def links_of(actor: Actor, ticket: Ticket) -> list[Linked]:
    """The ticket's links by relation: one query, and another one where there are any."""
    found: dict[Relation, list[int]] = {}
    for link in _links(ticket.pk):
        is_source = link.source_id == ticket.pk
        found.setdefault(seen(link.kind, as_source=is_source), []).append(
            link.target_id if is_source else link.source_id
        )
    others = tickets_by_id(actor, {pk for ids in found.values() for pk in ids})
    made = []
    for relation in Relation:
        ids = found.get(relation, [])
        shown = [others[pk] for pk in ids if pk in others]
        if ids:
            made.append(Linked(relation, shown, len(ids) - len(shown)))
    return made


@prepared
def _links(ticket: int) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)).order_by("pk")


def tickets_by_id(actor: Actor, ids: Collection[int]) -> dict[int, Ticket]:
    """Those of these tickets that the actor may see."""
    return {ticket.pk: ticket for ticket in visible_to(actor).filter(pk__in=ids)} if ids else {}
