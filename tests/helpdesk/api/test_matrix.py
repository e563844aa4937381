"""Every operation of the API that is not of one ticket × every standing × what there is, and every scope of tokens.

`test_rights` walks those of one ticket. What is addressed under another ticket or webhook than its own is here too.
"""

import re
from typing import Any, Final
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from helpdesk.models import Message, Ticket, User, Watcher
from helpdesk.permissions import Right
from helpdesk.scopes import TokenScope
from tests.factories import make_agent
from tests.helpdesk.api import test_rights
from tests.helpdesk.api.caller import Browser, Caller, filled
from tests.helpdesk.api.operations import CHANGING_THE_SET_UP, EVERYBODY, ROWS, make_places
from tests.helpdesk.oracle import Oracle
from tests.receiver import Receiver
from tests.world import World

pytestmark = pytest.mark.django_db
FEW: Final = ("owner", "agent", "auditor")
REST: Final = tuple(sorted(EVERYBODY - {*FEW}))
WHICH: Final = ("here", "elsewhere", "secret")
# What a token of any scope is told; lists of what its scopes do not reach are empty then.
WITH_ANY_SCOPE: Final = frozenset({"me", "tickets", "changes", "queues", "categories", "fields", "announcements"})
_FILES: Final = frozenset(f"{kind} {which}" for kind in ("public", "internal") for which in ("here", "elsewhere"))
_FILING: Final = frozenset(name for name in ROWS if name.startswith("file"))
_LISTS: Final = frozenset({"teams", "partners", "criteria", "tags"})
_ORGANIZATIONS: Final = frozenset({"organizations"})
_PEOPLE: Final = _ORGANIZATIONS | frozenset({"people", "person", "own organization", "other organization"})
# What each scope alone opens to somebody who may do it all, but for what is private to others.
SCOPES: Final[dict[TokenScope, frozenset[str]]] = {
    TokenScope.TICKETS_READ: _FILES | _ORGANIZATIONS,
    TokenScope.TICKETS_WRITE: _FILES | _FILING | _LISTS | _ORGANIZATIONS | {"upload"},
    TokenScope.PEOPLE_READ: _PEOPLE,
    TokenScope.PEOPLE_WRITE: _PEOPLE | {"add person"},
    TokenScope.SETUP_READ: _LISTS | {name for name in ROWS if name.startswith(("policies", "calendars"))},
    TokenScope.FIGURES_WRITE: frozenset({"figures", "push"}),
    TokenScope.WEBHOOKS_WRITE: frozenset(name for name in ROWS if "webhook" in name or "deliver" in name),
}
SOME_SCOPES: Final = (TokenScope.TICKETS_READ, TokenScope.TICKETS_WRITE, TokenScope.PEOPLE_READ)
# Of the operations on one ticket: a choice is previewed by who may make it.
_READING: Final = frozenset(
    name for name, (method, *_rest) in test_rights.OPERATIONS.items() if method == "GET" and name != "choices"
)


@pytest.fixture
def made(receiver: Receiver) -> tuple[World, dict[str, Any]]:
    return make_places(receiver.url())


def everything() -> dict[str, int]:
    """How many rows of each kind there are, but for tokens, and the record of these and of what an auditor opened."""
    rows = {model.__name__: model._default_manager.count() for model in apps.get_app_config("helpdesk").get_models()}
    return {name: count for name, count in rows.items() if name not in {"ApiToken", "AuditEvent"}}


def test_every_operation_is_walked() -> None:
    found = {
        (method.upper(), str(pattern.pattern))
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "api"
        for pattern in resolver.url_patterns
        if not str(pattern.pattern).startswith("tickets/<str:ref>/")
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(getattr(pattern.callback, "cls", None), method)
    }
    # In each place a number, which may be a code too; a file has a longer name.
    paths = {(row.method, re.sub(r"\{\w+ \w+\}", str(uuid4()), row.path)) for row in ROWS.values()}
    resolved = {(method, resolve("/api/v1/" + re.sub(r"\{.*?\}", "1", path)).route) for method, path in paths}
    assert {(method, route.removeprefix("api/v1/")) for method, route in resolved} == found


def misled(caller: Caller, world: World, places: dict[str, Any], name: str) -> list[str]:
    """The operations that let in whom the table does not name, refuse whom it does, or refuse in another way."""
    oracle, wrong = Oracle(), []
    for operation, row in ROWS.items():
        before = transaction.savepoint()
        answer = row.sent(caller, places)
        # What was refused is not taken back here: it has to have left nothing.
        (transaction.savepoint_rollback if answer.status_code < 400 else transaction.savepoint_commit)(before)
        expected = range(200, 300) if row.lets_in(world, oracle, name) else row.refused
        if answer.status_code not in expected:
            wrong.append(f"{operation}: {answer.status_code} {answer.content[:200]!r}")
    return wrong


@pytest.mark.parametrize("name", [*FEW, *(pytest.param(other, marks=pytest.mark.long) for other in REST)])
def test_each_operation_lets_in_whom_the_table_names(made: tuple[World, dict[str, Any]], name: str) -> None:
    world, places = made
    caller, rows = Caller(world.people[name]), everything()
    assert misled(caller, world, places, name) == []
    assert everything() == rows


@pytest.mark.parametrize("name", ["agent", pytest.param("owner", marks=pytest.mark.long)])
def test_session_does_what_a_token_does(made: tuple[World, dict[str, Any]], name: str) -> None:
    world, places = made
    assert misled(Browser(world.people[name]), world, places, name) == []


