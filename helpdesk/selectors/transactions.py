"""Which transactions are over, by the numbers that the database gives to those that write, in their order."""

from typing import Final

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

# Below it no transaction is under way.
_HORIZON: Final = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def horizon() -> int:
    """All transactions before this one are over: where a pass through everything that changed ends."""
    return _asked(_HORIZON)


def below_horizon() -> RawSQL:
    """The same, for a query to ask itself."""
    return RawSQL(_HORIZON, (), output_field=BigIntegerField())  # noqa: S611 - a text of our own


def own_number() -> int:
    """The number of the transaction that asks."""
    return _asked("pg_current_xact_id()::text::bigint")


def _asked(what: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}")
        return int(cursor.fetchone()[0])
