"""A ticket climbs the tiers, or comes back down, one at a time and always with a reason."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _once
from helpdesk.actions._base import action
from helpdesk.actions._once import Submission
from helpdesk.actions._work import Work, begin
from helpdesk.actions.assignment import let_go
from helpdesk.actors import Actor
from helpdesk.choices import Purpose, Visibility
from helpdesk.domain.events import Deescalated, Escalated
from helpdesk.domain.first_tier import next_level
from helpdesk.domain.words import clean_text
from helpdesk.errors import Code, DomainError
from helpdesk.models import TeamMembership, Ticket, Tier
from helpdesk.permissions import Right
from helpdesk.selectors.people import works_it


@action
def escalate(
    *,
    ticket: Ticket,
    reason: str,
    by: Actor,
    now: datetime,
    expected_version: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """Hand the ticket to the next tier. Whoever does not work on that tier gives it out of their hands."""
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    work = begin(ticket, by=by, now=now, right=Right.ESCALATE, expected_version=expected_version)
    hand(work, reason, +1)
    return _once.settle(key, work.save())


@action
def deescalate(
    *,
    ticket: Ticket,
    reason: str,
    by: Actor,
    now: datetime,
    expected_version: int | None = None,
    submission: Submission | None = None,
) -> Ticket:
    """Hand the ticket back to the tier below."""
    key, earlier = _once.claim(by, submission)
    if earlier is not None:
        return earlier
    work = begin(ticket, by=by, now=now, right=Right.ESCALATE, expected_version=expected_version)
    hand(work, reason, -1)
    return _once.settle(key, work.save())


def hand(work: Work, reason: str, step: int) -> None:
    """The step that hands a ticket to the tier above (+1) or below (-1) inside an action, with the reason."""
    ticket = work.ticket
    if ticket.is_solved:
        raise DomainError(
            _("A solved ticket has no further tier; reopen it first."),
            Code.ILLEGAL_MOVE,
        )
    tier = next_tier(ticket, step)
    if tier is None:
        raise DomainError(
            _("There is no tier above this one.") if step > 0 else _("There is no tier below this one."),
            Code.ILLEGAL_MOVE,
        )
    reason = clean_text(reason)
    if not reason:
        raise DomainError(
            _("Write why, so that the next tier need not ask again."),
            Code.MISSING,
            field="text",
        )
    before = ticket.tier.level
    purpose = Purpose.ESCALATION if step > 0 else Purpose.DEESCALATION
    message = work.say(reason, Visibility.INTERNAL, purpose)
    work.change(tier=tier)
    kind = Escalated if step > 0 else Deescalated
    event = work.record(kind(from_tier=before, to_tier=tier.level, message_id=message.pk))
    if not _works_on(ticket, tier):
        let_go(work, cause=event)


def next_tier(ticket: Ticket, step: int) -> Tier | None:
    """The tier in use above (+1) or below (-1) that of the ticket, if there is one."""
    tiers = {tier.level: tier for tier in Tier.objects.filter(is_active=True)}
    level = next_level(tuple(tiers), ticket.tier.level, step)
    return None if level is None else tiers[level]


def _works_on(ticket: Ticket, tier: Tier) -> bool:
    places = TeamMembership.objects.filter(user=ticket.assignee_id, is_active=True, team__is_active=True)
    return places.filter(works_it(ticket), team__tier=tier).exists()
