"""Times come out of the database as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from django.db import DataError, connection

from config.times import UTCLoader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_times_are_read_as_they_were_written(moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, NULL::timestamptz", [moment])
        read, nothing = cursor.fetchone()
    assert (read, nothing) == (moment, None)
    assert read.tzinfo is UTC


def test_connections_read_times_that_way() -> None:
    connection.ensure_connection()
    assert connection.connection.adapters.get_loader(1184, psycopg.pq.Format.TEXT) is UTCLoader


@pytest.mark.parametrize("text", ["infinity", "10000-01-01", "0044-03-15 BC"])
def test_times_of_no_year_that_python_knows_are_refused(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        with pytest.raises(DataError, match="timestamp too"):
            cursor.fetchone()
