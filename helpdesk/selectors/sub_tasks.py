"""What has to be done for tickets, step by step."""

from django.db.models import F, QuerySet

from helpdesk.actors import Actor
from helpdesk.models import SubTask, Ticket
from helpdesk.permissions import Right
from helpdesk.prepared import prepared
from helpdesk.selectors.tickets import visible_to


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


def to_do(actor: Actor) -> QuerySet[SubTask]:
    """What the actor has to do on tickets that they work, the next day first; what has no day comes last."""
    mine = SubTask.objects.filter(assignee=actor.person, done_at__isnull=True, dropped_at__isnull=True)
    worked = visible_to(actor, Right.WORK).order_by()
    return mine.filter(ticket__in=worked).select_related("ticket").order_by(F("due_on").asc(nulls_last=True), "pk")
