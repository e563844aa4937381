"""Who works on a ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actions.watching import drop
from helpdesk.actors import Actor
from helpdesk.choices import MoveName, Status
from helpdesk.domain.events import Assigned, StatusChanged
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketEvent, User, Watcher
from helpdesk.permissions import Right, may
from helpdesk.selectors.privacy import is_private
from helpdesk.selectors.settings import desk_settings

# Of this desk's own choice; it only has to differ from those of other advisory locks.
_PLACES: Final = 0x57440002
_NOT_IN_TEAM: Final = _("%(name)s is in no team of this queue.")
_NOT_LET_IN: Final = _("%(name)s is in none of the teams that alone see tickets of this category.")


@action
def assign(
    *,
    ticket: Ticket,
    to: User | None,
    seen_assignee_id: int | None,
    by: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Give the ticket to somebody who may work it, or to nobody. A new ticket is thereby open.

    `seen_assignee_id` is who had it on the page that the actor looked at: of two who take a ticket at once the second
    is refused and told.
    """
    lock_places(alone=False)
    work = begin(ticket, by=by, now=now, right=Right.ASSIGN, expected_version=expected_version)
    current = work.ticket.assignee
    if to == current:
        # Also the second click of somebody who has it already by the first.
        return work.ticket
    if work.ticket.assignee_id != seen_assignee_id:
        raise DomainError(
            _("%(name)s took this ticket meanwhile.") % {"name": current}
            if current
            else _("Meanwhile nobody has this ticket any more."),
            Code.STALE,
            field="assignee",
        )
    if work.ticket.is_solved:
        raise DomainError(
            _("A solved ticket needs nobody; reopen it first."),
            Code.ILLEGAL_MOVE,
            field="assignee",
        )
    hand_to(work, to)
    return work.save()


def hand_to(work: Work, to: User | None) -> None:
    """The step that gives a ticket to somebody who may work it, or to nobody, inside an action."""
    if to is not None and to.is_integration:
        words = _("%(name)s is another system, and has no tickets in hand.")
        raise DomainError(words % {"name": to}, Code.WRONG, field="assignee")
    if to is not None and not may(Actor(to, work.by.channel), Right.WORK, work.ticket):
        raise DomainError(
            (_NOT_LET_IN if is_private(work.ticket) else _NOT_IN_TEAM) % {"name": to},
            Code.WRONG,
            field="assignee",
        )
    event = reassign(work, to)
    if to is not None and work.ticket.status == Status.NEW:
        work.move(MoveName.TRIAGE)
        work.record(
            StatusChanged(
                from_status=Status.NEW,
                to_status=work.ticket.status,
                move=MoveName.TRIAGE,
            ),
            cause=event,
        )


def lock_places(*, alone: bool) -> None:
    """Who is in which team stands still while somebody gets a ticket; who changes it does so alone.

    Otherwise somebody could be given a ticket at the very moment in which they leave its circle. Taken before any row.
    """
    with connection.cursor() as cursor:
        way = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        cursor.execute(f"SELECT {way}(%s)", [_PLACES])


def reassign(work: Work, to: User | None, cause: TicketEvent | None = None) -> TicketEvent:
    """The step that changes the assignee inside an action."""
    before = work.ticket.assignee_id
    work.change(assignee=to)
    return work.record(Assigned(from_id=before, to_id=to.pk if to else None), cause=cause)


def let_go(work: Work, cause: TicketEvent | None) -> None:
    """The step that gives the ticket out of its assignee's hands: nobody has it, and it is open for who comes next."""
    if work.ticket.assignee_id is not None:
        reassign(work, None, cause=cause)
    before = work.ticket.status
    if before != Status.OPEN:
        work.move(MoveName.HAND_OVER)
        work.record(StatusChanged(before, work.ticket.status, MoveName.HAND_OVER), cause=cause)


def lock_work_of(person: User, *, and_watched: bool) -> list[Ticket]:
    """What the person has in hand, and what they watch, locked: before anything of people is, as in every action."""
    wanted = Q(pk__in=_work_of(person).order_by().values("pk"))
    if and_watched:
        wanted |= Q(pk__in=Watcher.objects.filter(user=person).values("ticket"))
    return list(Ticket.objects.filter(wanted).select_for_update().order_by("pk"))


def release(tickets: Sequence[Ticket], person: User, *, by: Actor, now: datetime) -> None:
    """The step that takes these tickets from a person who leaves the desk. Both are locked by the caller.

    Nobody else finds a ticket among the work of somebody who does none; and what a colleague watched were other
    people's matters.
    """
    if _work_of(person).exclude(pk__in=[ticket.pk for ticket in tickets]).exists():
        raise DomainError(
            _("%(name)s got another ticket at this moment. Please try again.") % {"name": person},
            Code.STALE,
        )
    for ticket in tickets:
        work = Work(ticket, by, now, desk_settings())
        if ticket.assignee_id == person.pk and not ticket.is_solved:
            reassign(work, None)
        drop(work, person)
        work.save()


def _work_of(person: User) -> QuerySet[Ticket]:
    return Ticket.objects.filter(assignee=person).exclude(status__in=SOLVED)
