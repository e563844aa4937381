"""Databases of before go on where few migrations stand for many."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def _become_of_before(last: str) -> None:
    """Let the database say that the migrations up to `last` made it, as they did then."""
    before = [name for migration in _loader().replacements.values() for _, name in migration.replaces]
    MigrationRecorder(connection).migration_qs.filter(app="helpdesk").delete()
    for name in before:
        if name <= last:
            MigrationRecorder(connection).record_applied("helpdesk", name)


def _loader() -> MigrationLoader:
    return MigrationExecutor(connection).loader


def _left() -> list[str]:
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def test_a_database_that_has_all_of_before_needs_none() -> None:
    _become_of_before("0037_versions_are_kept")

    later = {str(one) for one in _loader().disk_migrations.values() if not one.replaces and one.app_label == "helpdesk"}
    assert set(_left()) == later


def test_a_database_in_the_middle_of_them_is_refused() -> None:
    _become_of_before("0035_index_of_urgency")

    with pytest.raises(CommandError, match="Conflicting migrations"):
        call_command("migrate", plan=True)
