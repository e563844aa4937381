"""What agents do in a ticket's panels, done by the API: steps, partners, promises, minutes, merges undone."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from helpdesk import presets
from helpdesk.actions._guest_links import grant
from helpdesk.actions.problems import change_problem, open_problem
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.actors import SYSTEM
from helpdesk.choices import PrioritySource
from helpdesk.models import AuditEvent, MessageRevision, Queue, SubTask, TimeEntry
from tests.factories import NOW, CustomFieldFactory, PartnerFactory, actor, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.promises import make_policy, promise_all
from tests.together import together
from tests.world import World, make_world


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.django_db
def test_sub_task_is_added_changed_and_finished(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/sub-tasks/"
    me = world.people["agent"]
    made = caller.post(path, {"title": "Swap the disk", "assignee": me.pk, "holds_resolution": True})
    assert made.status_code == 201, made.json()
    where = made["Location"].removeprefix("/api/v1/")
    changed = caller.patch(where, {"due_on": "2026-03-05"}).json()
    assert (changed["title"], changed["due_on"], changed["assignee"]["id"]) == ("Swap the disk", "2026-03-05", me.pk)
    resolve = {"move": "resolve", "resolution_kind": "fixed", "text": "Done."}
    assert caller.post(f"tickets/{world.here.ref}/transition/", resolve).status_code == 409
    assert caller.post(f"{where}transition/", {"move": "finish"}).json()["state"] == "done"
    assert caller.post(f"{where}transition/", {"move": "drop"}).status_code == 409
    assert caller.post(f"{where}transition/", {"move": "reopen"}).json()["state"] == "to_do"
    assert caller.post(f"{where}transition/", {"move": "drop"}).json()["state"] == "dropped"
    assert caller.get(path).json() == []
    assert caller.get(where).json()["state"] == "dropped"
    stranger = caller.patch(where, {"assignee": world.people["other_agent"].pk})
    assert (stranger.status_code, stranger.json()["errors"][0]["field"]) == (422, "assignee")
    assert caller.get(f"tickets/{world.elsewhere.ref}/sub-tasks/{made.json()['id']}/").status_code == 404


@pytest.mark.django_db
def test_sub_tasks_are_read_by_as_many_queries_however_many(
    world: World, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    caller, by = Caller(world.people["agent"]), actor(world.people["agent"])
    path = f"tickets/{world.here.ref}/sub-tasks/"
    plan = Plan("One", assignee=world.people["agent"])
    add_sub_task(ticket=world.here, plan=plan, by=by, now=timezone.now())
    caller.get(path)
    with django_assert_max_num_queries(20) as counted:
        assert len(caller.get(path).json()) == 1
    for title in ("Two", "Three"):
        add_sub_task(ticket=world.here, plan=Plan(title, assignee=by.person), by=by, now=timezone.now())
    with django_assert_num_queries(len(counted)):
        assert len(caller.get(path).json()) == 3


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_a_sub_task_at_once_are_both_kept(world: World) -> None:
    caller = Caller(world.people["agent"])
    made = caller.post(f"tickets/{world.here.ref}/sub-tasks/", {"title": "Swap the disk"})
    where = made["Location"].removeprefix("/api/v1/")
    changes = ({"title": "Swap both disks"}, {"due_on": "2026-03-05"})
    answers = together(*(partial(caller.patch, where, change) for change in changes))
    assert [answer.status_code for answer in answers] == [200, 200], [answer.content for answer in answers]
    task = SubTask.objects.get()
    assert (task.title, str(task.due_on)) == ("Swap both disks", "2026-03-05")


@pytest.mark.django_db
def test_ticket_waits_on_a_partner(world: World) -> None:
    caller, partner = Caller(world.people["agent"]), PartnerFactory.create()
    path = f"tickets/{world.here.ref}/"
    wait = {"partner": partner.pk, "reference": "INC-7"}
    assert caller.post(f"{path}partner/", wait).status_code == 409
    hold = {"move": "hold", "text": "They look at it.", "partner": partner.pk, "partner_reference": "INC-1"}
    assert caller.post(f"{path}transition/", hold).json()["status"] == "on_hold"
    assert caller.get(f"{path}?expand=waits").json()["waits"]["reference"] == "INC-1"
    assert caller.post(f"{path}partner/", wait).status_code == 200
    told = caller.get(f"{path}?expand=waits").json()["waits"]
    assert (told["partner"]["name"], told["reference"]) == (partner.name, "INC-7")
    assert caller.post(f"{path}partner/", {"partner": 2**40}).json()["errors"][0]["field"] == "partner"
    assert [row["name"] for row in caller.get("partners/").json()["results"]] == [partner.name]
    assert Caller(world.people["owner"]).get("partners/").status_code == 403
    assert "waits" not in Caller(world.people["owner"]).get(f"{path}?expand=waits").json()


@pytest.mark.django_db
def test_promise_is_chosen_knowing_what_it_does(world: World) -> None:
    usual, other = make_policy(), make_policy()
    promise_all(usual)
    ticket = make_ticket(world.people["owner"], world.queue)
    caller = Caller(world.people["team_lead"])
    path = f"tickets/{ticket.ref}/sla/policy/"
    offered = caller.get(path).json()
    assert [(one["by"], one["policy"], one["is_chosen"]) for one in offered] == [
        ("rules", None, True), ("hand", None, False), ("hand", usual.code, False), ("hand", other.code, False),
    ]  # fmt: skip
    assert all(effect["after"] is None for effect in offered[1]["effects"])
    assert caller.post(path, {"by": "hand", "policy": other.code}).status_code == 200
    assert [one["is_chosen"] for one in caller.get(path).json()] == [False, False, False, True]
    assert caller.post(path, {"by": "rules", "policy": other.code}).status_code == 422
    assert caller.post(path, {"by": "hand", "policy": "none"}).json()["errors"][0]["field"] == "policy"
    assert caller.post(path, {"by": "rules"}).status_code == 200
    assert caller.get(path).json()[0]["is_chosen"] is True
    assert Caller(world.people["agent"]).get(path).status_code == 403


@pytest.mark.django_db
def test_minutes_are_entered(world: World) -> None:
    caller = Caller(world.people["agent"])
    told = caller.post(f"tickets/{world.here.ref}/time/", {"minutes": 12, "what": "Read logs"})
    assert told.json()["minutes_spent"] == 12, told.json()
    assert TimeEntry.objects.get().what == "Read logs"


@pytest.mark.django_db
def test_author_alone_mends_words_and_what_they_said_is_kept(world: World) -> None:
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/messages/"
    said = caller.post(path, {"body": "It is the cabel."})
    where = said["Location"].removeprefix("/api/v1/")
    mended = caller.patch(where, {"body": "It is the cable.", "revision": said.json()["revision"]})
    assert (mended.status_code, mended.json()["body"]) == (200, "It is the cable."), mended.json()
    assert mended.json()["edited_at"] is not None
    assert caller.patch(where, {"body": "Late.", "revision": said.json()["revision"]}).status_code == 409
    assert MessageRevision.objects.get().body == "It is the cabel."
    for name in ("team_lead", "owner"):
        assert Caller(world.people[name]).patch(where, {"body": "Mine."}).status_code == 403
    assert Caller(world.people["stranger"]).patch(where, {"body": "Mine."}).status_code == 404
    assert Caller(world.people["agent"], "tickets:read").patch(where, {"body": "Mine."}).status_code == 403


@pytest.mark.django_db
def test_merge_is_undone(world: World) -> None:
    caller = Caller(world.people["agent"])
    other = make_ticket(world.people["owner"], world.queue)
    path = f"tickets/{world.here.ref}/"
    assert caller.post(f"{path}merge/", {"into": other.ref, "knowing": True}).json()["ref"] == other.ref
    assert caller.get(path).json()["merged_into"] == other.ref
    back = caller.post(f"{path}unmerge/")
    assert (back.status_code, back.json()["ref"], back.json()["merged_into"]) == (200, world.here.ref, None)
    assert caller.post(f"{path}unmerge/").status_code == 409


@pytest.mark.django_db
def test_questions_are_answered_all_or_none(world: World) -> None:
    caller = Caller(world.people["agent"])
    host, disks = (
        CustomFieldFactory.create(category=None, queue=world.queue, kind=kind) for kind in ("text", "number")
    )
    path = f"tickets/{world.here.ref}/"
    assert {one["key"] for one in caller.get("fields/").json()} >= {host.key, disks.key}
    wrong = caller.post(f"{path}answers/", {"answers": {host.key: "db-3", disks.key: "many"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, f"answers.{disks.key}")
    assert caller.get(f"{path}?expand=answers").json()["answers"] == []
    tag = caller.get(path)["ETag"]
    right = {"answers": {host.key: "db-3", disks.key: "4"}}
    assert caller.post(f"{path}answers/", right).status_code == 200
    told = caller.get(f"{path}?expand=answers").json()["answers"]
    assert sorted(str(one["value"]) for one in told) == ["4", "db-3"]
    assert caller.post(f"{path}answers/", {"answers": {host.key: None}}, If_Match=tag).status_code == 412
    assert caller.post(f"{path}answers/", {"answers": {host.key: None}}).status_code == 200
    assert len(caller.get(f"{path}?expand=answers").json()["answers"]) == 1
    assert caller.post(f"{path}answers/", {"answers": {"nothing": "x"}}).status_code == 409


@pytest.mark.django_db
def test_priority_is_weighed_or_measured_as_the_queue_does(world: World) -> None:
    presets.load(by=SYSTEM, now=NOW)
    caller = Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/priority/"
    measured, weighed = {"values": {"errors": "12.5"}}, {"impact": 1, "urgency": 1}
    assert [caller.post(path, body).status_code for body in (measured, weighed)] == [409, 409]
    for source, body, priority in ((PrioritySource.MEASURED, measured, 2), (PrioritySource.WEIGHED, weighed, 1)):
        Queue.objects.filter(pk=world.queue.pk).update(priority_source=source)
        assert caller.post(path, body).json()["priority"] == priority
    for nonsense in ({}, {"impact": 1}, {**measured, **weighed}, {"values": {"errors": 12}}):
        assert caller.post(path, nonsense).status_code == 422, nonsense
    errors = next(row for row in caller.get("criteria/").json() if row["code"] == "errors")
    assert (errors["unit"], errors["high_above"], errors["critical_above"]) == ("%", "10", None)
    assert Caller(world.people["owner"]).get("criteria/").status_code == 403


@pytest.mark.django_db
def test_ticket_is_gathered_under_a_problem_and_taken_out(world: World) -> None:
    person = world.people["agent"]
    caller, by = Caller(person, "tickets:write"), actor(person)
    problem = open_problem(title="The disk", by=by, now=NOW)
    path = f"tickets/{world.here.ref}/problem/"
    assert caller.post(path, {"problem": problem.ref}).json()["problem"] == problem.ref
    assert caller.post(path, {"problem": None}).json()["problem"] is None
    for wrong in ("PRB-999999", "x", world.here.ref):
        assert caller.post(path, {"problem": wrong}).status_code == 404
    # One of a private category is nobody's to find who does not belong to it.
    hidden = open_problem(title="Secret", category=world.secret.category, by=actor(world.people["insider"]), now=NOW)
    refused = caller.post(path, {"problem": hidden.ref})
    assert refused.status_code == 404
    assert "Secret" not in refused.content.decode()
    change_problem(problem=problem, changes={"cause": "Full.", "fix": "Larger.", "state": "closed"}, by=by, now=NOW)
    closed = caller.post(path, {"problem": problem.ref})
    assert (closed.status_code, closed.json()["errors"][0]["field"]) == (422, "problem")


@pytest.mark.django_db
def test_link_of_a_guest_is_withdrawn(world: World) -> None:
    caller, path = Caller(world.people["agent"]), f"tickets/{world.here.ref}/guest-link/"
    link = grant(world.here, world.people["owner"], timezone.now())
    assert caller.send("DELETE", path).status_code == caller.send("DELETE", path).status_code == 204
    link.refresh_from_db()
    assert link.revoked_at is not None
    assert AuditEvent.objects.filter(kind="guest_links_revoked").count() == 1
