"""Which promise applies: rules, phases and service tiers, and clocks that follow when these change."""

from datetime import datetime, timedelta

import pytest

from helpdesk.actions import recounts
from helpdesk.actions.setup import Change, save_setup
from helpdesk.choices import Channel, Metric, Role, WorkState
from helpdesk.errors import DomainError
from helpdesk.models import Organization, Phase, PolicyRule, Recount, ServiceTier, SLACycle, SLAPolicy, Ticket
from tests.factories import (
    NOW,
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.helpdesk.actions.desk import Desk
from tests.promises import HOUR, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db


def policy_of(hours: float) -> SLAPolicy:
    return make_policy(plain_rules(targets=targets(resolution=hours)))


def due(ticket: Ticket) -> datetime | None:
    cycle = SLACycle.objects.filter(ticket=ticket, metric=Metric.RESOLUTION).latest("number")
    return cycle.due_at


def save(row: object, *fields: str, now: datetime = NOW) -> None:
    by = actor(UserFactory.create(role=Role.ADMINISTRATOR), Channel.DESK)
    save_setup(change=Change(row, fields), by=by, now=now)  # type: ignore[arg-type] # rows of any kind
    while recounts.recount_due(now=now):
        pass


def test_first_rule_that_fits_decides_and_one_without_a_policy_promises_nothing(d: Desk) -> None:
    category = CategoryFactory.create(queue=d.queue)
    promise_all(None, category=category)
    promise_all(policy_of(2), queue=d.queue)
    promise_all(policy_of(5))
    assert due(make_ticket(d.requester, d.queue)) == NOW + 2 * HOUR
    assert due(make_ticket(d.requester, d.queue, category=category)) is None
    assert due(make_ticket(d.requester)) == NOW + 5 * HOUR


def test_go_live_binds_what_is_filed_meanwhile_for_good(d: Desk) -> None:
    promise_all(policy_of(2), phase=WorkState.GO_LIVE)
    promise_all(policy_of(5))
    before = make_ticket(d.requester, d.queue, now=NOW - HOUR)
    phase = Phase(name="Go-live", kind=WorkState.GO_LIVE, starts_at=NOW, ends_at=NOW + 4 * HOUR)
    save(phase, "name", "kind", "starts_at", "ends_at")
    within = make_ticket(d.requester, d.queue, now=NOW + HOUR)
    after = make_ticket(d.requester, d.queue, now=NOW + 4 * HOUR)
    while recounts.recount_due(now=NOW + 5 * HOUR):
        pass
    assert [due(one) for one in (before, within, after)] == [NOW + 4 * HOUR, NOW + 3 * HOUR, NOW + 9 * HOUR]
    assert Recount.objects.count() == 2


def test_service_tier_of_an_organisation_decides_and_its_change_counts_open_tickets_anew(d: Desk) -> None:
    tier = ServiceTier.objects.create(code="enterprise", name="Enterprise")
    house: Organization = OrganizationFactory.create()
    OrganizationMembershipFactory.create(user=d.requester, organization=house)
    promise_all(policy_of(2), service_tier=tier)
    promise_all(policy_of(5))
    ticket = make_ticket(d.requester, d.queue)
    assert due(ticket) == NOW + 5 * HOUR
    house.service_tier = tier
    save(house, "service_tier", now=NOW + HOUR)
    assert due(ticket) == NOW + 2 * HOUR


def test_new_rule_counts_open_tickets_anew_and_leads_to_a_policy_that_says_something(d: Desk) -> None:
    ticket = make_ticket(d.requester, d.queue)
    empty = SLAPolicy.objects.create(code="empty", name="Empty")
    with pytest.raises(DomainError, match="promises nothing yet"):
        save(PolicyRule(policy=empty, position=1), "policy", "position")
    save(PolicyRule(policy=policy_of(3), position=1), "policy", "position", now=NOW + HOUR)
    assert due(ticket) == NOW + 3 * HOUR


def test_phase_ends_after_it_begins(d: Desk) -> None:
    phase = Phase(name="Go-live", kind=WorkState.GO_LIVE, starts_at=NOW + HOUR, ends_at=NOW)
    with pytest.raises(DomainError, match="after") as refusal:
        save(phase, "name", "kind", "starts_at", "ends_at")
    assert refusal.value.field == "ends_at"


def test_phase_makes_updates_due_more_often_while_it_lasts(d: Desk) -> None:
    fast, slow = dict.fromkeys((1, 2, 3, 4), HOUR / 4), dict.fromkeys((1, 2, 3, 4), HOUR)
    promise_all(make_policy(plain_rules(updates={WorkState.ACTIVE: slow, WorkState.EMERGENCY: fast})))
    ticket = make_ticket(d.requester, d.queue)
    phase = Phase(
        name="Fire", kind=WorkState.EMERGENCY, queue=d.queue, starts_at=NOW + timedelta(minutes=5), ends_at=NOW + HOUR
    )
    save(phase, "name", "kind", "queue", "starts_at", "ends_at")
    update = SLACycle.objects.filter(ticket=ticket, metric=Metric.UPDATE)
    assert update.get().due_at == NOW + HOUR
    while recounts.recount_due(now=NOW + timedelta(minutes=6)):
        pass
    assert update.get().due_at == NOW + HOUR / 4
    while recounts.recount_due(now=NOW + 2 * HOUR):
        pass
    assert update.get().due_at == NOW + HOUR
