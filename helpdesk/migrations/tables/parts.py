"""What the lists of tables are made of."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

ID: Final = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def key(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """A column that leads to another row, which cannot be deleted while it does."""
    return models.ForeignKey(to, on_delete=models.PROTECT, **options)


class CreateTables(Operation):
    """Make many tables that lead to each other in circles.

    A `CreateModel` for each would build the classes of all that it leads to anew, and columns that close a circle would
    have to be added later. Here Django learns of all of them first. Keys are made at the end, when the tables are there.
    """

    def __init__(self, tables: Sequence[migrations.CreateModel]) -> None:
        """Take them; their order does not matter."""
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Learn of them; what was built of the state before is built anew once, when it is asked for."""
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make them."""
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop them, with their rows."""
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Create the tables of {', '.join(table.name for table in self.tables)}"
