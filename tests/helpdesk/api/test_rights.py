"""Who gets in where, by tokens: each operation × standing × ticket against the oracle, and what tokens cut off."""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from helpdesk.actions import conversation, tokens, watching
from helpdesk.actions.sub_tasks import Plan, add_sub_task
from helpdesk.choices import Channel
from helpdesk.errors import DomainError
from helpdesk.models import Queue, SLACycle, Ticket, User, Watcher
from helpdesk.permissions import Right
from tests.factories import NOW, PartnerFactory, UserFactory, actor
from tests.helpdesk.api.caller import Browser, Caller, filled
from tests.helpdesk.oracle import Oracle
from tests.promises import make_policy, promise_all
from tests.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db
# Whom something lets in that no right alone names.
Whom = Callable[[Oracle, User, Ticket], bool]
_WORDS: Final = {"body": "Words."}


def _wrote(visibility: str) -> Whom:
    """Whoever wrote it, as long as they may read it."""

    def wrote(oracle: Oracle, person: User, ticket: Ticket) -> bool:
        right = Right.VIEW if visibility == "public" else Right.READ_NOTES
        author = ticket.messages.get(visibility=visibility).author
        return author == person and right in oracle.rights(person, ticket)

    return wrote


# Each operation on one ticket, with a body that is well-formed, and the right that lets somebody in.
OPERATIONS: Final[dict[str, tuple[str, str, Any, Right | Whom]]] = {
    "read": ("GET", "", None, Right.VIEW),
    "change": ("PATCH", "", {"tags": ["x"]}, Right.WORK),
    "start": ("POST", "transition/", {"move": "start"}, Right.WORK),
    "confirm": ("POST", "transition/", {"move": "confirm"}, Right.CONFIRM),
    "assign": ("POST", "assign/", {"assignee": None}, Right.ASSIGN),
    "escalate": ("POST", "escalate/", {"reason": "Deeper."}, Right.ESCALATE),
    "deescalate": ("POST", "deescalate/", {"reason": "Back."}, Right.ESCALATE),
    "acknowledge": ("POST", "acknowledge/", None, Right.ACKNOWLEDGE),
    "merge": ("POST", "merge/", {"into": "WD-999999"}, Right.WORK),
    "links": ("GET", "links/", None, Right.READ_NOTES),
    "link": ("POST", "links/", {"relation": "relates", "ticket": "{here}"}, Right.WORK),
    "unlink": ("DELETE", "links/relates/{here}/", None, Right.WORK),
    "watchers": ("GET", "watchers/", None, Right.READ_NOTES),
    "watch": ("POST", "watchers/", {}, Right.REPLY),
    "add watcher": ("POST", "watchers/", {"email": "else@example.org"}, Right.ADD_WATCHER),
    "let go": ("DELETE", "watchers/{follower}/", None, Right.WORK),
    "leave": ("DELETE", "watchers/{me}/", None, Oracle.watches),
    "messages": ("GET", "messages/", None, Right.VIEW),
    "message": ("GET", "messages/{message}/", None, Right.VIEW),
    "note read": ("GET", "messages/{note}/", None, Right.READ_NOTES),
    "reply": ("POST", "messages/", _WORDS, Right.REPLY),
    "note": ("POST", "messages/", {**_WORDS, "visibility": "internal"}, Right.WRITE_NOTES),
    "other words": ("PATCH", "messages/{message}/", _WORDS, _wrote("public")),
    "another note": ("PATCH", "messages/{note}/", _WORDS, _wrote("internal")),
    "timeline": ("GET", "timeline/", None, Right.READ_NOTES),
    "clocks": ("GET", "sla/", None, Right.READ_NOTES),
    "why": ("GET", "sla/{clock}/why/", None, Right.READ_NOTES),
    "choices": ("GET", "sla/policy/", None, Right.CHOOSE_POLICY),
    "choose": ("POST", "sla/policy/", {"by": "rules"}, Right.CHOOSE_POLICY),
    "answer": ("POST", "answers/", {"answers": {}}, Right.WORK),
    "judge": ("POST", "priority/", {"impact": 1, "urgency": 1}, Right.WORK),
    "unmerge": ("POST", "unmerge/", None, Right.WORK),
    "wait": ("POST", "partner/", {"partner": "{partner}"}, Right.WORK),
    "gather": ("POST", "problem/", {"problem": None}, Right.WORK),
    "withdraw link": ("DELETE", "guest-link/", None, Right.WORK),
    "spend": ("POST", "time/", {"minutes": 5}, Right.WRITE_NOTES),
    "sub-tasks": ("GET", "sub-tasks/", None, Right.READ_NOTES),
    "sub-task": ("GET", "sub-tasks/{task}/", None, Right.READ_NOTES),
    "add sub-task": ("POST", "sub-tasks/", {"title": "This."}, Right.WORK),
    "change sub-task": ("PATCH", "sub-tasks/{task}/", {"title": "That."}, Right.WORK),
    "finish sub-task": ("POST", "sub-tasks/{task}/transition/", {"move": "finish"}, Right.WORK),
}
WHO: Final = ("owner", "organization_manager", "agent", "auditor")
# Who comes by no token is told of in `test_matrix`.
OTHERS: Final = tuple(name for name in PEOPLE if name not in {*WHO, "deactivated_administrator"})


