"""What `errors` of a refusal name: fields that the operation takes, as it calls them, and nothing else."""

import ast
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from helpdesk import presets
from helpdesk.actors import SYSTEM
from helpdesk.api.problems import place_in
from helpdesk.choices import PrioritySource
from helpdesk.models import Queue
from tests.factories import NOW, CategoryFactory, CustomFieldFactory
from tests.helpdesk.api.caller import Caller
from tests.receiver import Receiver
from tests.world import World, make_world

_HELPDESK: Final = Path(__file__).parents[3] / "helpdesk"
# A text in which nobody sees anything: well-formed, and refused by the actions.
_NOTHING: Final = "\u200b"
# Fields of actions that no operation carries out, by their modules.
_APART: Final = {
    "files": {"logo_file"},
    "people": {"language", "time_zone"},
    "problems": {"owner", "state", "title", "public_title", "public_words"},
    "tokens": {"expires_at", "overlap", "per_minute", "scopes"},
}
# Of these the API takes nothing that is refused by a field.
_UNASKED: Final = {"setup"}


@pytest.fixture
def world() -> World:
    return make_world()


def fields(answer: HttpResponse) -> list[str]:
    assert answer.status_code in {403, 409, 422}, answer.content
    return [error["field"] for error in answer.json().get("errors", ())]


def modules() -> set[str]:
    """The actions that the API calls, and the steps that these are made of."""
    found: set[str] = set()
    waiting = [_name for path in (_HELPDESK / "api").rglob("*.py") for _name in _imported(path)]
    while waiting:
        name = waiting.pop()
        path = _HELPDESK / "actions" / f"{name}.py"
        if name not in found and name not in _UNASKED and path.exists():
            found.add(name)
            waiting += [step for step in _imported(path) if step.startswith("_")]
    return found


def _imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "helpdesk.actions":
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpdesk.actions."):
            names.append((node.module or "").rpartition(".")[2])
    return names


def named(module: str) -> set[str]:
    """The fields that a module's refusals name."""
    tree = ast.parse((_HELPDESK / "actions" / f"{module}.py").read_text())
    told = {
        word.value.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "DomainError"
        for word in call.keywords
        if word.arg == "field" and isinstance(word.value, ast.Constant)
    }
    return told - _APART.get(module, set())


@pytest.mark.django_db
def test_every_field_that_actions_name_has_a_name_in_the_contract() -> None:
    contract = json.loads(Client().get("/api/schema/?format=json").content)
    taken = {
        name
        for title, schema in contract["components"]["schemas"].items()
        if title.endswith(("Input", "Change", "InputRequest", "ChangeRequest", "MoveRequest"))
        for name in schema.get("properties", {})
    }
    assert {"body", "queues", "into"} <= taken
    found = {(module, name) for module in modules() for name in named(module)}
    assert len(found) > 30
    assert sorted(one for one in found if not place_in(taken, one[1])) == []


@pytest.mark.django_db
def test_refusals_name_the_fields_of_what_was_sent(world: World) -> None:
    path, people = f"tickets/{world.here.ref}/", world.people
    question = CustomFieldFactory.create(category=None, queue=world.queue, kind="number")
    topic = CategoryFactory.create(queue=world.elsewhere.queue)
    words = {"subject": "x", "body": "x", "category": topic.code}
    cases: list[tuple[str, str, Any, list[str]]] = [
        ("POST", "tickets/", {**words, "body": _NOTHING}, ["body"]),
        ("POST", "tickets/", {**words, "subject": _NOTHING}, ["subject"]),
        ("POST", "tickets/", {**words, "take": True}, ["take"]),
        ("POST", "tickets/", {**words, "uploads": ["x"]}, ["uploads"]),
        ("POST", "tickets/", {**words, "answers": {"none": "x"}}, ["answers.none"]),
        ("PATCH", path, {"tags": [_NOTHING]}, ["tags"]),
        ("POST", f"{path}transition/", {"move": "resolve", "resolution_kind": "fixed"}, ["text"]),
        ("POST", f"{path}transition/", {"move": "resolve", "text": "x"}, ["resolution_kind"]),
        ("POST", f"{path}transition/", {"move": "hold", "text": "x", "partner": 2**40}, ["partner"]),
        ("POST", f"{path}assign/", {"assignee": people["owner"].pk}, ["assignee"]),
        ("POST", f"{path}escalate/", {"reason": _NOTHING}, ["reason"]),
        ("POST", f"{path}merge/", {"into": world.here.ref}, ["into"]),
        ("POST", f"{path}links/", {"relation": "relates", "ticket": world.here.ref}, ["ticket"]),
        ("DELETE", f"{path}links/relates/{world.here.ref}/", None, []),
        ("POST", f"{path}watchers/", {"email": people["owner"].email}, ["email"]),
        ("POST", f"{path}messages/", {"body": _NOTHING}, ["body"]),
        ("POST", f"{path}messages/", {"body": "x", "cc": [people["auditor"].email]}, ["cc"]),
        ("POST", f"{path}answers/", {"answers": {question.key: "many"}}, [f"answers.{question.key}"]),
        ("POST", f"{path}sub-tasks/", {"title": _NOTHING}, ["title"]),
        ("POST", f"{path}sub-tasks/", {"title": "x", "due_on": "1970-01-01"}, ["due_on"]),
    ]
    caller = Caller(people["agent"])
    for method, where, body, expected in cases:
        assert fields(caller.send(method, where, body)) == expected, (where, body)
    said = caller.post(f"{path}messages/", {"body": "x"})["Location"].removeprefix("/api/v1/")
    assert fields(caller.patch(said, {"body": _NOTHING})) == ["body"]


@pytest.mark.django_db
def test_refusals_of_measures_name_their_criteria(world: World) -> None:
    presets.load(by=SYSTEM, now=NOW)
    Queue.objects.filter(pk=world.queue.pk).update(priority_source=PrioritySource.MEASURED)
    answer = Caller(world.people["agent"]).post(f"tickets/{world.here.ref}/priority/", {"values": {"errors": "many"}})
    assert fields(answer) == ["values.errors"]


@pytest.mark.django_db
def test_refusals_about_the_set_up_name_its_fields(world: World, receiver: Receiver) -> None:
    administrator, hook = world.people["administrator"], {"name": "x", "url": receiver.url()}
    caller, narrow = Caller(administrator), Caller(administrator, queues=(world.queue,))
    assert fields(caller.post("webhooks/", {**hook, "organizations": [2**40]})) == ["organizations"]
    assert fields(caller.post("webhooks/", {**hook, "name": _NOTHING})) == ["name"]
    assert fields(caller.post("webhooks/", {**hook, "url": "https://169.254.169.254/"})) == ["url"]
    assert fields(narrow.post("webhooks/", {**hook, "queues": [world.elsewhere.queue.code]})) == ["queues"]
    assert fields(caller.post("people/", {"name": _NOTHING, "email": "new@example.org"})) == ["name"]
    assert fields(caller.post("people/", {"name": "x", "email": world.people["owner"].email})) == ["email"]
    component = {"component": "web", "health": "up"}
    assert fields(caller.post("figures/", {"system": _NOTHING, "components": [component]})) == ["system"]
    assert fields(caller.post("figures/", {"system": "x", "components": [component, component]})) == ["components"]
    reader = Caller(administrator, "tickets:read")
    sent = reader.client.post("/api/v1/uploads/", {"file": SimpleUploadedFile("x.txt", b"x")})
    assert fields(sent) == ["file"]
