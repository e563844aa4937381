"""The consumer that does what a policy says when a clock warns, is breached, or reaches a rung of the ladder."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.actions._work import Work
from helpdesk.actions.assignment import reassign
from helpdesk.actions.telling import Told, kind_of_delivery, tell
from helpdesk.actions.tiers import hand, next_tier
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, Deed, DeliveryChannel, Metric, Occasion, Priority, Reached, Role, TeamRole
from helpdesk.domain.clock_events import (
    ClockBreached,
    ClockWarned,
    LadderClimbed,
    LadderTold,
    OncallCalled,
    RungReached,
    UpdateOwed,
)
from helpdesk.domain.events import PriorityChanged
from helpdesk.domain.sla_rules import Act, Rules, Rung
from helpdesk.models import SLACycle, SLAStep, StaffRole, TeamMembership, Ticket, TicketEvent, User
from helpdesk.models.policies import rules_of
from helpdesk.permissions import Right, may
from helpdesk.registry import Consumer
from helpdesk.selectors.people import works_it
from helpdesk.selectors.settings import desk_settings

_OCCASIONS: Final = {
    ClockWarned.kind: Occasion.CLOCK_WARNED,
    ClockBreached.kind: Occasion.CLOCK_BREACHED,
    UpdateOwed.kind: Occasion.UPDATE_OWED,
    RungReached.kind: Occasion.LADDER,
    LadderClimbed.kind: Occasion.LADDER,
}
# What cannot wait until somebody's quiet hours are over.
_URGENT: Final = frozenset({Priority.P1, Priority.P2})
_PRESSING: Final = frozenset({ClockBreached.kind, RungReached.kind, LadderClimbed.kind})
_MANAGERS: Final = (Role.MANAGER, Role.HEAD_OF_SUPPORT)


def climb(event: TicketEvent, now: datetime) -> None:
    """Do what the policy says of the event, unless nobody has to do anything any more.

    People are told of the latest of several events that came to light at once; what is to be done is done for each.
    """
    ticket = Ticket.objects.select_for_update().get(pk=event.ticket_id)
    rules = rules_of(event.data["policy_version_id"])
    rung, told = _rung(rules, event), dict[int, frozenset[DeliveryChannel]]()
    if _is_over(event, ticket, rung):
        return
    work, before = Work(ticket, SYSTEM, now, desk_settings()), ticket.version
    for act in _acts(rules, event, rung):
        if act.deed is Deed.NOTIFY:
            if event.data["latest"]:
                told.update(_notify(ticket, reached_by(act, ticket), event, now))
        else:
            _do(work, act, event, now)
    is_changed = ticket.version != before
    _put_on_record(work, told, event)
    if is_changed:
        work.save()
    elif told:
        # Nobody did anything to the ticket: its last change stays what it was.
        ticket.save(update_fields=["version"])


def _is_over(event: TicketEvent, ticket: Ticket, rung: Rung | None) -> bool:
    """Whether the locked ticket has changed since, so that the event calls for nothing any more."""
    if ticket.merged_into_id is not None:
        return True
    if rung is not None and ticket.acknowledged_at is not None and not rung.despite_acknowledged:
        return True
    cycle = SLACycle.objects.get(pk=event.data["cycle_id"])
    if cycle.is_stopped or event.data["binding"] == cycle.binding:
        return cycle.is_stopped
    # The clock goes by another promise now: what came due holds if it did by that one too.
    steps = SLAStep.objects.filter(cycle=cycle)
    same = steps.filter(binding=event.data["binding"], event=event).values("key")
    return not steps.filter(binding=cycle.binding, key__in=same).exists()


def _put_on_record(work: Work, told: Told, event: TicketEvent) -> None:
    """Let the timeline say who was told, and how."""
    by_way = {way: sorted(pk for pk, ways in told.items() if way in ways) for way in DeliveryChannel}
    if any(by_way.values()):
        inbox, mail = by_way[DeliveryChannel.INBOX], by_way[DeliveryChannel.EMAIL]
        work.record(LadderTold(event.data["cycle_id"], inbox, mail), cause=event)


def _rung(rules: Rules, event: TicketEvent) -> Rung | None:
    return next((rung for rung in rules.rungs if rung.key == event.data.get("rung")), None)


def _acts(rules: Rules, event: TicketEvent, rung: Rung | None) -> Sequence[Act]:
    if event.kind == RungReached.kind:
        return rung.acts if rung else ()
    return {ClockWarned.kind: rules.warned, ClockBreached.kind: rules.breached, UpdateOwed.kind: rules.owed}[event.kind]


def _do(work: Work, act: Act, event: TicketEvent, now: datetime) -> None:
    ticket = work.ticket
    match act.deed:
        case Deed.RAISE_TIER:
            if next_tier(ticket, +1) is not None:
                hand(work, _reason(event), +1)
        case Deed.RAISE_PRIORITY:
            if ticket.priority > Priority.P1:
                work.record(PriorityChanged(ticket.priority, ticket.priority - 1), cause=event)
                work.change(priority=ticket.priority - 1)
        case Deed.REASSIGN:
            _give(work, act.ids, event)
        case Deed.CALL_ONCALL:
            work.record(OncallCalled(event.data["cycle_id"], event.data.get("rung", "")), cause=event)
        case Deed.CLIMB:
            _ask_management(work, act.ids, event, now)


def _reason(event: TicketEvent) -> str:
    """Why a ticket goes up, in the language of the desk."""
    with translation.override(settings.LANGUAGE_CODE):
        metric = Metric(event.data["metric"]).label
        return _("%(metric)s: the time of the SLA policy ran out, so this goes to the next tier.") % {"metric": metric}


def _give(work: Work, ids: Iterable[int], event: TicketEvent) -> None:
    """Give the ticket to the first of these people who is there and may work it."""
    people = User.objects.in_bulk(list(ids))
    for pk in ids:
        person = people.get(pk)
        if person is not None and person.is_active and may(Actor(person, Channel.DESK), Right.WORK, work.ticket):
            if work.ticket.assignee_id != pk:
                reassign(work, person, cause=event)
            return


def _ask_management(work: Work, ids: Sequence[int], event: TicketEvent, now: datetime) -> None:
    """Turn to the next step of management: the first that is named, then whom that one escalates to, and so on."""
    climbed = TicketEvent.objects.filter(
        ticket=work.ticket, kind=LadderClimbed.kind, data__cycle_id=event.data["cycle_id"]
    )
    last = climbed.order_by("-seq").values_list("data__role_id", flat=True).first()
    roles = StaffRole.objects.filter(is_active=True).select_related("primary", "backup")
    if last is None:
        role = roles.filter(pk=ids[0]).first() if ids else None
    else:
        role = roles.filter(pk__in=StaffRole.objects.filter(pk=last).values("escalates_to")).first()
    if role is None:
        return
    person = next((one for one in (role.primary, role.backup) if one is not None and one.is_active), None)
    climbing = LadderClimbed(event.data["cycle_id"], event.data.get("rung", ""), role.pk, person.pk if person else None)
    _notify(work.ticket, [person] if person else [], work.record(climbing, cause=event), now)


def _notify(ticket: Ticket, people: Iterable[User], event: TicketEvent, now: datetime) -> Told:
    """Tell those of the people who may read it. Returns whom, and how."""
    readers = [one for one in people if may(Actor(one.present, Channel.EMAIL), Right.READ_NOTES, ticket)]
    is_critical = event.kind in _PRESSING and ticket.priority in _URGENT
    return tell(readers, _OCCASIONS[event.kind], event, now=now, is_critical=is_critical)


def reached_by(act: Act, ticket: Ticket) -> list[User]:
    """Whom a notice reaches. Where nobody has the ticket, it reaches the team leads in the assignee's place."""
    active = User.objects.filter(is_active=True).order_by("pk")
    match act.reached:
        case Reached.ASSIGNEE if ticket.assignee is not None:
            return [ticket.assignee]
        case Reached.ASSIGNEE | Reached.TEAM_LEADS:
            leads = TeamMembership.objects.filter(
                works_it(ticket), Q(role=TeamRole.LEAD), is_active=True, team__is_active=True
            )
            return list(active.filter(pk__in=leads.values("user")))
        case Reached.MANAGERS:
            return list(active.filter(role__in=_MANAGERS))
        case _:
            return list(active.filter(pk__in=act.ids))


_KINDS: Final = (ClockWarned.kind, ClockBreached.kind, UpdateOwed.kind, RungReached.kind)
CONSUMER: Final = Consumer("ladder", frozenset(_KINDS), climb)
KINDS: Final = tuple(kind_of_delivery(kind) for kind in (*_KINDS, LadderClimbed.kind))