def make_busy_world() -> World:
    """A world in which there is one of everything on each ticket."""
    promise_all(make_policy())
    return with_one_of_each(make_world())


def with_one_of_each(made: World) -> World:
    """The same world with it, but for clocks."""
    for name, ticket in (("agent", made.here), ("insider", made.secret), ("other_agent", made.elsewhere)):
        # Somebody who follows it and is none of those who are asked about.
        Watcher.objects.create(ticket=ticket, user=UserFactory.create(name="follower"), admitted=True)
        by = actor(made.people[name], Channel.DESK)
        conversation.add_note(ticket=ticket, body="Inside.", by=by, now=NOW)
        add_sub_task(ticket=ticket, plan=Plan("Do it."), by=by, now=NOW)
    return made


@pytest.fixture
def world() -> World:
    return make_busy_world()


def test_every_operation_on_a_ticket_is_walked() -> None:
    found = {
        (method.upper(), str(pattern.pattern).removeprefix("tickets/<str:ref>/"))
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "api"
        for pattern in resolver.url_patterns
        if str(pattern.pattern).startswith("tickets/<str:ref>/")
        for method in ("get", "post", "patch", "delete")
        if hasattr(pattern.callback.cls, method)
    }
    ids = ("{message}", "{note}", "{task}", "{clock}", "{follower}", "{me}")
    named = {**dict.fromkeys(ids, "<int:pk>"), "relates/{here}": "<str:relation>/<str:other>"}
    walked = set()
    for method, path, _body, _right in OPERATIONS.values():
        walked.add((method, reduce(lambda text, pair: text.replace(*pair), named.items(), path)))
    assert found == walked


def places_of(ticket: Ticket, person: User) -> dict[str, Any]:
    """What stands in the places of addresses and bodies for this ticket."""
    said = {message.visibility: message.pk for message in ticket.messages.all()}
    return {
        "{here}": ticket.ref,
        "{message}": said["public"],
        "{note}": said["internal"],
        "{task}": ticket.sub_tasks.get().pk,
        "{clock}": SLACycle.objects.filter(ticket=ticket, target_seconds__isnull=False).earliest("pk").pk,
        "{follower}": Watcher.objects.get(ticket=ticket, user__name="follower").user_id,
        "{me}": person.pk,
        "{partner}": PartnerFactory.create().pk,
    }


def misled(caller: Caller, world: World, person: User, within: Queue | None = None) -> list[str]:
    """The operations that let in whom the oracle does not name, or the other way round.

    `within` is the queue beyond which the caller's token leads nowhere.
    """
    oracle, wrong = Oracle(), []
    for which, ticket in (("here", world.here), ("elsewhere", world.elsewhere), ("secret", world.secret)):
        places, rights = places_of(ticket, person), oracle.rights(person, ticket)
        is_reached = within is None or ticket.queue == within
        for operation, (method, path, body, whom) in OPERATIONS.items():
            before = transaction.savepoint()
            answer = caller.send(method, f"tickets/{ticket.ref}/{filled(path, places)}", filled(body, places))
            transaction.savepoint_rollback(before)
            assert answer.status_code < 500, (operation, which)
            let_in = answer.status_code not in {403, 404} or (
                # The other ticket of a merge is not there for anybody.
                operation == "merge" and "WD-999999" in answer.content.decode()
            )
            named = whom in rights if isinstance(whom, Right) else whom(oracle, person, ticket)
            if let_in is not (is_reached and named):
                wrong.append(f"{operation} {which}: {answer.status_code}")
    return wrong


@pytest.mark.parametrize("name", [*WHO, *(pytest.param(other, marks=pytest.mark.long) for other in OTHERS)])
def test_each_operation_lets_in_whom_the_oracle_names(world: World, name: str) -> None:
    assert misled(Caller(world.people[name]), world, world.people[name]) == []


