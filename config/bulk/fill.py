"""Fills the desk: makes the rows, and writes them while the next ones are made."""

import contextlib
import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from config.bulk import desk, people
from config.bulk.history import TABLES, Book
from config.bulk.tables import Table, lock, reserve, settle, without_indexes
from config.bulk.teller import Teller, span
from helpdesk.models import Ticket, User
from helpdesk.models.tickets import NUMBERS

_BLOCK: Final = 2000
_LOCKED: Final = tuple(table.name for table in TABLES)


def fill(tickets: int, *, seed: int, now: datetime, keep_indexes: bool, tell: Callable[[int], None]) -> None:
    """Write so many tickets with all that belongs to them, in one transaction.

    With `keep_indexes` others read and write meanwhile, but no tickets. `tell` hears how many are done.
    """
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        lock(cursor, _LOCKED)
        if not keep_indexes and Ticket.objects.exists():
            raise LookupError("There are tickets already.")
        since = now - span(tickets)
        place = desk.read(since, now)
        crowd = people.make(rng, tickets, since)
        with contextlib.nullcontext() if keep_indexes else without_indexes(_LOCKED):
            series = {table: table.series(cursor) for table in TABLES}
            book = Book({table: reserve(cursor, series[table]) for table in TABLES}, reserve(cursor, NUMBERS))
            _write(cursor, Teller(rng, book, place, crowd, now), tickets, tell)
            for table in TABLES:
                settle(cursor, series[table], book.free[table])
            settle(cursor, NUMBERS, book.number)


def _write(cursor: CursorWrapper, teller: Teller, tickets: int, tell: Callable[[int], None]) -> None:
    """Make the rows here and write them in a second thread, so that both cores work."""

    def write(lines: dict[Table, list[str]]) -> None:
        for table in TABLES:
            table.copy(cursor, lines[table])

    with ThreadPoolExecutor(1) as pool:
        waiting: Future[None] | None = None
        for done, _past in enumerate(teller.tell(tickets), start=1):
            if done % _BLOCK == 0 or done == tickets:
                if waiting is not None:
                    waiting.result()
                waiting = pool.submit(write, teller.book.turn())
                tell(done)
        if waiting is not None:
            waiting.result()


def vacuum() -> None:
    """Let the planner know what came."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in (*_LOCKED, User._meta.db_table):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("RESET statement_timeout")
