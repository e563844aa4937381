"""What the desk's pages show beside the tickets themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, QuerySet, Subquery, Value, When

from helpdesk.actors import Actor
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.keeping import kept
from helpdesk.models import CustomField, Delivery, Queue, Ticket, User
from helpdesk.permissions import ANYBODY, Right, Scope, overseen, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import catalogue
from helpdesk.selectors.counts import counted, ids_up_to
from helpdesk.selectors.tickets import newest_words, visible_to, with_tags

_LATEST: Final = 5
_NEAREST: Final = 3
# More than anybody counts.
MANY: Final = 100


def rows(actor: Actor, ids: Sequence[int]) -> list[Ticket]:
    """These tickets with what a row of the list shows, which is of tickets whose notes its reader reads.

    Who oversees what is private reads what was said there by opening it, which goes on record.
    """
    return with_tags(_shown(ids, barred=overseen(actor)))


@prepared
def _shown(ids: Sequence[int], *, barred: frozenset[int]) -> QuerySet[Ticket]:
    shown = Ticket.objects.filter(pk__among=ids)
    words: Subquery | Case = newest_words(with_notes=True)
    if barred:
        words = Case(When(category__in=sorted(barred), then=Value("")), default=words)
    people = shown.select_related("requester", "organization", "tier", "assignee", "waits__partner")
    return people.annotate(last_words=words)


def queues_of(actor: Actor) -> QuerySet[Queue]:
    """The queues whose tickets the actor sees."""
    seen = scope(actor, Right.VIEW).worked_queue_ids
    queues = Queue.objects.order_by("name")
    return queues if seen is None else queues.filter(pk__in=seen)


def seen_queues(actor: Actor) -> list[Queue]:
    """The same as rows to be shown."""
    seen = scope(actor, Right.VIEW).worked_queue_ids
    return [queue for queue in catalogue.queues() if seen is None or queue.pk in seen]


def fields_of(actor: Actor) -> list[CustomField]:
    """The questions that are asked in the queues whose tickets the actor sees; also those not asked any more."""
    seen = scope(actor, Right.VIEW).worked_queue_ids
    fields = kept(
        "questions", lambda: list(CustomField.objects.select_related("category", "queue").order_by("label", "pk"))
    )
    return [field for field in fields if seen is None or _queue_id_of(field) in seen]


def _queue_id_of(field: CustomField) -> int | None:
    return field.category.queue_id if field.category else field.queue_id


@dataclass(frozen=True, slots=True)
class RequesterCard:
    """Who asked, and what else they asked, as far as the reader may see it."""

    person: User
    tickets: Sequence[Ticket]
    unsolved: int
    unsolved_of_organization: int


def requester_card(actor: Actor, ticket: Ticket) -> RequesterCard:
    """The card beside a ticket: the requester's latest other tickets, and how many are unsolved, up to a hundred."""
    held = scope(actor, Right.READ_NOTES).of(ANYBODY)
    asked = (actor.person_id, ticket.pk, ticket.requester_id)
    return RequesterCard(
        ticket.requester,
        list(_others(*asked, held=held)),
        *counted(
            [
                _unsolved(*asked, held=held, by="requester"),
                _unsolved(*asked[:2], ticket.organization_id, held=held, by="organization"),
            ]
        ),
    )


@prepared
def _unsolved(person: int, ticket: int, whose: int | None, *, held: Scope, by: str) -> QuerySet[Ticket, Any]:
    others = Ticket.objects.filter(held.of(person).as_q(), **{by: whose}).exclude(pk=ticket)
    return ids_up_to(others.exclude(status__in=sorted(SOLVED)), MANY)


@prepared
def _others(person: int, ticket: int, requester: int, *, held: Scope) -> QuerySet[Ticket]:
    others = Ticket.objects.filter(held.of(person).as_q(), requester=requester).exclude(pk=ticket)
    shown = others.only("number", "subject", "status", "category", "updated_at")
    return shown.order_by("-updated_at", "-pk")[:_LATEST]


def unsolved_of(actor: Actor, person: User) -> list[Ticket]:
    """The latest tickets of somebody that are not solved, of those that the actor may see: what a call may be about."""
    own = visible_to(actor).filter(requester=person).exclude(status__in=sorted(SOLVED))
    return list(own.order_by("-updated_at", "-pk")[:_NEAREST])


def deliveries_of(ticket: Ticket) -> QuerySet[Delivery]:
    """What left, or shall leave, because of the ticket."""
    return _deliveries(ticket.pk)


@prepared
def _deliveries(ticket: int) -> QuerySet[Delivery]:
    # What other systems are told stands in the log of their webhook.
    rows = Delivery.objects.filter(ticket=ticket, webhook__isnull=True)
    return rows.select_related("recipient").defer("payload").order_by("pk")


def refs(actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """The references of those of the tickets that the actor may see, by id."""
    return {ticket.pk: ticket.ref for ticket in visible_to(actor).filter(pk__in=ids).only("pk", "number")}
