"""What follows for those on a ticket when another circle of people may see it, or may work it."""

from datetime import datetime

from django.db.models import Q

from helpdesk.actions._work import Work
from helpdesk.actions.assignment import let_go, reassign
from helpdesk.actions.watching import drop
from helpdesk.actors import Actor
from helpdesk.domain.events import CategoryChanged
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.models import Category, Ticket, TicketEvent, User, Watcher
from helpdesk.permissions import Right, Scope, may, scope
from helpdesk.selectors.privacy import is_private
from helpdesk.selectors.settings import desk_settings


def draw_circle(work: Work, before: Category | None, cause: TicketEvent) -> None:
    """The step after a ticket got another category: who may not see it any more has no hand in it and is told no more.

    Their mails that wait are not wanted any more, which is asked when they would leave.
    """
    withdraw(work, cause)
    if is_private(work.ticket) and work.ticket.has_merged:
        keep_merged_private(Q(merged_into=work.ticket.pk), work.ticket.category, by=work.by, now=work.now)
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


def keep_merged_private(merged: Q, category: Category | None, *, by: Actor, now: datetime) -> None:
    """The step that files these tickets under the private category of the one into which they were merged.

    Their references lead to words that stand on that one now.
    """
    for ticket in Ticket.objects.select_for_update().filter(merged).exclude(category=category).order_by("pk"):
        work, before = Work(ticket, by, now, desk_settings()), ticket.category_id
        work.change(category=category)
        work.record(CategoryChanged(before, category.pk if category else None))
        work.save()


def take_from_outsiders(wanted: Q, *, by: Actor, now: datetime) -> None:
    """The step after the set-up changed who may work what: of these tickets nobody has one who may not work it now."""
    held = Ticket.objects.filter(wanted, assignee__isnull=False).exclude(status__in=SOLVED)
    works: dict[int, Scope] = {}
    for ticket in held.select_for_update().order_by("pk"):
        assignee = ticket.assignee
        if assignee is None:
            continue
        if assignee.pk not in works:
            works[assignee.pk] = scope(Actor(assignee, by.channel), Right.WORK)
        if not works[assignee.pk].covers(ticket):
            work = Work(ticket, by, now, desk_settings())
            let_go(work, cause=None)
            work.save()


def _teams(category: Category | None) -> set[int]:
    return set(category.restricted_to.values_list("pk", flat=True)) if category else set()
