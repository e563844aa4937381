"""Minutes spent on a ticket: entered with words or alone, and corrected by counter entries."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _once
from helpdesk.actions._base import action
from helpdesk.actions._once import Submission
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.domain.words import clean_line
from helpdesk.domain.work_events import TimeCorrected, TimeSpent
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message, Ticket, TimeEntry
from helpdesk.models.times import MOST_MINUTES
from helpdesk.permissions import Right

_MOST_WORDS = 200


@action
def spend_time(
    *, ticket: Ticket, minutes: int, what: str, by: Actor, now: datetime, submission: Submission | None = None
) -> Ticket:
    """Enter minutes of the actor's own, with a word on what they were for."""
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    work = begin(ticket, by=by, now=now, right=Right.WRITE_NOTES)
    spend(work, minutes, what)
    return _once.settle(key, work.save())


def spend(work: Work, minutes: int, what: str = "", message: Message | None = None) -> None:
    """The step that enters the actor's minutes inside an action, with the message that they went into."""
    work.require(Right.WRITE_NOTES)
    if not 1 <= minutes <= MOST_MINUTES:
        raise DomainError(
            _("Write minutes between 1 and %(limit)d; more than a day is more than one entry.")
            % {"limit": MOST_MINUTES},
            Code.WRONG,
            field="minutes",
        )
    words = clean_line(what)
    if len(words) > _MOST_WORDS:
        raise DomainError(
            _("This has %(count)d characters; there is room for %(limit)d.")
            % {"count": len(words), "limit": _MOST_WORDS},
            Code.WRONG,
            field="what",
        )
    entry = TimeEntry.objects.create(
        ticket=work.ticket,
        person=work.by.person,
        message=message,
        minutes=minutes,
        what=words,
        created_at=work.now,
    )
    work.change(minutes_spent=work.ticket.minutes_spent + minutes)
    work.record(TimeSpent(entry.pk, minutes))


@action
def correct_time(*, entry: TimeEntry, by: Actor, now: datetime) -> Ticket:
    """Take an entry of one's own back by a counter entry; a second time changes nothing."""
    work = begin(Ticket(pk=entry.ticket_id), by=by, now=now, right=Right.WRITE_NOTES)
    row = TimeEntry.objects.select_for_update().get(pk=entry.pk, ticket=work.ticket)
    if row.person_id != by.person.pk:
        raise DomainError(_("Only whose time it is can take it back."), Code.FORBIDDEN)
    if row.corrects_id is not None or TimeEntry.objects.filter(corrects=row).exists():
        return work.ticket
    counter = TimeEntry.objects.create(
        ticket=work.ticket, person=row.person, minutes=-row.minutes, corrects=row, created_at=now
    )
    work.change(minutes_spent=work.ticket.minutes_spent - row.minutes)
    work.record(TimeCorrected(counter.pk, row.pk, counter.minutes))
    return work.save()
