"""`ETag`, `If-None-Match` and `If-Match` of what is read and changed by an address of its own."""

from functools import partial
from typing import Any, Final

import pytest

from helpdesk.models import MessageRevision, SubTask, Webhook
from tests.helpdesk.api.caller import Caller
from tests.receiver import Receiver
from tests.together import together
from tests.world import World, make_world

# What each is made by, and two changes of it.
KINDS: Final[dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
    "messages": ({"body": "The cabel."}, {"body": "The cable."}, {"body": "The cord."}),
    "sub-tasks": ({"title": "Swap it"}, {"title": "Swap both"}, {"due_on": "2026-03-05"}),
    "webhooks": ({"name": "Wiki"}, {"name": "Pedia"}, {"in_order": False}),
    "tickets": ({"subject": "Disk", "body": "Full."}, {"priority": 1}, {"tags": ["db"]}),
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def caller(world: World) -> Caller:
    return Caller(world.people["administrator"])


def made(kind: str, caller: Caller, world: World, receiver: Receiver) -> tuple[str, str]:
    """Where another one is, and the tag with which it was made."""
    at_ticket = f"tickets/{world.here.ref}/" if kind in {"messages", "sub-tasks"} else ""
    # The same sub-task again would be the same one.
    title = f"Swap disk {SubTask.objects.count()}"
    more = {"webhooks": {"url": receiver.url()}, "tickets": {"queue": world.queue.code}, "sub-tasks": {"title": title}}
    answer = caller.post(f"{at_ticket}{kind}/", {**KINDS[kind][0], **more.get(kind, {})})
    assert answer.status_code == 201, answer.content
    return answer["Location"].removeprefix("/api/v1/"), answer["ETag"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_each_is_read_and_changed_by_a_tag_of_its_own(
    caller: Caller, world: World, receiver: Receiver, kind: str
) -> None:
    where, first = made(kind, caller, world, receiver)
    _body, change, other = KINDS[kind]
    read = caller.get(where)
    again = caller.get(where, If_None_Match=read["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", read["ETag"])
    changed = caller.patch(where, change, If_Match=first)
    assert changed.status_code == 200, changed.content
    assert caller.get(where, If_None_Match=read["ETag"]).status_code == 200
    assert caller.get(where, If_None_Match=changed["ETag"]).status_code == 304
    for old in (first, read["ETag"]):
        late = caller.patch(where, other, If_Match=old)
        assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert caller.patch(where, other, If_Match=f"{read['ETag']}, {changed['ETag']}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_tags_of_others_and_what_is_no_tag_are_refused(
    caller: Caller, world: World, receiver: Receiver, kind: str
) -> None:
    where, tag = made(kind, caller, world, receiver)
    foreign = [made(one, caller, world, receiver)[1] for one in KINDS]
    bare = tag.strip('"')
    for wrong in (*foreign, "", '""', "x", bare, f'"{bare}', f'x"{bare}"', f'"{bare}" y', f"{bare}, *", "**"):
        assert caller.patch(where, KINDS[kind][1], If_Match=wrong).status_code == 412, wrong
    assert caller.patch(where, KINDS[kind][1], If_Match="*").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_of_two_who_demand_the_same_one_changes_it(caller: Caller, world: World, receiver: Receiver, kind: str) -> None:
    where, tag = made(kind, caller, world, receiver)
    answers = together(*(partial(caller.patch, where, change, If_Match=tag) for change in KINDS[kind][1:]))
    assert sorted(answer.status_code for answer in answers) == [200, 412], [one.content for one in answers]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["sub-tasks", "webhooks"])
def test_two_who_demand_nothing_and_change_different_things_change_both(
    caller: Caller, world: World, receiver: Receiver, kind: str
) -> None:
    where, _tag = made(kind, caller, world, receiver)
    answers = together(*(partial(caller.patch, where, change) for change in KINDS[kind][1:]))
    assert [answer.status_code for answer in answers] == [200, 200], [one.content for one in answers]
    rows = SubTask.objects.values("title", "due_on") if kind == "sub-tasks" else Webhook.objects.values()
    (row,) = rows
    found = str([row["title"], str(row["due_on"])] if kind == "sub-tasks" else [row["name"], row["is_ordered"]])
    assert found == {"sub-tasks": "['Swap both', '2026-03-05']", "webhooks": "['Pedia', False]"}[kind]


@pytest.mark.django_db
def test_news_on_the_ticket_is_no_change_of_what_stands_on_it(caller: Caller, world: World, receiver: Receiver) -> None:
    message, tag = made("messages", caller, world, receiver)
    task, task_tag = made("sub-tasks", caller, world, receiver)
    assert caller.post(f"tickets/{world.here.ref}/messages/", {"body": "More."}).status_code == 201
    assert caller.patch(message, {"body": "Other words."}, If_Match=tag).status_code == 200
    assert caller.patch(task, {"title": "Swap all"}, If_Match=task_tag).status_code == 200
    # Told by the body too, it counts as well.
    stale = caller.patch(message, {"body": "Again.", "revision": 0}, If_Match=caller.get(message)["ETag"])
    assert stale.status_code == 409
    assert MessageRevision.objects.count() == 1


@pytest.mark.django_db
def test_what_becomes_of_calls_is_no_change_of_a_webhook(caller: Caller, world: World, receiver: Receiver) -> None:
    where, tag = made("webhooks", caller, world, receiver)
    before = caller.get(where)["ETag"]
    Webhook.objects.update(failures=3, failing_since=world.here.created_at)
    assert caller.get(where, If_None_Match=before).status_code == 200
    assert caller.patch(where, {"name": "Pedia"}, If_Match=tag).status_code == 200
