"""What follows when a clock warns, is breached or reaches a rung of the ladder."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.actions import clocks, conversation, preferences
from helpdesk.actions.consumers import consume_due
from helpdesk.actors import SYSTEM
from helpdesk.choices import Deed, DeliveryChannel, Metric, Occasion, Priority, Reached, Role, TeamRole
from helpdesk.domain.sla_rules import Act, Rung
from helpdesk.models import Delivery, InboxEntry, Message, StaffRole, TeamMembership, Ticket, TicketEvent, User
from helpdesk.views.desk.stream import stream
from tests.factories import NOW, StaffRoleFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.actions.desk import Desk
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db


def rung(*acts: Act, key: str = "r", hours: float = 0.5, **more: Any) -> Rung:
    return Rung(key, Metric.FIRST_RESPONSE, frozenset({1, 2, 3, 4}), acts, after=HOUR * hours, **more)


def notify(reached: Reached, *ids: int) -> Act:
    return Act(Deed.NOTIFY, reached, ids)


class Ladder:
    """A ticket under a policy with this ladder, and the time let pass."""

    def __init__(self, desk: Desk, **rules: Any) -> None:
        self.desk = desk
        promise_all(make_policy(plain_rules(**rules)))
        self.ticket = make_ticket(desk.requester, desk.queue)
        consume_due(now=NOW, limit=100)

    def wait(self, until: datetime) -> None:
        clocks.sweep(now=until, limit=100)
        consume_due(now=until, limit=100)

    def now(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def told(self) -> set[tuple[str, str]]:
        """Who was told in their inbox or by mail, and of what."""
        entries = InboxEntry.objects.filter(ticket=self.ticket).values_list("user__name", "event__kind")
        mails = Delivery.objects.filter(ticket=self.ticket).values_list("recipient__name", "kind")
        return {(name, kind) for name, kind in (*entries, *mails) if kind != "ticket_created"}


def lead_of(desk: Desk) -> User:
    lead = make_agent(name="Lea")
    TeamMembership.objects.create(team=desk.teams[0], user=lead, role=TeamRole.LEAD)
    return lead


def test_warning_reaches_the_assignee_and_without_one_the_team_leads(d: Desk) -> None:
    lead_of(d)
    ladder = Ladder(d, warned=(notify(Reached.ASSIGNEE),))
    ladder.wait(NOW + timedelta(minutes=50))
    assert ladder.told() == {("Lea", "clock_warned")}


def test_breach_of_a_critical_ticket_reaches_managers_at_once(d: Desk) -> None:
    UserFactory.create(name="Max", role=Role.MANAGER)
    ladder = Ladder(d, breached=(notify(Reached.MANAGERS),))
    Ticket.objects.filter(pk=ladder.ticket.pk).update(priority=Priority.P1)
    ladder.wait(NOW + 2 * HOUR)
    assert ladder.told() == {("Max", "clock_breached")}
    assert Delivery.objects.get(kind="clock_breached").is_critical


def test_timeline_says_who_was_told_and_how(d: Desk) -> None:
    lead = lead_of(d)
    max_, ida = UserFactory.create(name="Max", role=Role.MANAGER), UserFactory.create(name="Ida", role=Role.MANAGER)
    for person, way in ((max_, DeliveryChannel.EMAIL), (ida, DeliveryChannel.INBOX)):
        preferences.choose(choices={(Occasion.CLOCK_BREACHED, way): False}, by=actor(person), now=NOW)
    ladder = Ladder(d, breached=(notify(Reached.TEAM_LEADS), notify(Reached.MANAGERS)))
    ladder.wait(NOW + 2 * HOUR)
    told = TicketEvent.objects.get(ticket=ladder.ticket, kind="ladder_told")
    assert told.data["inbox_ids"] == sorted((lead.pk, max_.pk))
    assert told.cause == TicketEvent.objects.get(ticket=ladder.ticket, kind="clock_breached")
    assert (ladder.now().version, ladder.now().updated_at) == (told.seq, NOW)
    lines = [item.line for item in stream(d.desk(), ladder.now())]
    assert "Told: Ida (mail), Lea (inbox and mail), Max (inbox)" in lines


def test_nobody_to_tell_is_no_line_of_the_timeline(d: Desk) -> None:
    ladder = Ladder(d, breached=(notify(Reached.MANAGERS),))
    ladder.wait(NOW + 2 * HOUR)
    assert not TicketEvent.objects.filter(kind="ladder_told").exists()


def test_rung_raises_the_tier_with_a_reason_and_tells_named_people(d: Desk) -> None:
    named = make_agent(d.teams[1], name="Nora")
    ladder = Ladder(d, rungs=(rung(Act(Deed.RAISE_TIER), notify(Reached.PEOPLE, named.pk)),))
    ladder.wait(NOW + HOUR / 2 + timedelta(seconds=1))
    assert ladder.now().tier.level == 2
    reason = Message.objects.filter(ticket=ladder.ticket).latest("pk")
    assert (reason.visibility, reason.author) == ("internal", None)
    assert "next tier" in reason.body
    assert ladder.told() == {("Nora", "rung_reached")}


def test_rung_by_a_share_of_the_target_is_reached_after_the_breach_too(d: Desk) -> None:
    late = Rung("late", Metric.FIRST_RESPONSE, frozenset({1, 2, 3, 4}), (Act(Deed.RAISE_TIER),), percent=150)
    ladder = Ladder(d, rungs=(late,))
    ladder.wait(NOW + timedelta(minutes=90))
    assert ladder.now().tier.level == 1
    ladder.wait(NOW + timedelta(minutes=90, seconds=1))
    assert ladder.now().tier.level == 2
    reached = TicketEvent.objects.get(ticket=ladder.ticket, kind="rung_reached")
    assert reached.effective_at == NOW + timedelta(minutes=90)


def test_rung_raises_the_priority_gives_the_ticket_and_calls_who_is_on_call(d: Desk) -> None:
    acts = (Act(Deed.RAISE_PRIORITY), Act(Deed.REASSIGN, ids=(d.agents[0].pk,)), Act(Deed.CALL_ONCALL))
    ladder = Ladder(d, rungs=(rung(*acts),))
    before = ladder.now().priority
    ladder.wait(NOW + HOUR)
    ticket = ladder.now()
    assert (ticket.priority, ticket.assignee) == (before - 1, d.agents[0])
    assert TicketEvent.objects.filter(ticket=ticket, kind="oncall_called").count() == 1


def test_management_is_asked_step_by_step(d: Desk) -> None:
    above = StaffRoleFactory.create(
        name="Executives", primary=UserFactory.create(name="Eve", role=Role.HEAD_OF_SUPPORT)
    )
    first: StaffRole = StaffRoleFactory.create(
        name="Team lead",
        escalates_to=above,
        primary=UserFactory.create(name="Tom", role=Role.MANAGER, is_active=False),
        backup=UserFactory.create(name="Bea", role=Role.MANAGER),
    )
    climb = Act(Deed.CLIMB, ids=(first.pk,))
    ladder = Ladder(d, rungs=(rung(climb, key="a"), rung(climb, key="b", hours=0.8)))
    ladder.wait(NOW + HOUR * 0.6)
    assert ladder.told() == {("Bea", "ladder_climbed")}
    ladder.wait(NOW + HOUR * 0.9)
    assert ("Eve", "ladder_climbed") in ladder.told()


@pytest.mark.parametrize("is_stubborn", [False, True])
def test_ladder_stops_when_somebody_has_seen_the_ticket(d: Desk, is_stubborn: bool) -> None:
    ladder = Ladder(d, rungs=(rung(Act(Deed.CALL_ONCALL), despite_acknowledged=is_stubborn),))
    clocks.acknowledge(ticket=ladder.ticket, by=d.desk(), now=NOW + HOUR / 4)
    ladder.wait(NOW + HOUR)
    assert TicketEvent.objects.filter(ticket=ladder.ticket, kind="rung_reached").exists() == is_stubborn


def test_answer_stops_the_ladder_also_between_the_rung_and_its_deed(d: Desk) -> None:
    ladder = Ladder(d, rungs=(rung(Act(Deed.RAISE_TIER)),))
    clocks.sweep(now=NOW + HOUR, limit=10)
    conversation.reply(ticket=ladder.ticket, body="We look.", by=d.desk(), now=NOW + HOUR)
    consume_due(now=NOW + HOUR, limit=100)
    assert ladder.now().tier.level == 1


def test_after_an_outage_only_the_latest_of_a_clock_is_told(d: Desk) -> None:
    UserFactory.create(name="Max", role=Role.MANAGER)
    ladder = Ladder(d, warned=(notify(Reached.MANAGERS),), breached=(notify(Reached.MANAGERS),))
    ladder.wait(NOW + 3 * HOUR)
    assert ladder.told() == {("Max", "clock_breached")}
    kinds = TicketEvent.objects.filter(ticket=ladder.ticket).values_list("kind", flat=True)
    assert "clock_warned" in kinds


@pytest.mark.parametrize("is_stubborn", [False, True])
def test_rung_that_was_reached_before_somebody_saw_the_ticket_does_nothing_after(d: Desk, is_stubborn: bool) -> None:
    UserFactory.create(name="Max", role=Role.MANAGER)
    acts = (Act(Deed.RAISE_TIER), notify(Reached.MANAGERS))
    ladder = Ladder(d, rungs=(rung(*acts, despite_acknowledged=is_stubborn),))
    clocks.sweep(now=NOW + HOUR * 0.6, limit=10)
    clocks.acknowledge(ticket=ladder.ticket, by=d.desk(), now=NOW + HOUR * 0.6)
    consume_due(now=NOW + HOUR * 0.6, limit=100)
    assert ladder.now().tier.level == (2 if is_stubborn else 1)
    assert bool(ladder.told()) == is_stubborn


@pytest.mark.parametrize("is_still_late", [False, True])
def test_breach_by_an_earlier_promise_counts_if_it_is_one_by_the_new(d: Desk, is_still_late: bool) -> None:
    UserFactory.create(name="Max", role=Role.MANAGER)
    breached = (notify(Reached.MANAGERS),)
    ladder = Ladder(d, breached=breached)
    clocks.sweep(now=NOW + 2 * HOUR, limit=10)
    hours = 1.5 if is_still_late else 5
    other = make_policy(plain_rules(targets=targets(first_response=hours), breached=breached))
    clocks.choose_policy(ticket=ladder.ticket, chosen=True, policy=other, by=SYSTEM, now=NOW + 2 * HOUR)
    consume_due(now=NOW + 2 * HOUR, limit=100)
    assert (("Max", "clock_breached") in ladder.told()) == is_still_late
