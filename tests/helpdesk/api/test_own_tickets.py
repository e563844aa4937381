"""Tickets that somebody at the desk sees as the portal shows them: nothing tells when the desk worked on these."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.actions import conversation
from helpdesk.choices import Channel
from helpdesk.models import Ticket
from tests.factories import NOW, actor, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.together import all_told
from tests.world import World, make_world


def say(world: World, name: str, ticket: Ticket, hours: int) -> None:
    conversation.reply(ticket=ticket, body="Words.", by=_by(world, name), now=NOW + timedelta(hours=hours))


def note(world: World, name: str, ticket: Ticket, hours: int) -> None:
    conversation.add_note(ticket=ticket, body="Inside.", by=_by(world, name), now=NOW + timedelta(hours=hours))


def _by(world: World, name: str) -> Any:
    return actor(world.people[name], Channel.DESK)


def refs(caller: Caller, query: str) -> list[str]:
    """All of a list, page by page."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = caller.get(f"tickets/?{query}{cursor and f'&cursor={cursor}'}").json()
        found += [row["ref"] for row in page["results"]]
        cursor = page["next_cursor"]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("narrow", ["", "&status=new,open,pending", "&q=printer"])
def test_list_goes_by_what_its_reader_sees_change(size: int, narrow: str) -> None:
    world = make_world()
    agent = world.people["agent"]
    own, watched = make_ticket(agent, world.elsewhere.queue), world.here
    say(world, "agent", own, 2)
    note(world, "agent", watched, 1)
    query, caller = f"limit={size}{narrow}", Caller(agent)
    assert refs(caller, query) == [own.ref, watched.ref]
    first = caller.get(f"tickets/?limit=1{narrow}").json()
    note(world, "other_agent", own, 9)
    assert caller.get(f"tickets/?limit=1{narrow}").json() == first
    note(world, "agent", watched, 3)
    assert refs(caller, query) == [watched.ref, own.ref]
    note(world, "other_agent", own, 10)
    assert refs(caller, query) == [watched.ref, own.ref]
    say(world, "other_agent", own, 11)
    assert refs(caller, query) == [own.ref, watched.ref]


@pytest.mark.django_db
def test_auditor_learns_by_no_order_when_a_private_ticket_was_worked_on() -> None:
    world = make_world()
    caller = Caller(world.people["auditor"])
    before = caller.get("tickets/?limit=1").json()["next_cursor"], refs(caller, "limit=1")
    note(world, "insider", world.secret, 9)
    assert (caller.get("tickets/?limit=1").json()["next_cursor"], refs(caller, "limit=1")) == before
    note(world, "agent", world.here, 8)
    assert refs(caller, "limit=1")[0] == world.here.ref


@pytest.mark.django_db(transaction=True)
def test_what_changed_is_what_its_reader_sees() -> None:
    world = make_world()
    agent = world.people["agent"]
    own = make_ticket(agent, world.elsewhere.queue)
    callers = {"agent": Caller(agent), "auditor": Caller(world.people["auditor"])}
    marks: dict[str, str] = {}

    def news(name: str) -> list[str]:
        """What comes since the last time, one by one."""
        all_told()
        found, more = [], True
        while more:
            query = f"limit=1&changed_after={marks[name]}" if name in marks else "limit=1"
            page = callers[name].get(f"tickets/changes/?{query}").json()
            found += [row["ref"] for row in page["results"]]
            marks[name], more = page["next_changed_after"], page["has_more"]
        return found

    assert sorted(news("agent")) == sorted([world.here.ref, own.ref])
    assert sorted(news("auditor")) == sorted([world.here.ref, world.elsewhere.ref, world.secret.ref, own.ref])
    note(world, "other_agent", own, 1)
    note(world, "insider", world.secret, 1)
    assert (news("agent"), news("auditor")) == ([], [own.ref])
    say(world, "other_agent", own, 2)
    note(world, "agent", world.here, 2)
    say(world, "insider", world.secret, 3)
    assert news("agent") == [own.ref, world.here.ref]
    assert news("auditor") == [own.ref, world.here.ref, world.secret.ref]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["owner", "watcher", "organization_manager", "agent"])
def test_reading_token_lists_what_it_opens(name: str) -> None:
    world = make_world()
    make_ticket(world.people["agent"], world.elsewhere.queue)
    reading, writing = (Caller(world.people[name], scope) for scope in ("tickets:read", "tickets:write"))
    assert refs(reading, "limit=100")
    assert refs(reading, "limit=100") == refs(writing, "limit=100")
    assert all(reading.get(f"tickets/{ref}/").status_code == 200 for ref in refs(reading, "limit=100"))
