"""`Idempotency-Key` on everything that is posted: once for each key, answered the same, and another body is refused."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from helpdesk.actions import webhooks
from helpdesk.actions.problems import open_problem
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.actions.tokens import rotate_token
from helpdesk.actions.webhooks import Wanted
from helpdesk.choices import Channel, PrioritySource, ResolutionKind, Role, Status
from helpdesk.models import (
    Blob,
    Figure,
    IdempotencyKey,
    Message,
    Problem,
    Queue,
    SubTask,
    Ticket,
    TimeEntry,
    User,
    Webhook,
)
from tests.factories import NOW, CategoryFactory, PartnerFactory, actor, make_ticket
from tests.helpdesk.api.caller import Caller, filled
from tests.receiver import Receiver
from tests.together import together
from tests.world import World, make_world

_UPLOAD: Final = "uploads/"
# Each address to which something is posted, with a body that is carried out.
POSTS: Final[dict[str, Any]] = {
    "tickets/": {"subject": "Once", "body": "Only.", "queue": "{queue}"},
    "tickets/<str:ref>/transition/": {"move": "start"},
    "tickets/<str:ref>/assign/": {"assignee": None},
    "tickets/<str:ref>/escalate/": {"reason": "Deeper."},
    "tickets/<str:ref>/deescalate/": {"reason": "Back."},
    "tickets/<str:ref>/acknowledge/": None,
    "tickets/<str:ref>/merge/": {"into": "{other}", "knowing": True},
    "tickets/<str:ref>/unmerge/": None,
    "tickets/<str:ref>/partner/": {"partner": "{partner}"},
    "tickets/<str:ref>/answers/": {"answers": {}},
    "tickets/<str:ref>/priority/": {"impact": 1, "urgency": 1},
    "tickets/<str:ref>/problem/": {"problem": "{problem}"},
    "tickets/<str:ref>/time/": {"minutes": 5},
    "tickets/<str:ref>/sla/policy/": {"by": "hand", "policy": None},
    "tickets/<str:ref>/sub-tasks/": {"title": "This."},
    "tickets/<str:ref>/sub-tasks/<int:pk>/transition/": {"move": "finish"},
    "tickets/<str:ref>/links/": {"relation": "relates", "ticket": "{other}"},
    "tickets/<str:ref>/watchers/": {"email": "else@example.org"},
    "tickets/<str:ref>/messages/": {"body": "Words."},
    _UPLOAD: None,
    "people/": {"name": "New Person", "email": "new@example.org"},
    "webhooks/": {"name": "Wiki", "url": "{hook}"},
    "webhooks/<int:pk>/test/": {},
    "webhooks/<int:pk>/rotate/": {"at_once": True},
    "webhooks/<int:pk>/replay/": {"since": "2020-01-01T00:00:00Z"},
    "webhooks/<int:pk>/deliveries/<int:delivery>/replay/": {},
    "figures/": {"system": "shop", "components": [{"component": "web", "health": "up"}]},
}
# What has to be done first.
FIRST: Final[dict[str, tuple[str, Any]]] = {
    "deescalate": ("escalate", {"reason": "Deeper."}),
    "unmerge": ("merge", {"into": "{other}", "knowing": True}),
    "partner": ("transition", {"move": "hold", "text": "We wait."}),
}


@pytest.fixture
def world() -> World:
    return make_world()


def upload(caller: Caller, text: str, *, Idempotency_Key: str) -> HttpResponse:  # noqa: N803 - as of other requests
    file = SimpleUploadedFile("log.txt", text.encode())
    return caller.client.post("/api/v1/uploads/", {"file": file}, headers={"Idempotency-Key": Idempotency_Key})


def test_each_address_is_tried() -> None:
    found = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "api"
        for pattern in resolver.url_patterns
        if hasattr(getattr(pattern.callback, "cls", None), "post")
    }
    assert found == set(POSTS)


@pytest.mark.django_db
def test_same_key_is_answered_the_same_and_another_body_is_refused(world: World, receiver: Receiver) -> None:
    person = world.people["administrator"]
    Queue.objects.filter(pk=world.queue.pk).update(priority_source=PrioritySource.WEIGHED)
    by, now = actor(person, Channel.DESK), timezone.now()
    webhook, _secret = webhooks.add_webhook(wanted=Wanted("Old", receiver.url("/old")), by=by, now=now)
    task = add_sub_task(ticket=world.here, plan=Plan("Do it."), by=by, now=now)
    places = {
        "<str:ref>": world.here.ref,
        "sub-tasks/<int:pk>": f"sub-tasks/{task.pk}",
        "<int:pk>": webhook.pk,
        "{partner}": PartnerFactory.create().pk,
        "<int:delivery>": webhooks.send_test(webhook=webhook, by=by, now=now).pk,
        "{problem}": open_problem(title="The disk", by=by, now=now).ref,
        "{queue}": world.queue.code,
        "{other}": make_ticket(world.people["owner"], world.queue).ref,
        "{hook}": receiver.url(),
    }
    caller = Caller(person)
    # A key of another request.
    other_one = {**filled(POSTS["tickets/"], places), "subject": "Other"}
    assert caller.post("tickets/", other_one, Idempotency_Key="used").status_code == 201
    for path, wanted in POSTS.items():
        before = transaction.savepoint()
        where, body = filled(path, places), filled(wanted, places)
        if (name := path.split("/")[-2]) in FIRST:
            earlier, given = FIRST[name]
            done = caller.post(f"tickets/{world.here.ref}/{earlier}/", filled(given, places))
            assert done.status_code == 200, done.content
        post = partial(upload, caller, "x") if path == _UPLOAD else partial(caller.post, where, body)
        first, second, other = (post(Idempotency_Key=key) for key in ("k", "k", "used"))
        transaction.savepoint_rollback(before)
        assert first.status_code < 300, first.content
        assert (second.status_code, second.content) == (first.status_code, first.content), path
        assert second["Idempotency-Replayed"] == "true", path
        assert (other.status_code, b'"repeated"' in other.content) == (422, True), path


@pytest.mark.django_db
def test_kept_answer_is_for_who_may_still_read_it(world: World) -> None:
    other, caller = make_ticket(world.people["owner"], world.queue), Caller(world.people["agent"])
    filed = {**POSTS["tickets/"], "queue": world.queue.code}
    note = {"body": "Psst.", "visibility": "internal"}
    path = f"tickets/{world.here.ref}/"
    asked: list[tuple[str, Any]] = [
        ("tickets/", filed),
        (f"{path}messages/", note),
        (f"{path}messages/", {"body": "A"}),
    ]
    asked += [(f"{path}{name}/", POSTS[f"tickets/<str:ref>/{name}/"]) for name in ("sub-tasks", "time", "transition")]
    asked.append((f"{path}merge/", {"into": other.ref, "knowing": True}))

    def statuses() -> list[int]:
        found = [caller.post(where, body, Idempotency_Key=f"k{number}") for number, (where, body) in enumerate(asked)]
        return [answer.status_code for answer in found]

    first = statuses()
    assert (first, statuses()) == ([201, 201, 201, 201, 200, 200, 200], first)
    # They leave the team, and go on seeing what they asked for themselves, as the portal shows it.
    world.team.memberships.filter(user=world.people["agent"]).update(is_active=False)
    Ticket.objects.filter(pk=world.here.pk).update(requester=world.people["agent"])
    # Of the ticket that they filed themselves, and of theirs, they read no notes; the other one is not there for them.
    assert statuses() == [403, 403, 201, 403, 403, 403, 404]


@pytest.mark.django_db
def test_kept_answer_of_the_whole_desk_is_for_who_may_still_act_there(world: World, receiver: Receiver) -> None:
    person = world.people["administrator"]
    caller, places = Caller(person), {"{hook}": receiver.url()}
    hook = caller.post("webhooks/", filled(POSTS["webhooks/"], places), Idempotency_Key="hook").json()["id"]
    paths = [path for path in POSTS if path.startswith(("people/", "webhooks/", "figures/")) and "<int:d" not in path]

    def statuses() -> list[int]:
        where = [(path, filled(path, {"<int:pk>": hook}), filled(POSTS[path], places)) for path in paths]
        return [caller.post(there, body, Idempotency_Key=path).status_code for path, there, body in where]

    first = statuses()
    assert (set(first) <= {200, 201, 202}, statuses()) == (True, first)
    User.objects.filter(pk=person.pk).update(role=Role.REQUESTER)
    assert set(statuses()) == {403}


@pytest.mark.django_db
def test_file_that_is_gone_is_not_named_again(world: World, settings: LazySettings) -> None:
    caller = Caller(world.people["owner"])
    sent, lost = (upload(caller, text, Idempotency_Key=text) for text in ("sent", "lost"))
    message = {"body": "See there.", "uploads": [sent.json()["upload"]]}
    assert caller.post(f"tickets/{world.here.ref}/messages/", message).status_code == 201
    Blob.objects.update(recorded_at=timezone.now() - timedelta(days=2))
    again = upload(caller, "sent", Idempotency_Key="sent")
    assert (again.status_code, again.content) == (201, sent.content)
    assert (lost.status_code, upload(caller, "lost", Idempotency_Key="lost").status_code) == (201, 404)
    assert upload(caller, "lost", Idempotency_Key="lost-again").status_code == 201
    settings.SECRET_KEY = "another one"
    assert upload(caller, "lost", Idempotency_Key="lost-again").status_code == 404


@pytest.mark.django_db
def test_a_message_is_answered_by_itself(world: World) -> None:
    """Never by another one of the same words, and by what it said where it was changed since."""
    caller, path = Caller(world.people["agent"]), f"tickets/{world.here.ref}/messages/"
    told = [caller.post(path, {"body": "Restarted."}, Idempotency_Key=key).json() for key in ("a", "b")]
    note = caller.post(path, {"body": "Restarted.", "visibility": "internal"}).json()
    assert len({told[0]["id"], told[1]["id"], note["id"]}) == 3
    assert caller.patch(f"{path}{told[0]['id']}/", {"body": "Started."}).status_code == 200
    again = [caller.post(path, {"body": "Restarted."}, Idempotency_Key=key).json() for key in ("a", "b")]
    assert again == told


@pytest.mark.django_db
def test_words_that_come_too_late_are_told_where_they_stand(world: World) -> None:
    Ticket.objects.filter(pk=world.here.pk).update(
        status=Status.CLOSED, closed_at=NOW - timedelta(days=90), resolved_at=NOW - timedelta(days=90),
        resolution_kind=ResolutionKind.FIXED, first_answer_at=NOW - timedelta(days=90), unanswered_since=None,
    )  # fmt: skip
    caller = Caller(world.people["owner"])
    answers = [
        caller.post(f"tickets/{world.here.ref}/messages/", {"body": "It is back."}, Idempotency_Key="k")
        for _number in range(2)
    ]
    assert [(one.status_code, one.content) for one in answers] == [(201, answers[0].content)] * 2
    new = Ticket.objects.get(follows=world.here)
    assert f"/{new.ref}/" in answers[0]["Location"]
    assert caller.get(answers[0]["Location"].removeprefix("/api/v1/")).json()["body"] == "It is back."


@pytest.mark.django_db
def test_kept_answer_names_nothing_that_is_hidden_by_now(world: World) -> None:
    caller, earlier = Caller(world.people["agent"]), make_ticket(world.people["owner"], world.queue)
    problem = open_problem(title="The disk", by=actor(world.people["agent"], Channel.DESK), now=timezone.now())
    Ticket.objects.filter(pk=world.here.pk).update(follows=earlier, problem=problem)
    send = partial(caller.post, f"tickets/{world.here.ref}/time/", {"minutes": 5}, Idempotency_Key="k")
    told = send()
    assert (told.json()["follows"], told.json()["problem"]) == (earlier.ref, problem.ref)
    assert send().content == told.content
    for model, pk in ((Ticket, earlier.pk), (Problem, problem.pk)):
        rows = model._default_manager.filter(pk=pk)
        rows.update(category=world.secret.category)
        refused = send()
        assert refused.status_code == 403, model
        assert earlier.ref not in str(refused.content)
        assert problem.ref not in str(refused.content)
        rows.update(category=None)
    assert send().status_code == 200


@pytest.mark.django_db
def test_token_that_came_in_the_place_of_another_knows_its_keys(world: World) -> None:
    person = world.people["agent"]
    caller, stranger = Caller(person), Caller(person)
    path, body = f"tickets/{world.here.ref}/messages/", {"body": "Once."}
    told = [caller.post(path, body, Idempotency_Key="k")]
    row = caller.row
    for _number in range(2):
        row, text = rotate_token(token=row, overlap=timedelta(hours=1), by=actor(person), now=timezone.now())
        caller.client = Client(headers={"Authorization": f"Bearer {text}"})
        told.append(caller.post(path, body, Idempotency_Key="k"))
    assert {(one.status_code, one.content) for one in told} == {(201, told[0].content)}
    assert stranger.post(path, body, Idempotency_Key="k").json()["id"] != told[0].json()["id"]


@pytest.mark.django_db
def test_another_file_by_the_same_key_is_refused(world: World) -> None:
    caller = Caller(world.people["owner"])
    assert upload(caller, "x", Idempotency_Key="k").status_code == 201
    assert upload(caller, "y", Idempotency_Key="k").status_code == 422
    assert Blob.objects.count() == 1


@pytest.mark.django_db
def test_secret_of_a_webhook_is_kept_sealed(world: World, receiver: Receiver) -> None:
    caller = Caller(world.people["administrator"])
    body = {"name": "Wiki", "url": receiver.url()}
    secret = caller.post("webhooks/", body, Idempotency_Key="k").json()["secret"]
    assert all(secret not in str(row.result) for row in IdempotencyKey.objects.all())
    assert caller.post("webhooks/", body, Idempotency_Key="k").json()["secret"] == secret


@pytest.mark.django_db
def test_what_cannot_be_answered_is_not_done(world: World, receiver: Receiver) -> None:
    """As when the process dies before its answer is kept: nothing came of it, and the same key does it then."""
    caller = Caller(world.people["administrator"])
    made = {"people/": User, "webhooks/": Webhook, "figures/": Figure, _UPLOAD: Blob, "messages": Message}
    for path, model in made.items():
        before = model._default_manager.count()
        where = f"tickets/{world.here.ref}/messages/" if path == "messages" else path
        body = filled(POSTS.get(path, {"body": "Words."}), {"{hook}": receiver.url()})
        post = partial(upload, caller, "x") if path == _UPLOAD else partial(caller.post, where, body)
        with no_answer_is_kept(), pytest.raises(DatabaseError):
            post(Idempotency_Key=path)
        assert model._default_manager.count() == before, path
        assert [post(Idempotency_Key=path).status_code for _number in range(2)] == [201, 201], path
        assert model._default_manager.count() == before + 1, path


@contextlib.contextmanager
def no_answer_is_kept() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RAISE 'no room'; END $$;"
            "CREATE TRIGGER fails BEFORE UPDATE ON helpdesk_idempotencykey EXECUTE FUNCTION pg_temp.fail()"
        )
        yield
        cursor.execute("DROP TRIGGER fails ON helpdesk_idempotencykey")


@pytest.mark.django_db(transaction=True)
def test_same_key_at_the_same_moment_makes_one_of_each(world: World, receiver: Receiver) -> None:
    caller = Caller(world.people["administrator"])
    made = {
        "people/": User,
        "webhooks/": Webhook,
        "figures/": Figure,
        _UPLOAD: Blob,
        "tickets/<str:ref>/messages/": Message,
        "tickets/<str:ref>/sub-tasks/": SubTask,
        "tickets/<str:ref>/time/": TimeEntry,
    }
    for path, model in made.items():
        before = model._default_manager.count()
        where, body = filled(path, {"<str:ref>": world.here.ref}), filled(POSTS[path], {"{hook}": receiver.url()})
        post = partial(upload, caller, "x") if path == _UPLOAD else partial(caller.post, where, body)
        send = partial(post, Idempotency_Key=path)
        answers = together(send, send, send)
        assert {answer.status_code for answer in answers} <= {200, 201}, (path, [one.content for one in answers])
        assert len({answer.content for answer in answers}) == 1, path
        assert model._default_manager.count() == before + 1, path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("names", [("owner", "organization_manager"), ("agent", "team_lead")])
def test_of_two_who_saw_the_same_one_writes(world: World, names: tuple[str, str]) -> None:
    callers = [Caller(world.people[name]) for name in names]
    path = f"tickets/{world.here.ref}/"
    for _number in range(3):
        tags = [caller.get(path)["ETag"] for caller in callers]
        before = Message.objects.filter(ticket=world.here).count()
        pairs = zip(callers, tags, strict=True)
        answers = together(
            *(partial(one.post, f"{path}messages/", {"body": "Mine."}, If_Match=tag) for one, tag in pairs)
        )
        assert sorted(answer.status_code for answer in answers) == [201, 412], [one.content for one in answers]
        assert Message.objects.filter(ticket=world.here).count() == before + 1


@pytest.mark.django_db
def test_note_of_the_desk_is_no_change_for_who_does_not_read_it(world: World) -> None:
    owner, agent = Caller(world.people["owner"]), Caller(world.people["agent"])
    path = f"tickets/{world.here.ref}/"
    tag = owner.get(path)["ETag"]
    assert agent.post(f"{path}messages/", {"body": "Psst.", "visibility": "internal"}).status_code == 201
    assert owner.post(f"{path}messages/", {"body": "More."}, If_Match=tag).status_code == 201
    assert owner.post(f"{path}messages/", {"body": "Once more."}, If_Match=tag).status_code == 412


@pytest.mark.django_db
def test_what_everybody_reads_is_a_change_for_everybody(world: World) -> None:
    owner, agent = Caller(world.people["owner"]), Caller(world.people["agent"])
    path, topic = f"tickets/{world.here.ref}/", CategoryFactory.create(queue=world.queue)
    for change in ({"category": topic.code}, {"category": None}, {"organization": None}):
        before = owner.get(path)
        assert agent.patch(path, change).status_code == 200
        assert owner.get(path).json()["updated_at"] > before.json()["updated_at"], change
        assert owner.post(f"{path}messages/", {"body": "So."}, If_Match=before["ETag"]).status_code == 412, change


@pytest.mark.django_db
def test_each_change_of_a_ticket_keeps_the_demand(world: World) -> None:
    caller = Caller(world.people["administrator"])
    path = f"tickets/{world.here.ref}/"
    tag = caller.get(path)["ETag"]
    caller.post(f"{path}messages/", {"body": "News.", "visibility": "internal"})
    places = {"{other}": world.elsewhere.ref, "{partner}": PartnerFactory.create().pk}
    names = "transition assign escalate deescalate merge messages partner sla/policy problem"
    for name in names.split():
        body = filled(POSTS[f"tickets/<str:ref>/{name}/"], places)
        assert caller.post(f"{path}{name}/", body, If_Match=tag).status_code == 412, name
    assert caller.patch(path, {"priority": 1}, If_Match=tag).status_code == 412
    assert Ticket.objects.get(pk=world.here.pk).status == world.here.status
