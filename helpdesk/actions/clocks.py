"""What has come due on clocks, and what people do to them by hand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.actions._base import action
from helpdesk.actions._cycles import MARKED_BY, MARKS, put_mark
from helpdesk.actions._rows import write_back
from helpdesk.actions._steps import tell_due
from helpdesk.actions._work import begin
from helpdesk.actors import Actor
from helpdesk.domain.clock_events import Acknowledged, PolicyChosen
from helpdesk.errors import Code, DomainError
from helpdesk.models import SLACycle, SLAPolicy, Ticket
from helpdesk.permissions import Right
from helpdesk.prepared import prepared

# Of one clock a sweep moves these alone.
_MOVED: Final = ("next_due_at", "steps_done", "breached_at")


def sweep(*, now: datetime, limit: int) -> int:
    """Put on record what has come due on clocks, of at most `limit` tickets. Returns of how many.

    Many sweeps at once share the tickets among themselves; one that somebody holds is left for the next time.
    """
    due = SLACycle.objects.filter(next_due_at__lt=now).order_by("next_due_at", "ticket")
    tickets = dict.fromkeys(due.values_list("ticket", flat=True)[:limit])
    return _sweep(ticket_ids=list(tickets), now=now) if tickets else 0


@action
def _sweep(*, ticket_ids: Sequence[int], now: datetime) -> int:
    tickets = {ticket.pk: ticket for ticket in _held(ticket_ids)}
    due = list(_due(list(tickets), now))
    cycles = defaultdict[int, list[SLACycle]](list)
    for cycle in (*due, *_beside(list(tickets), now)):
        cycle.ticket = tickets[cycle.ticket_id]
        cycles[cycle.ticket_id].append(cycle)
    fired = tell_due(due, now=now)
    moved = {id(one.cycle): one.cycle for one in fired}
    write_back(moved.values(), _MOVED)
    changed = {one.cycle.ticket_id for one in fired}
    for pk in changed:
        put_mark(tickets[pk], cycles[pk])
    # Nobody did anything: the ticket's last change stays what it was.
    write_back([tickets[pk] for pk in changed], ("version", *MARKS))
    return len(changed)


@prepared
def _held(ids: Sequence[int]) -> QuerySet[Ticket]:
    rows = Ticket.objects.select_for_update(skip_locked=True).filter(pk__among=ids).order_by("pk")
    return rows.only("version", "acknowledged_at", *MARKS)


@prepared
def _due(tickets: Sequence[int], now: datetime) -> QuerySet[SLACycle]:
    rows = SLACycle.objects.filter(ticket__among=tickets, stopped_at__isnull=True, next_due_at__lt=now)
    return rows.order_by("ticket", "pk")


@prepared
def _beside(tickets: Sequence[int], now: datetime) -> QuerySet[SLACycle]:
    """The other clocks of the tickets: only what the ticket's columns follow from."""
    rows = SLACycle.objects.filter(ticket__among=tickets, stopped_at__isnull=True).exclude(next_due_at__lt=now)
    return rows.order_by("ticket", "pk").only("ticket", *MARKED_BY)


@action
def acknowledge(*, ticket: Ticket, by: Actor, now: datetime) -> Ticket:
    """Say that somebody of the desk has seen the ticket: the ladder stops. Said twice, it counts once."""
    work = begin(ticket, by=by, now=now, right=Right.ACKNOWLEDGE)
    if work.ticket.acknowledged_at is not None:
        return work.ticket
    if work.ticket.is_solved:
        raise DomainError(_("This ticket is solved; there is nothing to acknowledge."), Code.ILLEGAL_MOVE)
    work.change(acknowledged_at=now)
    work.record(Acknowledged())
    return work.save()


@action
def choose_policy(
    *, ticket: Ticket, chosen: bool, policy: SLAPolicy | None, by: Actor, now: datetime, seen: str | None = None,
    expected_version: int | None = None,
) -> Ticket:  # fmt: skip
    """Say by hand what the ticket is promised: `chosen` with a policy, or without one for nothing at all.

    Not `chosen` leaves it to the rules again. `seen` is the choice that the page showed, as `choice_of` writes it.
    """
    work = begin(ticket, by=by, now=now, right=Right.CHOOSE_POLICY, expected_version=expected_version)
    if seen is not None and seen != choice_of(work.ticket):
        raise DomainError(_("Somebody chose another policy meanwhile."), Code.STALE, field="policy")
    if policy is not None and not (
        chosen and SLAPolicy.objects.filter(pk=policy.pk, is_active=True, versions__valid_from__lte=now).exists()
    ):
        raise DomainError(_("“%(name)s” is not in use.") % {"name": policy}, Code.WRONG, field="policy")
    policy_id = None if policy is None else policy.pk
    if (chosen, policy_id) == (work.ticket.sla_chosen, work.ticket.sla_policy_id):
        return work.ticket
    work.refuse_solved("policy")
    work.change(sla_chosen=chosen, sla_policy=policy)
    work.record(PolicyChosen(chosen, policy_id))
    return work.save()


def choice_of(ticket: Ticket) -> str:
    """What was chosen by hand: `rules`, `none`, or the id of a policy."""
    if not ticket.sla_chosen:
        return "rules"
    return "none" if ticket.sla_policy_id is None else str(ticket.sla_policy_id)
