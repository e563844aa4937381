"""What a change does to the clocks is shown before it is saved."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.actions import status
from helpdesk.choices import Impact, Metric, MoveName, Pressure, PrioritySource, Role
from helpdesk.models import PolicyRule, PriorityCell, Queue, SLACycle, Ticket, User
from tests.factories import (
    NOW,
    CategoryFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    QueueFactory,
    UserFactory,
    actor,
    make_ticket,
)
from tests.helpdesk.views.desk.pages import post, text_of, url
from tests.promises import HOUR, OFFICE, make_calendar, make_policy, plain_rules, promise_all, targets

pytestmark = pytest.mark.django_db
_BY_PRIORITY = {Metric.FIRST_RESPONSE: {1: HOUR / 2, 2: HOUR, 3: 8 * HOUR, 4: 16 * HOUR}}


@pytest.fixture(autouse=True)
def promise(queue: Queue) -> None:
    """Office hours; the priority decides on the first answer, the other clock is the same for all."""
    rules = plain_rules(targets=targets(resolution=24) | _BY_PRIORITY)
    promise_all(make_policy(rules, calendar=make_calendar(OFFICE)), queue=queue)


def words_of(response: Any) -> str:
    """What it says; the readers of these tests live in UTC."""
    return text_of(response).replace(" UTC", "")


def put_first(rule: PolicyRule) -> None:
    """Let the row decide before all others."""
    PolicyRule.objects.exclude(pk=rule.pk).update(position=rule.position + 1)


def effects(client: Client, ticket: Ticket, name: str, value: object, *, after: timedelta = HOUR) -> Any:
    with time_machine.travel(NOW + after, tick=False):
        return client.get(url(ticket, f"set/{name}/effects"), {name: value})


def test_higher_priority_tells_which_clock_moves_and_that_it_would_be_breached(
    ada: User, queue: Queue, as_mara: Client
) -> None:
    ticket = make_ticket(ada, queue, priority=4)
    version = ticket.version
    page = effects(as_mara, ticket, "priority", 1)
    assert words_of(page) == "First response: due 09:30 instead of Tue 17:00 – would be breached at once"
    assert words_of(effects(as_mara, ticket, "priority", 3)) == "First response: due 17:00 instead of Tue 17:00"
    assert Ticket.objects.get(pk=ticket.pk).version == version


def test_lower_priority_tells_that_a_breach_would_be_none(ada: User, queue: Queue, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, priority=1)
    words = "First response: due Tue 17:00 instead of 09:30 – would not be over any more"
    assert words_of(effects(as_mara, ticket, "priority", 4)) == words


def test_effect_is_what_saving_does(ada: User, queue: Queue, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, priority=4)
    assert "due 17:00" in words_of(effects(as_mara, ticket, "priority", 3))
    with time_machine.travel(NOW + HOUR, tick=False):
        post(as_mara, ticket, "set/priority", priority=3, seen=4)
    assert SLACycle.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE).due_at == NOW + 8 * HOUR


def test_queue_and_category_tell_that_nothing_would_be_promised(ada: User, queue: Queue, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, priority=4)
    other = QueueFactory.create(name="Elsewhere")
    topic = CategoryFactory.create(queue=queue)
    page = words_of(effects(as_mara, ticket, "queue", other.pk))
    assert "First response: nothing promised, until now due Tue 17:00" in page
    assert "Resolution: nothing promised, until now due Wed 17:00" in page
    # No rule minds the category: nothing moves.
    assert effects(as_mara, ticket, "category", topic.pk).status_code == HTTPStatus.NO_CONTENT
    put_first(promise_all(None, category=topic))
    assert "Resolution: nothing promised" in words_of(effects(as_mara, ticket, "category", topic.pk))


def test_clock_that_stands_tells_what_is_left_of_it(ada: User, queue: Queue, mara: User, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, priority=4)
    status.make_move(ticket=ticket, move=MoveName.ASK, text="Which?", by=actor(mara), now=NOW + HOUR)
    topic = CategoryFactory.create(queue=queue)
    put_first(promise_all(make_policy(plain_rules()), category=topic))
    assert words_of(effects(as_mara, ticket, "category", topic.pk)) == (
        "Resolution: paused with 7 h left, until now paused with 23 h left"
    )


def test_value_that_cannot_be_chosen_and_property_without_clocks_tell_nothing(as_mara: Client, ticket: Ticket) -> None:
    assert effects(as_mara, ticket, "priority", "9").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert effects(as_mara, ticket, "priority", "").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert effects(as_mara, ticket, "kind", "1").status_code == HTTPStatus.NOT_FOUND
    assert effects(as_mara, ticket, "secret", "1").status_code == HTTPStatus.NOT_FOUND


def test_who_only_reads_is_told_no_effects(ticket: Ticket, client_of: Any) -> None:
    reader = client_of(UserFactory.create(role=Role.QUALITY_LEAD))
    assert effects(reader, ticket, "priority", 1).status_code == HTTPStatus.FORBIDDEN
    assert effects(client_of(UserFactory.create(role=Role.AGENT)), ticket, "priority", 1).status_code == 404


def test_weighing_tells_what_the_priority_does_to_the_clocks(ada: User, queue: Queue, as_mara: Client) -> None:
    ticket = make_ticket(ada, queue, priority=4)
    queue.priority_source = PrioritySource.WEIGHED
    queue.save()
    PriorityCell.objects.create(impact=Impact.EVERYBODY, urgency=Pressure.STOPPED, priority=1)
    look = {"look": "1", "impact": Impact.EVERYBODY, "urgency": Pressure.STOPPED, "seen": 4}
    with time_machine.travel(NOW + HOUR, tick=False):
        page = words_of(as_mara.post(url(ticket, "judge"), look, headers={"X-Piece": "1"}))
    assert "First response: due 09:30 instead of Tue 17:00 – would be breached at once" in page


def test_filing_tells_what_the_clocks_will_say(ada: User, queue: Queue, as_mara: Client) -> None:
    queue.is_default = True
    queue.default_priority = 3
    queue.save()
    place = OrganizationFactory.create()
    OrganizationMembershipFactory.create(user=ada, organization=place)
    put_first(promise_all(None, organization=place))

    def told(**said: object) -> str:
        form = {"look": "1", "subject": "No paper", "text": "None.", **said}
        with time_machine.travel(NOW, tick=False):
            return words_of(as_mara.post("/admin/tickets/new/", form, headers={"X-Piece": "1"}))

    words = "Filed now, the clocks say: First response would be due %s Resolution would be due Wed 17:00"
    assert words % "17:00" in told()
    assert words % "09:30" in told(priority="1")
    assert "the clocks say" not in told(requester=str(ada.pk), priority="1")
    with time_machine.travel(NOW, tick=False):
        assert words % "17:00" in words_of(as_mara.get("/admin/tickets/new/"))


def test_bulk_form_says_how_many_would_be_breached_by_each_choice(ada: User, queue: Queue, as_mara: Client) -> None:
    QueueFactory.create(name="Elsewhere")
    for priority in (3, 4):
        make_ticket(ada, queue, priority=priority)
    make_ticket(ada, queue, priority=1)
    rows = Ticket.objects.order_by("pk")
    boxes = [f"{one.number}.{one.version}.0.{one.priority}.{one.queue_id}" for one in rows]

    def asked(do: str) -> tuple[str, int]:
        with time_machine.travel(NOW + 2 * HOUR, tick=False), CaptureQueriesContext(connection) as queries:
            page = words_of(as_mara.post("/admin/tickets/bulk/", {"do": do, "ticket": boxes}))
        return page, len(queries)

    page, cost = asked("priority")
    # What is breached already is no news.
    assert "by what you choose: P1 critical: 2 tickets P2 high: 2 tickets Change" in page
    assert "breached at once" not in asked("queue")[0]
    assert "breached at once" not in asked("take")[0]
    boxes = boxes[:1]
    assert asked("priority")[1] == cost
