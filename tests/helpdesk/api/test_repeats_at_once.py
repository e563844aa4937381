"""One `Idempotency-Key` sent several times at the same moment: one is carried out, and the others are told so."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from helpdesk.models import Message, Ticket, TicketEvent
from tests.factories import make_ticket
from tests.helpdesk.api.caller import Caller
from tests.processes import wait_until
from tests.together import together
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
_ROUNDS: Final = [3, pytest.param(100, marks=pytest.mark.long)]


@pytest.fixture
def world() -> World:
    return make_world()


def statuses(answers: list[HttpResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("rounds", _ROUNDS)
def test_of_two_bodies_under_one_key_one_is_carried_out(world: World, rounds: int) -> None:
    caller = Caller(world.people["team_lead"])
    others = [make_ticket(world.people["owner"], world.queue).ref for _number in range(2)]
    people = [world.people[name].pk for name in ("agent", "team_lead")]
    for number in range(rounds):
        asked: dict[str, tuple[Any, Any]] = {
            "assign": ({"assignee": people[0]}, {"assignee": people[1]}),
            "watchers": ({"email": f"a{number}@example.org"}, {"email": f"b{number}@example.org"}),
            "links": tuple({"relation": "relates", "ticket": ref} for ref in others),
        }
        ticket = make_ticket(world.people["owner"], world.queue)
        for name, bodies in asked.items():
            send = partial(caller.post, f"tickets/{ticket.ref}/{name}/", Idempotency_Key=f"{name}-{number}")
            before = TicketEvent.objects.filter(ticket=ticket).count()
            answers = together(*(partial(send, body) for body in bodies))
            assert sorted(statuses(answers)) == [200, 422], (name, [one.content for one in answers])
            done = next(one for one in answers if one.status_code == 200).json()
            found = caller.get(f"tickets/{ticket.ref}/").json()
            assert (found["assignee"], found["version"]) == (done["assignee"], done["version"]), name
            assert TicketEvent.objects.filter(ticket=ticket).count() > before, name


def test_same_request_with_its_demand_is_carried_out_once(world: World) -> None:
    caller = Caller(world.people["team_lead"])
    path = f"tickets/{world.here.ref}/"
    for name, body in (
        ("messages", {"body": "Words."}),
        ("assign", {"assignee": world.people["agent"].pk}),
        ("escalate", {"reason": "Deeper."}),
    ):
        tag, before = caller.get(path)["ETag"], Message.objects.filter(ticket=world.here).count()
        send = partial(caller.post, f"{path}{name}/", body, If_Match=tag, Idempotency_Key=name)
        answers = [*together(send, send, send), send()]
        assert len({(one.status_code, one.content) for one in answers}) == 1, (name, [one.content for one in answers])
        assert answers[0].status_code < 300, (name, answers[0].content)
        assert caller.get(path)["ETag"] != tag, name
        assert Message.objects.filter(ticket=world.here).count() <= before + 1, name


def test_who_comes_while_the_first_is_under_way_waits_or_is_told_when_to_come_again(world: World) -> None:
    caller = Caller(world.people["team_lead"])
    send = partial(caller.post, f"tickets/{world.here.ref}/assign/", Idempotency_Key="k")
    mine = {"assignee": world.people["agent"].pk}
    with ThreadPoolExecutor(1) as pool:
        with held(world.here), short_patience():
            first = pool.submit(on_own_connection, partial(send, mine))
            wait_until(somebody_waits, "the first one waits for the ticket")
            for body in (mine, {"assignee": None}):
                told = send(body)
                assert (told.status_code, told.json()["code"], told["Retry-After"]) == (409, "busy", "1")
        done = first.result(30)
    assert (done.status_code, "Idempotency-Replayed" in done) == (200, False), done.content
    again = send(mine)
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (200, done.content, "true")
    assert send({"assignee": None}).status_code == 422
    assert Ticket.objects.get(pk=world.here.pk).assignee_id == mine["assignee"]


@contextmanager
def held(ticket: Ticket) -> Iterator[None]:
    """Somebody has the ticket under their lock."""
    locked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Ticket.objects.select_for_update().get(pk=ticket.pk)
            locked.set()
            assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(on_own_connection, hold)
        try:
            assert locked.wait(30)
            yield
        finally:
            go_on.set()
            holder.result(30)


@contextmanager
def short_patience() -> Iterator[None]:
    """Nobody who calls from this thread waits long for somebody else's change."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
        yield
        cursor.execute("RESET lock_timeout")


def on_own_connection(call: Any) -> Any:
    try:
        return call()
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])
