"""Who has a ticket, and on which tier."""

from datetime import timedelta

import pytest

from helpdesk.actions import assignment, status, tiers
from helpdesk.actions.tickets import Submission
from helpdesk.choices import MoveName, Role, Status, Visibility
from helpdesk.errors import Code, DomainError
from helpdesk.models import Message
from tests.factories import (
    TeamMembershipFactory,
    UserFactory,
    make_ticket,
)
from tests.helpdesk.actions.desk import LATER, Desk

pytestmark = pytest.mark.django_db


def test_taking_a_new_ticket_opens_it(d: Desk) -> None:
    assert d.take().status == Status.OPEN


def test_second_of_two_who_take_is_told_who_has_it(d: Desk) -> None:
    d.take()
    with pytest.raises(DomainError, match="Agent 1 took this ticket meanwhile") as refusal:
        assignment.assign(
            ticket=d.ticket,
            to=d.agents[1],
            seen_assignee_id=None,
            by=d.desk(2),
            now=LATER,
        )
    assert refusal.value.code is Code.STALE
    assert d.now().assignee == d.agents[0]


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.AUDITOR, Role.AGENT])
def test_nobody_gets_a_ticket_that_they_may_not_work(d: Desk, role: Role) -> None:
    stranger = UserFactory.create(role=role)
    with pytest.raises(DomainError) as refusal:
        assignment.assign(ticket=d.ticket, to=stranger, seen_assignee_id=None, by=d.desk(), now=LATER)
    assert refusal.value.field == "assignee"


def test_deactivated_colleague_gets_no_ticket(d: Desk) -> None:
    d.agents[1].is_active = False
    d.agents[1].save()
    with pytest.raises(DomainError):
        assignment.assign(
            ticket=d.ticket,
            to=d.agents[1],
            seen_assignee_id=None,
            by=d.desk(),
            now=LATER,
        )


def test_escalation_wants_a_reason(d: Desk) -> None:
    with pytest.raises(DomainError) as refusal:
        tiers.escalate(ticket=d.ticket, reason=" ", by=d.desk(), now=LATER)
    assert refusal.value.field == "text"
    assert d.now().tier.level == 1


def test_escalation_goes_up_one_tier_and_out_of_the_hands_of_the_old_one(
    d: Desk,
) -> None:
    d.take()
    d.move(MoveName.START, d.desk())
    ticket = tiers.escalate(ticket=d.ticket, reason="Too hard.", by=d.desk(), now=LATER)
    assert (ticket.tier.level, ticket.assignee, ticket.status) == (2, None, Status.OPEN)
    note = Message.objects.get(body="Too hard.")
    assert note.visibility == Visibility.INTERNAL


def test_who_works_on_both_tiers_keeps_the_ticket(d: Desk) -> None:
    TeamMembershipFactory.create(team=d.teams[1], user=d.agents[0])
    d.take()
    d.move(MoveName.START, d.desk())
    ticket = tiers.escalate(ticket=d.ticket, reason="My other hat.", by=d.desk(), now=LATER)
    assert (ticket.tier.level, ticket.assignee, ticket.status) == (
        2,
        d.agents[0],
        Status.IN_PROGRESS,
    )


def test_ladder_of_tiers_has_two_ends(d: Desk) -> None:
    with pytest.raises(DomainError, match="no tier below"):
        tiers.deescalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    for _step in range(2):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="no tier above"):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    assert tiers.deescalate(ticket=d.ticket, reason="Known issue.", by=d.desk(), now=LATER).tier.level == 2


def test_tier_that_is_not_in_use_is_passed_by(d: Desk) -> None:
    d.teams[1].tier.is_active = False
    d.teams[1].tier.save()
    assert tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER).tier.level == 3


def test_solved_ticket_is_not_escalated_or_assigned(d: Desk) -> None:
    d.resolve()
    with pytest.raises(DomainError, match="reopen it first"):
        tiers.escalate(ticket=d.ticket, reason="r", by=d.desk(), now=LATER)
    with pytest.raises(DomainError, match="reopen it first"):
        d.take()


def test_sweep_takes_no_more_than_its_limit(d: Desk) -> None:
    for _n in range(3):
        other = make_ticket(d.requester, d.queue)
        status.make_move(
            ticket=other,
            move=MoveName.RESOLVE,
            by=d.desk(),
            now=LATER,
            text="t",
            resolution_kind="fixed",
        )
    swept = [status.close_quiet(now=LATER + timedelta(days=9), limit=2) for _n in range(3)]
    assert swept == [2, 1, 0]


def test_second_click_on_take_changes_nothing_and_is_no_refusal(d: Desk) -> None:
    d.take()
    again = assignment.assign(ticket=d.ticket, to=d.agents[0], seen_assignee_id=None, by=d.desk(), now=LATER)
    assert (again.assignee, d.record().count("assigned")) == (d.agents[0], 1)


def test_second_click_on_escalate_goes_one_tier_up_and_is_no_refusal(d: Desk) -> None:
    once, version = Submission.of("k", {"text": "Hard."}), d.now().version
    for _click in range(2):
        tiers.escalate(
            ticket=d.ticket, reason="Hard.", by=d.desk(), now=LATER, expected_version=version, submission=once
        )
    assert d.now().tier.level == 2
