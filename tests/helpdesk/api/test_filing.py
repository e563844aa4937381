"""What who files a ticket by the API may choose about it: what the page lets them that is theirs."""

from typing import Any, Final

import pytest

from helpdesk.choices import PrioritySource
from helpdesk.models import Category, Queue, Ticket
from tests.factories import CategoryFactory, CustomFieldFactory, QueueFactory, UserFactory
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
_WORDS: Final = {"subject": "x", "body": "x"}
# Who files in the portal alone.
OUTSIDE: Final = ("owner", "organization_manager", "stranger", "watcher", "quality_lead")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def topic(world: World) -> Category:
    return CategoryFactory.create(queue=world.queue)


def weighs(queue: Queue, source: PrioritySource, *, asks_impact: bool = False) -> None:
    queue.priority_source, queue.asks_impact = source, asks_impact
    queue.save()


def refused(caller: Caller, topic: Category, **told: Any) -> list[str]:
    """The fields for which it is refused; none where it is filed."""
    answer = caller.post("tickets/", {**_WORDS, "category": topic.code, **told})
    assert answer.status_code in {201, 403, 409, 422}, answer.content
    return [error["field"] for error in answer.json().get("errors", ())]


@pytest.mark.parametrize("name", OUTSIDE)
def test_portals_people_choose_what_the_portal_offers(world: World, topic: Category, name: str) -> None:
    caller, elsewhere = Caller(world.people[name], "tickets:write"), world.elsewhere.queue
    for field, value in (
        ("priority", 1), ("priority", world.queue.default_priority), ("queue", elsewhere.code),
        ("queue", world.queue.code), ("impact", 1), ("urgency", 1), ("take", True),
    ):  # fmt: skip
        assert refused(caller, topic, **{field: value}) == [field], (field, value)
    assert not Ticket.objects.filter(subject="x").exists()
    assert refused(caller, topic) == []
    filed = Ticket.objects.get(subject="x")
    assert (filed.queue, filed.priority, filed.assignee) == (world.queue, world.queue.default_priority, None)


def test_portals_people_weigh_where_the_queue_asks_them(world: World, topic: Category) -> None:
    caller, both = Caller(world.people["owner"], "tickets:write"), {"impact": 3, "urgency": 3}
    weighs(world.queue, PrioritySource.WEIGHED)
    assert refused(caller, topic, **both) == ["impact"]
    weighs(world.queue, PrioritySource.DIRECT, asks_impact=True)
    assert refused(caller, topic, **both) == ["impact"]
    weighs(world.queue, PrioritySource.WEIGHED, asks_impact=True)
    assert refused(caller, topic, priority=1) == ["priority"]
    assert refused(caller, topic, impact=3) == ["urgency"]
    assert refused(caller, topic, **both) == []


@pytest.mark.parametrize("name", ["agent", "other_agent", "manager"])
def test_desk_chooses_what_its_own_page_offers(world: World, topic: Category, name: str) -> None:
    caller = Caller(world.people[name], "tickets:write")
    assert refused(caller, topic, queue=world.elsewhere.queue.code, priority=1) == []
    assert Ticket.objects.get(subject="x").priority == 1
    assert refused(caller, topic, queue=QueueFactory.create(is_active=False).code) == ["queue"]
    for source in (PrioritySource.WEIGHED, PrioritySource.MEASURED):
        weighs(world.queue, source)
        assert refused(caller, topic, priority=1) == ["priority"]
    assert refused(caller, topic, impact=1, urgency=1) == ["impact"]
    weighs(world.queue, PrioritySource.WEIGHED)
    assert refused(caller, topic, impact=1, urgency=1) == []


def test_agent_takes_nothing_in_a_queue_that_is_not_theirs(world: World, topic: Category) -> None:
    assert refused(Caller(world.people["other_agent"]), topic, take=True) == ["take"]
    assert refused(Caller(world.people["agent"]), topic, take=True) == []


def test_who_files_for_a_colleague_answers_what_the_portal_asks(world: World, topic: Category) -> None:
    question = CustomFieldFactory.create(category=topic, queue=None, is_required=True)
    hidden = CustomFieldFactory.create(category=topic, queue=None, is_internal=True)
    colleague = {"requester": {"id": world.people["owner"].pk}}
    manager, field = Caller(world.people["organization_manager"]), f"answers.{question.key}"
    assert refused(manager, topic, **colleague) == [field]
    assert refused(manager, topic, **colleague, answers={hidden.key: "x"}) == [f"answers.{hidden.key}"]
    assert refused(manager, topic, **colleague, answers={question.key: "x"}) == []
    assert refused(Caller(world.people["agent"]), topic, **colleague) == []


def test_nobody_files_for_another_system(world: World, topic: Category) -> None:
    system, caller = UserFactory.create(is_integration=True), Caller(world.people["agent"])
    assert refused(caller, topic, requester={"id": system.pk}) == ["requester"]
    assert refused(Caller(system), topic, requester={"id": system.pk}) == []


def test_nobody_outside_is_told_which_internal_codes_there_are(world: World, topic: Category) -> None:
    caller, path = Caller(world.people["owner"]), f"tickets/{world.here.ref}/"
    for code in (world.queue.code, "none-of-this-name"):
        for method, where, body in (
            ("POST", "tickets/", {**_WORDS, "queue": code}), ("PATCH", path, {"queue": code}),
            ("PATCH", path, {"kind": code}),
        ):  # fmt: skip
            answer = caller.send(method, where, body)
            assert answer.status_code == 403, (method, body)
            assert code not in answer.content.decode()
