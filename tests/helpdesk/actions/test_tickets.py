"""How a ticket begins: what stands on it, what is refused, and that a form sent twice files one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.actions import housekeeping, tickets
from helpdesk.actors import SYSTEM
from helpdesk.choices import Status
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketEvent
from tests.factories import (
    CategoryFactory,
    FirstTierRuleFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    TierFactory,
    UserFactory,
    make_ticket,
)
from tests.helpdesk.actions.desk import Desk

pytestmark = pytest.mark.django_db


def test_new_ticket_has_number_queue_priority_and_tier_of_its_category() -> None:
    for level in (1, 2):
        TierFactory.create(level=level)
    rule = FirstTierRuleFactory.create(code="r", plan={"1": [2], "2": [2], "3": [1], "4": [1]})
    category = CategoryFactory.create(queue=QueueFactory.create(first_tier_rule=rule, default_priority=2))
    one = make_ticket(category=category)
    two = make_ticket()
    assert two.number > one.number >= 1001
    assert (one.queue, one.priority, one.tier.level, one.status) == (
        category.queue,
        2,
        2,
        Status.NEW,
    )
    event = TicketEvent.objects.get(ticket=one)
    assert (event.kind, event.seq, one.version) == ("ticket_created", 1, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "\n"}, "text"),
    ],
)
def test_ticket_without_words_is_refused_at_its_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        make_ticket(**values)
    assert refusal.value.field == field
    assert not Ticket.objects.exists()


def test_ticket_goes_to_the_requesters_organization() -> None:
    place = OrganizationMembershipFactory.create(organization=OrganizationFactory.create(), user=UserFactory.create())
    assert make_ticket(place.user).organization == place.organization


@pytest.mark.parametrize("priority", [0, 5, 10**20])
def test_unknown_priority_is_refused_at_its_field(priority: int) -> None:
    with pytest.raises(DomainError, match="Choose a priority") as refusal:
        make_ticket(priority=priority)
    assert refusal.value.field == "priority"


def test_category_that_nobody_takes_is_refused() -> None:
    category = CategoryFactory.create(is_active=False)
    with pytest.raises(DomainError, match="nobody takes"):
        make_ticket(category=category)


def test_only_the_desk_files_for_others(d: Desk) -> None:
    other = UserFactory.create()
    with pytest.raises(DomainError) as refusal:
        make_ticket(d.requester, category=CategoryFactory.create(queue=d.queue), on_behalf_of=other)
    assert (refusal.value.code, refusal.value.field) == (Code.FORBIDDEN, "requester")
    assert make_ticket(d.agents[0], d.queue, on_behalf_of=other).requester == other


def test_same_submission_twice_makes_one_ticket(d: Desk) -> None:
    once = tickets.Submission.of("k", {"subject": "s"})
    first = make_ticket(d.requester, d.queue, submission=once)
    assert make_ticket(d.requester, d.queue, submission=once) == first
    with pytest.raises(DomainError, match=first.ref):
        make_ticket(
            d.requester,
            d.queue,
            submission=tickets.Submission.of("k", {"subject": "other"}),
        )
    assert make_ticket(queue=d.queue, submission=once) != first, "a key is its sender's own"


def test_desk_itself_is_nobodys_author() -> None:
    with pytest.raises(ValueError, match="no person"):
        _ = SYSTEM.person


def test_submission_is_remembered_for_a_fortnight_and_then_forgotten(d: Desk) -> None:
    once = tickets.Submission.of("k", {"subject": "s"})
    first = make_ticket(d.requester, d.queue, submission=once)
    now = timezone.now()
    assert housekeeping.forget_submissions(now=now + timedelta(days=13), limit=10) == 0
    assert make_ticket(d.requester, d.queue, submission=once) == first
    assert housekeeping.forget_submissions(now=now + timedelta(days=15), limit=10) == 1
    assert make_ticket(d.requester, d.queue, submission=once) != first
