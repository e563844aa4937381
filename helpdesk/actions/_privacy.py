"""What follows for those on a ticket when another circle of people may see it."""

from helpdesk.actions._work import Work
from helpdesk.actions.assignment import let_go, reassign
from helpdesk.actions.watching import drop
from helpdesk.actors import Actor
from helpdesk.models import Category, TicketEvent, User, Watcher
from helpdesk.permissions import Right, may
from helpdesk.selectors.privacy import is_private


def draw_circle(work: Work, before: Category | None, cause: TicketEvent) -> None:
    """The step after a ticket got another category: who may not see it any more has no hand in it and is told no more.

    Their mails that wait are not wanted any more, which is asked when they would leave.
    """
    withdraw(work, cause)
    if not is_private(work.ticket) or _teams(before) == _teams(work.ticket.category):
        return
    watching = Watcher.objects.filter(ticket=work.ticket)
    # Who was let in among other people was let in to another circle.
    watching.update(admitted=False)
    for who in User.objects.filter(pk__in=watching.values("user")).order_by("pk"):
        if not may(Actor(who, work.by.channel), Right.VIEW, work.ticket):
            drop(work, who, cause=cause)


def withdraw(work: Work, cause: TicketEvent | None = None) -> None:
    """The step that takes the ticket out of the hands of an assignee who may not work it any more."""
    assignee = work.ticket.assignee
    if assignee is None or may(Actor(assignee, work.by.channel), Right.WORK, work.ticket):
        return
    if work.ticket.is_solved:
        reassign(work, None, cause=cause)
    else:
        let_go(work, cause=cause)


def _teams(category: Category | None) -> set[int]:
    return set(category.restricted_to.values_list("pk", flat=True)) if category else set()