@pytest.mark.long
@pytest.mark.parametrize("name", [*WHO, *OTHERS])
def test_token_of_a_queue_does_with_its_tickets_what_its_person_may(world: World, name: str) -> None:
    person = world.people[name]
    for queue in (world.queue, world.elsewhere.queue):
        assert misled(Caller(person, queues=(queue,)), world, person, queue) == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["insider", "owner"])
def test_session_does_what_a_token_does(world: World, name: str) -> None:
    assert misled(Browser(world.people[name]), world, world.people[name]) == []


def test_reading_token_changes_nothing(world: World) -> None:
    agent, here = world.people["agent"], world.here
    caller = Caller(agent, "tickets:read")
    watching.watch(ticket=here, by=actor(agent), now=NOW)
    version = Ticket.objects.get(pk=here.pk).version
    places = {**places_of(here, agent), "{here}": world.elsewhere.ref}
    for method, path, body, _whom in OPERATIONS.values():
        if method != "GET":
            answer = caller.send(method, f"tickets/{here.ref}/{filled(path, places)}", filled(body, places))
            assert answer.status_code == 403, path
    assert caller.post("tickets/", {"subject": "No", "body": "No.", "queue": world.queue.code}).status_code == 403
    assert Ticket.objects.get(pk=world.here.pk).version == version


def test_token_without_a_scope_for_it_sees_no_ticket(world: World) -> None:
    caller = Caller(world.people["administrator"], "setup:read")
    assert caller.get(f"tickets/{world.here.ref}/").status_code == 404
    assert caller.get("tickets/").json()["results"] == []
    assert caller.get("people/").status_code == 403


def test_token_of_some_queues_leads_nowhere_else(world: World) -> None:
    caller = Caller(world.people["manager"], queues=(world.elsewhere.queue,))
    assert [row["ref"] for row in caller.get("tickets/").json()["results"]] == [world.elsewhere.ref]
    assert caller.get(f"tickets/{world.here.ref}/").status_code == 404
    assert caller.get("tickets/?q=printer").json()["results"][0]["ref"] == world.elsewhere.ref
    assert caller.patch(f"tickets/{world.elsewhere.ref}/", {"queue": world.queue.code}).status_code == 403
    body = {"subject": "There", "body": "Words.", "queue": world.queue.code}
    assert caller.post("tickets/", body).status_code == 403
    assert [row["code"] for row in caller.get("queues/").json()] == [world.elsewhere.queue.code]


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Bearer ", "Bearer x", "Basic dXNlcjpwYXNz", "Token {token}", "Bearer {token}x", "Bearer {key}_",
        "Bearer {wrong}",
    ],
)  # fmt: skip
def test_nobody_comes_by_anything_but_a_token(world: World, header: str) -> None:
    text = Caller(world.people["agent"]).text
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    sent = header.format(token=text, key=text[:15], wrong=wrong)
    answer = Client(headers={"Authorization": sent} if sent else {}).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Client().get(f"/api/v1/me/?token={text}").status_code == 401


def test_token_ends_by_its_day_by_revocation_and_with_its_person(world: World) -> None:
    person = world.people["agent"]
    caller = Caller(person)
    assert caller.get("me/").json()["scopes"] == sorted(caller.row.scopes)
    tokens.revoke_token(token=caller.row, by=actor(person), now=NOW)
    assert caller.get("me/").status_code == 401
    other = Caller(person)
    other.row.expires_at = NOW - timedelta(days=1)
    other.row.save(update_fields=["expires_at"])
    assert other.get("me/").status_code == 401
    third = Caller(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert third.get("me/").status_code == 401


def test_rotation_leaves_nobody_outside_meanwhile(world: World) -> None:
    person = world.people["agent"]
    caller, now = Caller(person), timezone.now()
    new, text = tokens.rotate_token(token=caller.row, overlap=timedelta(hours=1), by=actor(person), now=now)
    other = Client(headers={"Authorization": f"Bearer {text}"})
    assert new.scopes == caller.row.scopes
    assert caller.get("me/").status_code == other.get("/api/v1/me/").status_code == 200
    with pytest.raises(DomainError):
        tokens.rotate_token(token=caller.row, overlap=timedelta(), by=actor(person), now=now)
    tokens.rotate_token(token=new, overlap=timedelta(), by=actor(person), now=now)
    assert other.get("/api/v1/me/").status_code == 401


def test_minute_has_so_many_requests(world: World) -> None:
    caller = Caller(world.people["agent"], per_minute=2)
    answers = [caller.get("me/") for _number in range(5)]
    assert [answer.status_code for answer in answers][-1] == 429
    assert answers[0]["RateLimit-Policy"] == '"default";q=2;w=60'
    assert int(answers[-1]["Retry-After"]) > 0
