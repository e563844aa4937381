"""Many rows written back at once."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model


def write_back(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Save these columns of rows that are locked, of one model, in one statement, however many they are.

    `bulk_update` writes a condition for each row and column, which takes longer to say than to do.
    """
    found = list(rows)
    if not found:
        return
    meta = type(found[0])._meta
    by_name = {one.name: one for one in meta.concrete_fields}
    columns = [meta.pk, *(by_name[name] for name in fields)]
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for row in found] for one in columns]
    names = [connection.ops.quote_name(str(one.column)) for one in columns]
    arrays = ", ".join(f"%s::{one.rel_db_type(connection)}[]" for one in columns)
    told = ", ".join(f"{name} = v.{name}" for name in names[1:])
    table, key = connection.ops.quote_name(meta.db_table), names[0]
    change = f"UPDATE {table} AS t SET {told} FROM unnest({arrays}) AS v({', '.join(names)}) WHERE t.{key} = v.{key}"  # noqa: S608 - names of our own columns
    with connection.cursor() as cursor:
        cursor.execute(change, values)
