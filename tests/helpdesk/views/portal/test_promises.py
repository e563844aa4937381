"""By when we answer, as requesters read it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from helpdesk.actions import conversation, status
from helpdesk.choices import Impact, Metric, MoveName, OrganizationRole, Pressure, PrioritySource
from helpdesk.domain.sla_rules import Rules
from helpdesk.models import OrganizationDomain, PriorityCell, Queue, ServiceTier, Ticket, User
from tests.factories import (
    NOW,
    OrganizationFactory,
    OrganizationMembershipFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.helpdesk.views.portal.conftest import text_of
from tests.helpdesk.views.portal.filing import FORM
from tests.promises import HOUR, OFFICE, make_calendar, make_policy, plain_rules, promise_all, targets

MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(ada: User, queue: Queue) -> Ticket:
    """Filed under a promise to answer within an hour."""
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    promise_all(make_policy())
    return make_ticket(ada, queue)


def read(client: Client, path: str, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return text_of(client.get(path))


@pytest.mark.parametrize("path", ["/", "/tickets/", "/tickets/{}/", "/tickets/{}/received/"])
def test_requester_reads_by_when_we_answer_in_their_zone(asked: Ticket, as_ada: Client, path: str) -> None:
    where = path.format(asked.ref)
    assert "We answer by 19:00" in read(as_ada, where, NOW + 5 * MINUTE)
    late = read(as_ada, where, NOW + 3 * HOUR)
    assert "We answer by" not in late
    assert "We are late with our answer, and sorry for it." in late


def test_promise_is_gone_once_we_answered_or_wait(asked: Ticket, as_ada: Client, mara: User) -> None:
    where = f"/tickets/{asked.ref}/"
    by = actor(mara)
    conversation.reply(ticket=asked, body="We look.", by=by, now=NOW + 5 * MINUTE)
    assert "We answer by" not in read(as_ada, where, NOW + 6 * MINUTE)
    conversation.reply(ticket=asked, body="And?", by=actor(asked.requester), now=NOW + 10 * MINUTE)
    assert "We answer by 20:10" in read(as_ada, where, NOW + 12 * MINUTE)
    status.make_move(ticket=asked, move=MoveName.ASK, text="Which?", by=by, now=NOW + 20 * MINUTE)
    page = read(as_ada, where, NOW + 21 * MINUTE)
    assert "We answer by" not in page
    assert "late" not in page


@pytest.mark.parametrize("path", ["/", "/tickets/"])
def test_promises_cost_one_query_for_one_and_three(
    asked: Ticket, ada: User, queue: Queue, as_ada: Client, queries_of: Callable[[Client, str], int], path: str
) -> None:
    one = queries_of(as_ada, path)
    make_ticket(ada, queue)
    make_ticket(ada, queue)
    assert queries_of(as_ada, path) == one


@pytest.fixture
def where(first_tier: None) -> str:
    """The form on printing, which a tier takes."""
    return FORM


def by_priority(**hours: float) -> Rules:
    return plain_rules(targets={Metric.FIRST_RESPONSE: {int(name[1]): HOUR * value for name, value in hours.items()}})


def test_form_says_in_working_time_within_what_we_answer(queue: Queue, as_ada: Client, where: str) -> None:
    assert "We usually answer" not in read(as_ada, where, NOW)
    queue.default_priority = 2
    queue.save()
    promise_all(make_policy(by_priority(p2=4, p3=9), calendar=make_calendar(OFFICE)), queue=queue)
    assert "We usually answer within 4 working hours. Send" in read(as_ada, where, NOW)
    queue.default_priority = 1
    queue.save()
    # Nothing is promised for it.
    assert "We usually answer" not in read(as_ada, where, NOW)


@pytest.mark.parametrize(
    ("hours", "office", "words"),
    [
        (0.5, False, "30 minutes"),
        (1.5, False, "90 minutes"),
        (24, False, "24 hours"),
        (36, False, "36 hours"),
        (72, False, "3 days"),
        (0.25, True, "15 working minutes"),
        (1, True, "1 working hour"),
        (72, True, "72 working hours"),
    ],
)
def test_form_says_no_less_than_what_is_promised(
    queue: Queue, as_ada: Client, where: str, hours: float, office: bool, words: str
) -> None:
    calendar = make_calendar(OFFICE) if office else None
    promise_all(make_policy(plain_rules(targets=targets(first_response=hours)), calendar=calendar), queue=queue)
    assert f"We usually answer within {words}." in read(as_ada, where, NOW)


def test_form_goes_by_the_organisation_of_who_asks(
    ada: User, client_of: Callable[[User], Client], queue: Queue, where: str
) -> None:
    tier = ServiceTier.objects.create(code="enterprise", name="Enterprise")
    OrganizationMembershipFactory.create(user=ada, organization=OrganizationFactory.create(service_tier=tier))
    promise_all(make_policy(), service_tier=tier)
    promise_all(None)
    assert "We usually answer within 1 hour." in read(client_of(ada), where, NOW)
    assert "We usually answer" not in read(client_of(UserFactory.create()), where, NOW)


def test_form_goes_by_the_organisation_of_whom_it_is_for(
    ada: User, client_of: Callable[[User], Client], queue: Queue, where: str
) -> None:
    tier = ServiceTier.objects.create(code="enterprise", name="Enterprise")
    own, other = OrganizationFactory.create(), OrganizationFactory.create(service_tier=tier)
    OrganizationDomain.objects.create(organization=other, domain="clinic.example")
    for place in (own, other):
        OrganizationMembershipFactory.create(user=ada, organization=place, role=OrganizationRole.MANAGER)
    colleague = UserFactory.create(name="Bo", email="bo@clinic.example")
    OrganizationMembershipFactory.create(user=colleague, organization=other)
    promise_all(make_policy(), service_tier=tier)
    promise_all(make_policy(plain_rules(targets=targets(first_response=8))))
    client, ours, theirs = client_of(ada), "within 8 hours", "within 1 hour"
    assert ours in read(client, where, NOW)
    for whom in ("Bo", "bo@clinic.example", "new@clinic.example"):
        assert theirs in read(client, f"{where}?requester={whom}", NOW), whom
    assert ours in read(client, f"{where}?requester={ada.email}", NOW)
    with time_machine.travel(NOW, tick=False):
        again = client.post(where, {"requester": "Bo"})
    assert theirs in text_of(again)


def test_form_whose_answers_decide_on_the_priority_says_both_ends(queue: Queue, as_ada: Client, where: str) -> None:
    queue.priority_source, queue.asks_impact, queue.default_priority = PrioritySource.WEIGHED, True, 3
    queue.save()
    PriorityCell.objects.create(impact=Impact.EVERYBODY, urgency=Pressure.STOPPED, priority=1)
    promise_all(make_policy(by_priority(p1=0.25, p3=8)), queue=queue)
    words = "We usually answer within 8 hours, and sooner the more it stops: within 15 minutes at best."
    assert words in read(as_ada, where, NOW)


def test_guest_is_told_before_they_send(queue: Queue, where: str) -> None:
    queue.guests_allowed = True
    queue.save()
    promise_all(make_policy())
    assert "We usually answer within 1 hour. Send" in read(Client(), "/guests/new/printing/", NOW)
