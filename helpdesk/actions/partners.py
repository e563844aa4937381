"""Tickets that wait on somebody outside, under the number that the matter has there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.domain.relation_events import PartnerAwaited
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import Partner, PartnerWait, Ticket, TicketEvent
from helpdesk.permissions import Right

MAX_REFERENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Wait:
    """On whom a ticket waits, and the reference that it has there, where one is known."""

    partner: Partner
    reference: str = ""


@action
def wait_on(*, ticket: Ticket, wait: Wait, by: Actor, now: datetime, expected_version: int | None = None) -> Ticket:
    """Say of a ticket that is on hold on whom it waits, or under which other reference."""
    work = begin(ticket, by=by, now=now, right=Right.WORK, expected_version=expected_version)
    if work.ticket.status != Status.ON_HOLD:
        raise DomainError(
            _("The ticket is not on hold any more. Put it on hold to wait for somebody."), Code.ILLEGAL_MOVE
        )
    begin_wait(work, wait)
    return work.save()


def begin_wait(work: Work, wait: Wait, cause: TicketEvent | None = None) -> None:
    """The step that lets a ticket on hold wait on a partner; the same again changes nothing."""
    reference = clean_line(wait.reference)
    if len(reference) > MAX_REFERENCE:
        raise DomainError(
            _("The reference has %(count)d characters; there is room for %(limit)d.")
            % {"count": len(reference), "limit": MAX_REFERENCE},
            Code.WRONG,
            field="partner_reference",
        )
    now_on = work.ticket.waits
    if now_on is not None and (now_on.partner_id, now_on.reference) == (wait.partner.pk, reference):
        return
    if not Partner.objects.filter(pk=wait.partner.pk, is_active=True).exists():
        raise DomainError(_("“%(name)s” is not in use any more.") % {"name": wait.partner}, Code.WRONG, field="partner")
    row = PartnerWait.objects.create(ticket=work.ticket, partner=wait.partner, reference=reference, began_at=work.now)
    work.change(waits=row)
    work.record(PartnerAwaited(wait.partner.pk, row.pk), cause=cause)
