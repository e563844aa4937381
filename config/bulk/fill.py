"""Fills the desk: makes the rows, in as many processes as there are cores, and writes them while others are made."""

import contextlib
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from config.bulk import desk, people
from config.bulk.history import TABLES, Book
from config.bulk.processes import in_order
from config.bulk.tables import lock, reserve, settle, without_indexes
from config.bulk.teller import Block, Teller, span
from helpdesk.models import Ticket, TicketChange, User
from helpdesk.models.tickets import NUMBERS

_LOCKED: Final = tuple(table.name for table in TABLES)


def fill(
    tickets: int,
    *,
    seed: int,
    now: datetime,
    keep_indexes: bool,
    tell: Callable[[int], None],
    processes: int | None = None,
) -> None:
    """Write so many tickets with all that belongs to them, in one transaction.

    With `keep_indexes` others read and write meanwhile, but no tickets. `tell` hears how many are done. However many
    `processes` make the rows, they are the same; without a number there is one for each core.
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
            teller = Teller(rng, book, place, crowd, now=now, count=tickets)
            makers = min(processes or os.cpu_count() or 1, teller.blocks)
            free = list[int]()
            for done, block in enumerate(_written(cursor, teller, makers, frozen=not keep_indexes), start=1):
                tell(min(done * teller.BLOCK, tickets))
                free = block.free
            for table, number in zip(TABLES, free, strict=True):
                settle(cursor, series[table], number)
            settle(cursor, NUMBERS, book.number + tickets)


def _written(cursor: CursorWrapper, teller: Teller, makers: int, *, frozen: bool) -> Iterator[Block]:
    """Take the blocks as they are made and write each in a second thread. Gives what was written."""

    def write(block: Block) -> Block:
        for table, rows in zip(TABLES, block.rows, strict=True):
            table.copy(cursor, rows, frozen=frozen)
        return block

    with ThreadPoolExecutor(1) as pool:
        waiting: Future[Block] | None = None
        for block in in_order(teller.block, teller.blocks, makers):
            if waiting is not None:
                yield waiting.result()
            waiting = pool.submit(write, block)
        if waiting is not None:
            yield waiting.result()


def vacuum() -> None:
    """Let the planner know what came, of as many tables at once as there are cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _done in pool.map(_vacuum, (*_LOCKED, TicketChange._meta.db_table, User._meta.db_table)):
            pass


def _vacuum(table: str) -> None:
    # Each thread has a connection of its own.
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"VACUUM (ANALYZE) {table}")
