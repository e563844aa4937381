"""Who works on a ticket."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.choices import MoveName, Status
from helpdesk.domain.events import Assigned, StatusChanged
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketEvent, User
from helpdesk.permissions import Right, may


@action
def assign(
    *,
    ticket: Ticket,
    to: User | None,
    seen_assignee_id: int | None,
    by: Actor,
    now: datetime,
) -> Ticket:
    """Give the ticket to somebody who may work it, or to nobody. A new ticket is thereby open.

    `seen_assignee_id` is who had it on the page that the actor looked at: of two who take a ticket at once the second
    is refused and told.
    """
    work = begin(ticket, by=by, now=now, right=Right.ASSIGN)
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
    if to is not None and not may(Actor(to, by.channel), Right.WORK, work.ticket):
        raise DomainError(
            _("%(name)s is in no team of this queue.") % {"name": to},
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
    return work.save()


def reassign(work: Work, to: User | None, cause: TicketEvent | None = None) -> TicketEvent:
    """The step that changes the assignee inside an action."""
    before = work.ticket.assignee_id
    work.change(assignee=to)
    return work.record(Assigned(from_id=before, to_id=to.pk if to else None), cause=cause)
