"""Test databases are copied from one that was migrated once, and emptied between tests by deleting the few rows there
are. Django migrates each of them, truncates all tables, which makes new files for each table and index, and writes its
own rows about models and their rights anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql import base, creation, operations

_TEMPLATES: Final = "watchdesk_template_"
_LOCK: Final = 1042
# Django's own rows about the models, which no test changes.
_KEPT: Final = frozenset({"django_content_type", "auth_permission"})


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, with a template for each state of the migrations."""

    template = ""

    def sql_table_creation_suffix(self) -> str:
        """What makes the database a copy, where there is something to copy."""
        return f" WITH TEMPLATE {self.connection.ops.quote_name(self.template)}" if self.template else ""

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        """Make the database, and the template where this is the first of its state. One process at a time."""
        wanted = _TEMPLATES + _state()
        with self._nodb_cursor() as cursor:
            # Held until the connection closes; the other waits for a whole migration.
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_TEMPLATES])
            there = {row[0] for row in cursor.fetchall()}
            self.template = wanted if wanted in there else ""
            name = super().create_test_db(*args, **kwargs)
            if not self.template:
                self.connection.close()
                for old in there:
                    cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(old)}")
                cursor.execute(f"CREATE DATABASE {wanted} TEMPLATE {self.connection.ops.quote_name(name)}")
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """Drop it, whoever still holds a connection: threads of the live server end when the browser does.

        With FORCE, a role that is no superuser may not: the server's own vacuum may be at work in it, which leaves for
        a plain DROP.
        """
        with self._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [test_database_name],
            )
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)}")


def _state() -> str:
    """A name for all that the migrations are made of."""
    digest = hashlib.sha256(Path(settings.BASE_DIR, "requirements.lock").read_bytes())
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(settings.BASE_DIR):
            for path in sorted(Path(app.path).glob("migrations/**/*.py")):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, but for emptying tables."""

    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """Empty those of the tables that are not empty; the record's triggers refuse it while they are on.

        It is done here, and nothing is left for the caller: after a flush with statements Django writes the kept rows.
        """
        names = [self.quote_name(table) for table in tables if table not in _KEPT]
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names))  # noqa: S608 - Django's names
            full = [row[0] for row in cursor.fetchall()]
        if full:
            self.execute_sql_flush(self._emptying(full))
        return []

    def _emptying(self, full: list[str]) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            with_triggers = {self.quote_name(row[0]) for row in cursor.fetchall()}
        guarded = [name for name in full if name in with_triggers]
        return [
            *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded),
            *(f"DELETE FROM {name}" for name in full),  # noqa: S608 - the same
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded),
        ]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with these ways."""

    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
