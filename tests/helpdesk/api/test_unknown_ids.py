"""Who may not name somebody or something hears nothing of whether it is there: neither by status nor by words."""

import re
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.utils import timezone

from helpdesk.actions.problems import open_problem
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.models import Webhook
from tests.factories import NOW, CategoryFactory, OrganizationFactory, PartnerFactory, UserFactory, actor
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
_UNKNOWN: Final = 2**40
_WHO: Final = ("owner", "organization_manager", "agent")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(params=_WHO)
def who(request: Any) -> str:
    return str(request.param)


def told(answer: HttpResponse, name: object) -> tuple[int, str]:
    """All that an answer tells, but for what was asked for itself."""
    document = answer.json() if answer.content else {}
    words = str([document.get(part) for part in ("code", "detail", "errors")])
    return answer.status_code, re.sub(rf"\b{re.escape(str(name))}\b", "…", words)


def alike(caller: Caller, method: str, path: str, body: Any, names: list[Any]) -> set[int]:
    """The statuses with which these names are refused, after comparing all that is told of each."""

    def filled(value: Any, name: object) -> Any:
        if isinstance(value, dict):
            return {key: filled(one, name) for key, one in value.items()}
        return name if value == "{}" else value

    answers = [told(caller.send(method, path.format(name), filled(body, name)), name) for name in names]
    assert {status for status, _words in answers} <= {403, 404, 422, 409}, (path, answers)
    assert len(set(answers)) == 1, (path, body, answers)
    return {status for status, _words in answers}


def test_people_are_not_told_by_their_ids(world: World, who: str) -> None:
    caller, here = Caller(world.people[who]), f"tickets/{world.here.ref}/"
    task = add_sub_task(ticket=world.here, plan=Plan("Do it."), by=actor(world.people["agent"]), now=NOW)
    others = [UserFactory.create(is_active=False), UserFactory.create(is_integration=True)]
    others += [world.people[name] for name in ("stranger", "other_agent", "auditor")]
    ids = [_UNKNOWN, *(person.pk for person in others)]
    topic = CategoryFactory.create(queue=world.queue)
    asked: list[tuple[str, str, Any]] = [
        ("POST", f"{here}assign/", {"assignee": "{}"}),
        ("POST", f"{here}sub-tasks/", {"title": "This.", "assignee": "{}"}),
        ("PATCH", f"{here}sub-tasks/{task.pk}/", {"assignee": "{}"}),
        ("DELETE", f"{here}watchers/{{}}/", None),
        ("GET", "people/{}/", None),
    ]
    if who != "agent":
        filed = {"subject": "x", "body": "x", "category": topic.code, "requester": {"id": "{}"}}
        asked.append(("POST", "tickets/", filed))
    for method, path, body in asked:
        alike(caller, method, path, body, ids)


def test_organizations_are_not_told_by_their_ids(world: World, who: str) -> None:
    caller = Caller(world.people[who])
    others = [OrganizationFactory.create(), OrganizationFactory.create(is_active=False)]
    ids = [_UNKNOWN, *(row.pk for row in others)]
    filed: dict[str, Any] = {"subject": "x", "body": "x", "category": CategoryFactory.create(queue=world.queue).code}
    filed |= {"requester": {"id": world.people["owner"].pk}, "organization": "{}"}
    for method, path, body in (
        ("POST", "tickets/", filed),
        ("PATCH", f"tickets/{world.here.ref}/", {"organization": "{}"}),
        ("PATCH", f"tickets/{world.elsewhere.ref}/", {"organization": "{}"}),
        ("GET", "organizations/{}/", None),
    ):
        alike(caller, method, path, body, ids)
    # The agent may name those of the requester; the others none at all.
    allowed = who == "agent"
    answer = caller.post("tickets/", {**filed, "organization": world.organization.pk})
    assert (answer.status_code == 201) is allowed, answer.content
    assert (caller.patch(f"tickets/{world.here.ref}/", {"organization": None}).status_code == 200) is allowed
    back = caller.patch(f"tickets/{world.here.ref}/", {"organization": world.organization.pk})
    assert (back.status_code == 200) is allowed
    if allowed:
        assert back.json()["organization"]["name"] == world.organization.name


def test_partners_are_not_told_by_their_ids(world: World, who: str) -> None:
    caller, here = Caller(world.people[who]), f"tickets/{world.here.ref}/"
    ids = [_UNKNOWN, PartnerFactory.create().pk, PartnerFactory.create(is_active=False).pk]
    # The desk is told which there are.
    assert alike(caller, "POST", f"{here}transition/", {"move": "confirm", "partner": "{}"}, ids) == {422}
    if who != "agent":
        hold = {"move": "hold", "text": "x", "partner": "{}"}
        assert alike(caller, "POST", f"{here}transition/", hold, ids) == {403}
        assert alike(caller, "POST", f"{here}partner/", {"partner": "{}"}, ids) == {403}


def test_tickets_and_problems_out_of_sight_are_not_there(world: World, who: str) -> None:
    caller, here = Caller(world.people[who]), f"tickets/{world.here.ref}/"
    unseen = ["WD-999999", world.elsewhere.ref]
    # Who asked for the private ticket sees it.
    unseen += [] if who == "owner" else [world.secret.ref]
    insider = actor(world.people["insider"])
    hidden = open_problem(title="Secret", category=world.secret.category, by=insider, now=NOW)
    for method, path, body, names in (
        ("POST", f"{here}merge/", {"into": "{}"}, unseen),
        ("POST", f"{here}links/", {"relation": "relates", "ticket": "{}"}, unseen),
        ("DELETE", f"{here}links/relates/{{}}/", None, unseen),
        ("POST", f"{here}problem/", {"problem": "{}"}, ["PRB-999999", hidden.ref]),
        ("GET", "tickets/{}/", None, unseen),
        ("POST", "tickets/{}/assign/", {"assignee": None}, unseen),
        ("PATCH", "tickets/{}/", {"organization": 1}, unseen),
    ):
        alike(caller, method, path, body, names)


def test_what_stands_on_tickets_is_not_told_by_its_ids(world: World, who: str) -> None:
    caller, here = Caller(world.people[who]), f"tickets/{world.here.ref}/"
    there = actor(world.people["other_agent"])
    task = add_sub_task(ticket=world.elsewhere, plan=Plan("Do it."), by=there, now=NOW)
    said = world.elsewhere.messages.get().pk
    hook = Webhook.objects.create(
        name="x", url="https://example.org/", owner=world.people["manager"], created_at=timezone.now()
    )
    for method, path, body, pk in (
        ("GET", f"{here}messages/{{}}/", None, said),
        ("PATCH", f"{here}messages/{{}}/", {"body": "x"}, said),
        ("GET", f"{here}sub-tasks/{{}}/", None, task.pk),
        ("PATCH", f"{here}sub-tasks/{{}}/", {"title": "x"}, task.pk),
        ("POST", f"{here}sub-tasks/{{}}/transition/", {"move": "finish"}, task.pk),
        ("GET", f"{here}sla/{{}}/why/", None, world.elsewhere.pk),
        ("GET", "webhooks/{}/", None, hook.pk),
        ("PATCH", "webhooks/{}/", {"organizations": [1]}, hook.pk),
    ):
        alike(caller, method, path, body, [_UNKNOWN, pk])


def test_private_topics_are_not_told_by_their_codes(world: World) -> None:
    caller, secret = Caller(world.people["owner"]), world.secret.category
    assert secret is not None
    codes = ["none-of-this-name", secret.code]
    assert alike(caller, "PATCH", f"tickets/{world.here.ref}/", {"category": "{}"}, codes) == {403}
