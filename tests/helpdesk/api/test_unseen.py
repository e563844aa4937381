"""What somebody may not see is answered as what is not there, by whichever operation and with whichever headers."""

import json
from typing import Any, Final
from uuid import uuid4

import pytest
from django.http import HttpResponse

from helpdesk.permissions import Right
from tests.helpdesk.api import test_rights
from tests.helpdesk.api.caller import Caller, filled
from tests.helpdesk.api.operations import EVERYBODY, LOOKING_AFTER_PEOPLE, ROWS, make_places
from tests.helpdesk.oracle import Oracle
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
_NAMES: Final = ["agent", *(pytest.param(name, marks=pytest.mark.long) for name in sorted(EVERYBODY - {"agent"}))]
# Of each answer its own.
_OWN: Final = frozenset({"X-Request-ID", "RateLimit", "Content-Length"})
_NOBODYS: Final = "WD-888888"
HEADERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"If_Match": '"d1-0"'},
    {"If_None_Match": '"d1-0"'},
    {"Idempotency_Key": "k"},
)


def told(answer: HttpResponse, ref: str = _NOBODYS) -> tuple[Any, ...]:
    """All that an answer tells, but for what is its own, and for the ticket that was asked for."""
    headers = {key: value for key, value in answer.headers.items() if key not in _OWN}
    document = {
        key: value for key, value in json.loads(answer.content).items() if key not in {"request_id", "instance"}
    }
    return answer.status_code, headers, json.dumps(document).replace(ref, _NOBODYS)


@pytest.mark.parametrize("name", _NAMES)
def test_ticket_of_others_is_as_one_that_is_not_there(name: str, count: Any) -> None:
    world = test_rights.make_busy_world()
    caller, oracle, person = Caller(world.people[name]), Oracle(), world.people[name]
    for ticket in count((world.secret,), (world.here, world.elsewhere, world.secret)):
        if Right.VIEW in oracle.rights(person, ticket):
            continue
        places = {**test_rights.places_of(ticket, person), "{here}": ticket.ref}
        for operation, (method, path, body, _whom) in test_rights.OPERATIONS.items():
            for headers in count(HEADERS[:1], HEADERS):
                there, nowhere = (
                    caller.send(method, f"tickets/{ref}/{filled(path, within)}", filled(body, within), **headers)
                    for ref, within in ((ticket.ref, places), (_NOBODYS, {**places, "{here}": _NOBODYS}))
                )
                assert there.status_code in {403, 404}, operation
                assert told(there, ticket.ref) == told(nowhere), (operation, headers)


@pytest.mark.parametrize("name", _NAMES)
def test_anything_else_of_others_is_as_if_it_were_not_there(receiver: Receiver, name: str) -> None:
    world, places = make_places(receiver.url())
    caller, oracle = Caller(world.people[name]), Oracle()
    nobodys: dict[str, Any] = dict.fromkeys(("{colleague}", "{own}", "{other}", "{hook}", "{delivery}"), 10**9)
    nobodys |= {place: f"no-{place[1:-1]}" for place in ("{policies}", "{calendars}")}
    nobodys |= {place: str(uuid4()) for place in places if place.startswith(("{public", "{internal"))}
    for operation, row in ROWS.items():
        for place in (one for one in nobodys if one in row.path):
            if row.lets_in(world, oracle, name):
                continue
            there = row.sent(caller, places)
            nowhere = row.sent(caller, {**places, place: nobodys[place]})
            assert told(there) == told(nowhere), (operation, place)


def test_file_that_somebody_else_sent_is_as_one_that_never_came(receiver: Receiver) -> None:
    world, places = make_places(receiver.url())
    note = ROWS["upload"].sent(Caller(world.people["agent"]), places).json()["upload"]
    for name in ("owner", "team_lead"):
        caller = Caller(world.people[name])
        theirs, nobodys = (
            caller.post(f"tickets/{world.here.ref}/messages/", {"body": "With it.", "uploads": [one]})
            for one in (note, "none")
        )
        assert theirs.status_code == 422
        assert told(theirs) == told(nobodys)


@pytest.mark.parametrize("name", ["stranger", pytest.param("administrator", marks=pytest.mark.long)])
def test_no_address_knows_other_ways(receiver: Receiver, name: str, count: Any) -> None:
    world, places = make_places(receiver.url())
    caller = Caller(world.people[name])
    for row in ROWS.values():
        path = filled(row.path, places)
        for method in count(("PUT",), ("PUT", "TRACE", "PROPFIND", "SELECT")):
            assert caller.send(method, path).status_code == 405, path
        # The client of tests leaves a file open of which it asks for the head alone.
        if row.method == "GET" and "attachments" not in path:
            head, read = caller.send("HEAD", path), row.sent(caller, places)
            assert (head.status_code, head.content) == (read.status_code, b""), path


def test_people_are_told_of_to_who_looks_after_them_alone(receiver: Receiver, count: Any) -> None:
    """No answer names the address of somebody else to who does not."""
    world, places = make_places(receiver.url())
    others = {person.email for _name, person in world.everybody()}
    for name in count(("agent",), sorted(EVERYBODY - LOOKING_AFTER_PEOPLE)):
        caller, own = Caller(world.people[name]), world.people[name].email
        for operation, row in ROWS.items():
            if row.method == "GET":
                answer = row.sent(caller, places)
                text = "" if answer.streaming else answer.content.decode()
                assert not {one for one in others - {own} if f'"{one}"' in text}, (name, operation)
