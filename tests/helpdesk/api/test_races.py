"""Many at once: what is asked twice is done once, and an export misses nothing."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from helpdesk.models import Ticket
from tests.factories import make_ticket
from tests.helpdesk.api.caller import Caller
from tests.together import all_told, together
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_key_at_the_same_moment_makes_one_ticket() -> None:
    world = make_world()
    caller = Caller(world.people["agent"])
    body = {"subject": "Twice", "body": "At once.", "queue": world.queue.code}
    answers = together(*(lambda: caller.post("tickets/", body, Idempotency_Key="k") for _number in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4, answers
    assert len({answer.json()["ref"] for answer in answers}) == 1
    assert Ticket.objects.filter(subject="Twice").count() == 1


def test_tickets_of_one_requester_are_filed_beside_each_other() -> None:
    world = make_world()
    caller = Caller(world.people["agent"])
    filed, go_on = threading.Event(), threading.Event()

    def halting(execute: Any, sql: str, *told: Any) -> Any:
        """Once its record is written, it takes its time to commit."""
        found = execute(sql, *told)
        if 'INSERT INTO "helpdesk_ticketevent"' in sql:
            filed.set()
            assert go_on.wait(20)
        return found

    def slow() -> None:
        try:
            with connection.execute_wrapper(halting):
                make_ticket(world.people["owner"], world.queue, subject="Slow")
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    try:
        assert filed.wait(10)
        body = {"subject": "Quick", "body": "Now.", "requester": {"id": world.people["owner"].pk}}
        # One that had to wait would be given up.
        answer = caller.post("tickets/", {**body, "queue": world.queue.code})
    finally:
        go_on.set()
        writer.join(10)
    assert answer.status_code == 201, answer.content


def test_export_waits_for_who_began_earlier_and_misses_nothing() -> None:
    world = make_world()
    caller = Caller(world.people["administrator"])
    begun, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                Ticket.objects.filter(pk=world.here.pk).update(subject="Written first, committed last")
                begun.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    def told(after: str) -> tuple[set[str], str]:
        page: Any = caller.get(f"tickets/changes/?limit=500{after}").json()
        return {row["subject"] for row in page["results"]}, f"&changed_after={page['next_changed_after']}"

    all_told()
    _all, mark = told("")
    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert begun.wait(10)
    make_ticket(world.people["owner"], world.queue, subject="Written later, committed first")
    meanwhile, mark = told(mark)
    go_on.set()
    writer.join(10)
    all_told()
    afterwards, mark = told(mark)
    assert "Written first, committed last" in afterwards
    assert "Written later, committed first" in meanwhile | afterwards
    assert told(mark)[0] == set()


def test_mark_is_not_that_of_a_change_which_came_while_the_answer_was_made() -> None:
    world = make_world()
    caller = Caller(world.people["administrator"])
    begun, go_on, once = threading.Event(), threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                Ticket.objects.filter(pk=world.here.pk).update(subject="Written first, committed last")
                begun.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    def quick_writer() -> None:
        Ticket.objects.filter(pk=last).update(subject="Written while it was read")

    def between(execute: Any, sql: str, *told: Any) -> Any:
        """After the places of the tickets were looked up, and before the tickets are read, the last one changes."""
        found = execute(sql, *told)
        if "pg_snapshot_xmin" in sql and not once.is_set():
            once.set()
            assert together(quick_writer) == [None]
        return found

    last = make_ticket(world.people["owner"], world.queue).pk
    all_told()
    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert begun.wait(10)
    with connection.execute_wrapper(between):
        mark = caller.get("tickets/changes/").json()["next_changed_after"]
    go_on.set()
    writer.join(10)
    all_told()
    rest: Any = caller.get(f"tickets/changes/?changed_after={mark}").json()["results"]
    assert {row["subject"] for row in rest} == {"Written first, committed last", "Written while it was read"}
