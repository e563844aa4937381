"""What has to be done for tickets, step by step."""

from django.db.models import F, QuerySet

from helpdesk.actors import Actor
from helpdesk.models import SubTask, Ticket
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import prepared


def sub_tasks_of(ticket: Ticket) -> QuerySet[SubTask]:
    """What was and is to be done for the ticket, in the order in which it was written down: for those who work here."""
    return _of(ticket.pk)


@prepared
def _of(ticket: int) -> QuerySet[SubTask]:
    return SubTask.objects.filter(ticket=ticket, dropped_at=None).select_related("assignee").order_by("pk")


def holding(ticket: Ticket) -> QuerySet[SubTask]:
    """What has to be done before the ticket is resolved."""
    return SubTask.objects.filter(
        ticket=ticket, holds_resolution=True, done_at__isnull=True, dropped_at__isnull=True
    ).order_by("pk")


def to_do(actor: Actor, most: int) -> QuerySet[SubTask]:
    """What the actor has to do on tickets that they work, the next day first; what has no day comes last."""
    return _to_do(actor.person_id, held=scope(actor, Right.WORK).of(ANYBODY), most=most)


@prepared
def _to_do(person: int, *, held: Scope, most: int) -> QuerySet[SubTask]:
    mine = SubTask.objects.filter(assignee=person, done_at__isnull=True, dropped_at__isnull=True)
    worked = mine.filter(ticket__in=Ticket.objects.filter(held.of(person).as_q()))
    return worked.select_related("ticket").order_by(F("due_on").asc(nulls_last=True), "pk")[:most]