def test_integration_does_what_a_person_in_its_place_does(made: tuple[World, dict[str, Any]]) -> None:
    world, places = made
    world.people["agent"] = make_agent(world.team, is_integration=True)
    assert misled(Caller(world.people["agent"]), world, places, "agent") == []


def test_nobody_whose_account_is_closed_and_nobody_unknown_gets_in(made: tuple[World, dict[str, Any]]) -> None:
    world, places = made
    person = world.people["deactivated_administrator"]
    User.objects.filter(pk=person.pk).update(is_active=True)
    closed, unknown = Caller(User.objects.get(pk=person.pk)), Caller(world.people["administrator"])
    User.objects.filter(pk=person.pk).update(is_active=False)
    unknown.client = Client()
    rows = everything()
    for caller in (closed, unknown):
        assert {row.sent(caller, places).status_code for row in ROWS.values()} == {401}
    assert everything() == rows


@pytest.mark.parametrize(
    "scope",
    [*SOME_SCOPES, *(pytest.param(scope, marks=pytest.mark.long) for scope in TokenScope if scope not in SOME_SCOPES)],
)
def test_each_scope_opens_what_the_table_names(made: tuple[World, dict[str, Any]], scope: TokenScope) -> None:
    world, places = made
    caller, wrong = Caller(world.people["administrator"], scope.value), []
    for operation, row in ROWS.items():
        before = transaction.savepoint()
        answer = row.sent(caller, places)
        transaction.savepoint_rollback(before)
        if (answer.status_code < 300) is not (operation in SCOPES[scope] | WITH_ANY_SCOPE):
            wrong.append(f"{operation}: {answer.status_code} {answer.content[:200]!r}")
    assert not wrong
    reads = scope in {TokenScope.TICKETS_READ, TokenScope.TICKETS_WRITE}
    listed = {row["ref"] for row in caller.get("tickets/").json()["results"]}
    assert listed == ({world.here.ref, world.elsewhere.ref} if reads else set())
    assert bool(caller.get("queues/").json()) is reads


def test_scopes_of_tickets_open_what_is_done_with_one(count: Any) -> None:
    world = test_rights.make_busy_world()
    # Who works on it, asked for it, follows it and wrote all of it may do everything with it.
    person = world.people["administrator"]
    Ticket.objects.filter(pk=world.here.pk).update(requester=person)
    Watcher.objects.create(ticket=world.here, user=person)
    Message.objects.filter(ticket=world.here).update(author=person)
    places = test_rights.places_of(world.here, person)
    opened = dict.fromkeys(count([*SOME_SCOPES], [*TokenScope]), frozenset[str]())
    for scope in opened:
        caller = Caller(person, scope.value)
        for operation, (method, path, body, _whom) in test_rights.OPERATIONS.items():
            before = transaction.savepoint()
            answer = caller.send(method, f"tickets/{world.here.ref}/{filled(path, places)}", filled(body, places))
            transaction.savepoint_rollback(before)
            if answer.status_code not in {403, 404} or "WD-999999" in answer.content.decode():
                opened[scope] |= {operation}
    expected = {TokenScope.TICKETS_READ: _READING, TokenScope.TICKETS_WRITE: frozenset(test_rights.OPERATIONS)}
    assert opened == {scope: expected.get(scope, frozenset()) for scope in opened}


# What belongs to one ticket.
PARTS: Final = {
    name: row
    for name, row in test_rights.OPERATIONS.items()
    if any(place in row[1] for place in ("{message}", "{note}", "{task}", "{clock}", "{follower}"))
}


@pytest.mark.parametrize(
    "name", ["agent", *(pytest.param(other, marks=pytest.mark.long) for other in sorted(EVERYBODY - {"agent"}))]
)
def test_nothing_is_found_under_another_ticket(name: str) -> None:
    world = test_rights.make_busy_world()
    oracle, person, wrong = Oracle(), world.people[name], []
    caller, rows = Caller(person), everything()
    for whose in WHICH:
        places = test_rights.places_of(getattr(world, whose), person)
        for which in {*WHICH} - {whose}:
            ticket = getattr(world, which)
            for operation, (method, path, body, whom) in PARTS.items():
                answer = caller.send(method, f"tickets/{ticket.ref}/{filled(path, places)}", filled(body, places))
                # Who may not do it with anything of this ticket is told so.
                let_in = isinstance(whom, Right) and whom in oracle.rights(person, ticket)
                if answer.status_code not in ({404} if let_in else {403, 404}):
                    wrong.append(f"{operation} of {whose} under {which}: {answer.status_code}")
    assert not wrong
    assert everything() == {**rows, "Partner": rows["Partner"] + len(WHICH)}


def test_no_delivery_is_found_under_another_webhook(made: tuple[World, dict[str, Any]]) -> None:
    world, places = made
    path = filled("webhooks/{other hook}/deliveries/{delivery}/replay/", places)
    rows = everything()
    for name in EVERYBODY:
        expected = 404 if name in CHANGING_THE_SET_UP else 403
        assert Caller(world.people[name]).post(path, {}).status_code == expected, name
    assert everything() == rows
    administrator = Caller(world.people["administrator"])
    assert administrator.get(filled("webhooks/{other hook}/deliveries/", places)).json()["results"] == []
