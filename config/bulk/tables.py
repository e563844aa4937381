"""Rows on their way into the database: COPY's text form, and tables without their indexes meanwhile."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

NULL: Final = "\\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def escaped(text: str) -> str:
    """The text as COPY reads it."""
    return text.translate(_ESCAPES)


@lru_cache(maxsize=256)
def moment(at: datetime | None) -> str:
    """A point in time, or none. A step writes the same one many times."""
    return NULL if at is None else at.isoformat()


def _default(field: "models.Field[Any, Any]") -> str:
    value = field.get_default()
    if value is None:
        return NULL
    if isinstance(field, models.JSONField):
        return escaped(json.dumps(value))
    return escaped(str(value))


class Table:
    """A table and the fields that each of its rows is told; the others take their default.

    What the database fills in by itself is left to it.
    """

    def __init__(self, model: type[models.Model], *told: str) -> None:
        self.name = model._meta.db_table
        fields = {field.attname: field for field in model._meta.concrete_fields}
        others = [field for name, field in fields.items() if name not in told and not field.has_db_default()]
        self.columns = [field.column for field in (*(fields[name] for name in told), *others)]
        rest = "".join(f"\t{_default(field)}" for field in others).replace("%", "%%")
        self._form = "\t".join(["%s"] * len(told)) + rest + "\n"

    def line(self, *values: object) -> str:
        """A row, of values in the form that COPY reads."""
        return self._form % values

    def series(self, cursor: CursorWrapper) -> str:
        """Where its ids come from."""
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [self.name])
        return str(cursor.fetchone()[0])

    def copy(self, cursor: CursorWrapper, rows: bytes, *, frozen: bool) -> None:
        """Write the rows; `frozen` into a table that was emptied in this transaction, so that nobody has to look at
        each of them once more to find that all may see it.
        """
        columns = ", ".join(f'"{name}"' for name in self.columns)
        how = " WITH (FREEZE)" if frozen else ""
        with cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN{how}') as stream:
            stream.write(rows)


def reserve(cursor: CursorWrapper, series: str) -> int:
    """The first free number of a series. The caller keeps everybody else from taking it."""
    cursor.execute("SELECT nextval(%s)", [series])
    return int(cursor.fetchone()[0])


def settle(cursor: CursorWrapper, series: str, free: int) -> None:
    """Tell a series which number is the next free one."""
    cursor.execute("SELECT setval(%s, %s, false)", [series, free])


def lock(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Let nobody else write into the tables until the end of the transaction. They are read as before."""
    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")


# Foreign keys from them and to them, and constraints and indexes but for the primary key, at which those point: names
# and definitions. What is unique comes before what points at it.
_CONSTRAINTS: Final = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text = ANY(%(tables)s) AND contype IN ('f', 'u')
OR confrelid::regclass::text = ANY(%(tables)s) AND contype = 'f' ORDER BY contype DESC, 1, 2
"""
_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s)
AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
# It gets a copy of all rows that a statement adds.
_EAR: Final = "ALTER TABLE helpdesk_ticketevent {} TRIGGER helpdesk_ticketevent_heard"


@contextlib.contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Take indexes and foreign keys off the tables, which are empty, and make them anew at the end, as they were.

    The webhooks' ear is shut meanwhile: what comes is history, and no news.
    Inside the caller's transaction: whoever dies meanwhile leaves everything as it was. They count as emptied by it.
    Raises LookupError where a table is not empty.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT FROM {table} LIMIT 1")
            if cursor.rowcount:
                raise LookupError(f"There are rows in {table} already.")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_CONSTRAINTS, {"tables": list(tables)})
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(_EAR.format("DISABLE"))
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        yield
        cursor.execute(_EAR.format("ENABLE"))
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
