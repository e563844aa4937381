"""Pages of what happened to a ticket, and to those that were merged into it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.actions import conversation, merging
from helpdesk.actions._record import record
from helpdesk.domain.events import TagsChanged
from helpdesk.models import Ticket, TicketEvent, TicketMerge
from helpdesk.selectors import conversation as reading
from tests.factories import actor, make_ticket
from tests.helpdesk.api.caller import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def caller(world: World) -> Caller:
    return Caller(world.people["agent"])


def note(world: World, ticket: Ticket, *, ago: int, count: int = 1) -> None:
    """Something happens on the ticket, so many minutes ago."""
    now = timezone.now() - timedelta(minutes=ago)
    for number in range(count):
        by = actor(world.people["agent"])
        conversation.add_note(ticket=ticket, body=f"{ago} {number}", by=by, now=now + timedelta(seconds=number))


def late(world: World, ticket: Ticket, *, ago: int) -> None:
    """Something that counts since so many minutes is written down now."""
    with transaction.atomic():
        row, now = Ticket.objects.select_for_update().get(pk=ticket.pk), timezone.now()
        moment = now - timedelta(minutes=ago)
        record(row, TagsChanged([], []), by=actor(world.people["agent"]), now=now, effective_at=moment)
        row.save(update_fields=["version"])


def join(world: World, ticket: Ticket, into: Ticket) -> TicketMerge:
    by = actor(world.people["agent"])
    return merging.merge(ticket=ticket, into=into, by=by, now=timezone.now(), knowing=True)


def told(page: Any) -> list[tuple[str | None, int]]:
    return [(row["ticket"], row["version"]) for row in page["results"]]


def pages(caller: Caller, ticket: Ticket, size: int, cursor: str = "") -> list[tuple[str | None, int]]:
    """All of it from the cursor on, in pages of this size."""
    found = []
    while True:
        after = f"&cursor={cursor}" if cursor else ""
        page = caller.get(f"tickets/{ticket.ref}/timeline/?limit={size}{after}").json()
        found += told(page)
        assert len(page["results"]) <= size
        if page["next_cursor"] is None:
            return found
        assert len(page["results"]) == size
        cursor = page["next_cursor"]


def at_desk(world: World, ticket: Ticket) -> list[tuple[str | None, int]]:
    """The same as the desk's page tells it."""
    entries = reading.timeline(actor(world.people["agent"]), Ticket.objects.get(pk=ticket.pk))
    return [(entry.origin or None, entry.event.seq) for entry in entries]


def two_with_a_past(world: World) -> tuple[Ticket, Ticket]:
    """A ticket and another one of the same time, on which things were written down late."""
    other = make_ticket(world.people["owner"], world.queue)
    for ticket, ago in ((world.here, 50), (other, 45), (world.here, 40), (world.here, 30), (other, 25)):
        note(world, ticket, ago=ago)
    late(world, other, ago=60)
    note(world, world.here, ago=20, count=2)
    late(world, world.here, ago=35)
    return world.here, other


def test_own_events_come_by_versions(world: World, caller: Caller) -> None:
    note(world, world.here, ago=10, count=4)
    everything = [(None, number) for number in range(1, 6)]
    for size in (1, 2, 5, 100):
        assert pages(caller, world.here, size) == everything == at_desk(world, world.here)
    first = caller.get(f"tickets/{world.here.ref}/timeline/?limit=2").json()
    note(world, world.here, ago=0)
    assert told(first) + pages(caller, world.here, 2, first["next_cursor"]) == [*everything, (None, 6)]
    # A version says where to go on, also who was at the end.
    assert pages(caller, world.here, 2, "5") == [(None, 6)]
    assert pages(caller, world.here, 2, "6") == []
    for wrong in ("t1", "1-2", "t1-2-3", "t1-t2"):
        assert caller.get(f"tickets/{world.here.ref}/timeline/?cursor={wrong}").status_code == 400


def test_events_of_merged_tickets_come_in_pages_too(world: World, caller: Caller) -> None:
    here, other = two_with_a_past(world)
    join(world, other, here)
    everything = at_desk(world, here)
    assert {origin for origin, _version in everything} == {None, other.ref}
    for size in (1, 2, 3, 100):
        assert pages(caller, here, size) == everything


def test_pages_of_merged_tickets_stand_while_more_happens(world: World, caller: Caller) -> None:
    here, other = two_with_a_past(world)
    merge = join(world, other, here)
    everything = at_desk(world, here)
    first = caller.get(f"tickets/{here.ref}/timeline/?limit=3").json()
    note(world, here, ago=0)
    late(world, here, ago=55)
    rest = pages(caller, here, 3, first["next_cursor"])
    assert (told(first) + rest)[: len(everything)] == everything
    assert told(first) + rest == at_desk(world, here)
    # Taken apart again, its own events go on from there.
    merging.undo_merge(merge=merge, by=actor(world.people["agent"]), now=timezone.now())
    own = [one for one in at_desk(world, here) if one not in told(first)]
    assert pages(caller, here, 3, first["next_cursor"]) == own


def test_page_takes_as_many_queries_and_rows_however_long_the_record_is(world: World, caller: Caller) -> None:
    other = make_ticket(world.people["owner"], world.queue)
    counts = {}
    for step in ("own", "merged"):
        if step == "merged":
            join(world, other, world.here)
        path = f"tickets/{world.here.ref}/timeline/?limit=1"
        caller.get(path)
        for size in ("short", "long"):
            with CaptureQueriesContext(connection) as asked:
                assert len(caller.get(path).json()["results"]) == 1
            counts[step, size] = len(asked)
            read = [one["sql"] for one in asked if TicketEvent._meta.db_table in one["sql"]]
            assert all(" LIMIT 2" in sql or '."id" IN (' in sql for sql in read), read
            note(world, world.here, ago=0, count=20)
        assert counts[step, "short"] == counts[step, "long"], counts
    assert counts["merged", "long"] <= counts["own", "long"] + 2, counts
