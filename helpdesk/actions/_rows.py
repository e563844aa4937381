"""Many rows written at once, each time in one statement, however many they are.

They go to the database as one text in JSON. `bulk_create` and `bulk_update` write a placeholder for each value,
which takes several times as long to say as it takes the database to do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model


def write_back(rows: Iterable[Model], fields: Sequence[str], *, only: str = "") -> None:
    """Save these columns of rows that are locked, of one model.

    `only` is what has to be true of rows that are not locked yet, in SQL: of `t`, the row, and `v`, its new values.
    """
    found = list(rows)
    if not found:
        return
    model = type(found[0])
    names = (model._meta.pk.name, *fields)
    attributes = [one.attname for one in _fields(model, names)]
    _write(_update(model, names, only), [{name: getattr(row, name) for name in attributes} for row in found])


def add_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows, each with the same columns, by the names that Django gives their values (`ticket_id`).

    Returns their ids in the order of the rows.
    """
    return _write(_insert(model, tuple(rows[0])), rows) if rows else []


def add_new(rows: Sequence[Model]) -> None:
    """Insert rows that were made and not saved yet, of one model, and let them know their ids."""
    if not rows:
        return
    model = type(rows[0])
    names = [one.attname for one in model._meta.concrete_fields if not one.primary_key and not one.generated]
    keys = add_rows(model, [{name: getattr(row, name) for name in names} for row in rows])
    for row, key in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


def _write(sql: str, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    text = json.dumps(rows, ensure_ascii=False, default=_plain)
    with connection.cursor() as cursor:
        cursor.execute(sql, [text])
        return [row[0] for row in cursor] if cursor.description else []


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} has no form that the database would read.")


@lru_cache
def _fields(model: type[Model], names: tuple[str, ...]) -> "tuple[Field[Any, Any], ...]":
    by_name = {one.attname: one for one in model._meta.concrete_fields}
    by_name |= {one.name: one for one in model._meta.concrete_fields}
    return tuple(by_name[name] for name in names)


@lru_cache
def _update(model: type[Model], names: tuple[str, ...], only: str) -> str:
    key, *changed = _fields(model, names)
    told = ", ".join(f"{_quoted(one.column)} = v.{_quoted(one.attname)}" for one in changed)
    there = f"t.{_quoted(key.column)} = v.{_quoted(key.attname)}" + (f" AND {only}" if only else "")
    return f"UPDATE {_quoted(model._meta.db_table)} AS t SET {told} FROM {_read(model, names)} WHERE {there}"  # noqa: S608 - names of our own columns


@lru_cache
def _insert(model: type[Model], names: tuple[str, ...]) -> str:
    meta, fields = model._meta, _fields(model, names)
    columns = ", ".join(_quoted(one.column) for one in fields)
    values = ", ".join(_quoted(one.attname) for one in fields)
    key = _quoted(meta.pk.column)
    return (
        f"INSERT INTO {_quoted(meta.db_table)} ({columns}) SELECT {values} FROM {_read(model, names)} RETURNING {key}"  # noqa: S608 - the same
    )


def _read(model: type[Model], names: tuple[str, ...]) -> str:
    """The rows as the database reads them out of the text: each value by its name there, and as its column's type."""
    told = ", ".join(f"{_quoted(one.attname)} {one.rel_db_type(connection)}" for one in _fields(model, names))
    return f"json_to_recordset(%s::json) AS v({told})"


def _quoted(name: object) -> str:
    return connection.ops.quote_name(str(name))
