"""How a ticket stands to others, as far as its reader may know it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from helpdesk.actors import Actor
from helpdesk.choices import Relation
from helpdesk.domain.references import PROBLEM, parse_ref
from helpdesk.domain.relations import seen
from helpdesk.models import Problem, Ticket, TicketLink
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import problems
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


def tell_hidden(actor: Actor, tickets: Sequence[Ticket]) -> None:
    """Note on each of these tickets, which the actor reads, in `hidden_relatives` which of `follows`, `merged_into` and
    `problem` lead to what they may not see: one query, and none where nothing leads to a ticket.
    """
    others = {pk for one in tickets for pk in (one.follows_id, one.merged_into_id) if pk is not None}
    seen = seen_among(actor, others)
    for one in tickets:
        led = {"follows": one.follows_id, "merged_into": one.merged_into_id}
        hidden = {name for name, pk in led.items() if pk is not None and pk not in seen}
        if one.problem is not None and not problems.sees(actor, one.problem):
            hidden.add("problem")
        vars(one)["hidden_relatives"] = frozenset(hidden)


def sees_named(actor: Actor, tickets: Collection[str], problem: str | None) -> bool:
    """Whether the actor sees all that have these references, as who reads a ticket that leads to them."""
    numbers = {parse_ref(ref) or 0 for ref in tickets}
    ids = set(Ticket.objects.filter(number__in=numbers).values_list("pk", flat=True)) if numbers else set()
    if ids - seen_among(actor, ids):
        return False
    row = None if problem is None else Problem.objects.filter(number=parse_ref(problem, PROBLEM) or 0).first()
    return row is None or problems.sees(actor, row)


def seen_among(actor: Actor, ids: Collection[int]) -> frozenset[int]:
    """The ids of those of these tickets that the actor may see."""
    if not ids:
        return frozenset()
    return frozenset(pk for (pk,) in _seen(actor.person_id, list(ids), held=scope(actor, Right.VIEW).of(ANYBODY)))


@prepared
def _seen(person: int, ids: Sequence[int], *, held: Scope) -> QuerySet[Ticket, tuple[int]]:
    return Ticket.objects.filter(held.of(person).as_q(), pk__among=ids).values_list("pk")


def tickets_by_id(actor: Actor, ids: Collection[int]) -> dict[int, Ticket]:
    """Those of these tickets that the actor may see."""
    return {ticket.pk: ticket for ticket in visible_to(actor).filter(pk__in=ids)} if ids else {}
