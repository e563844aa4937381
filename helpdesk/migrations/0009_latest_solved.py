"""The list of what was solved lately, along an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0008_indexes_of_lists")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.OrderBy(models.F("resolved_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("resolved_at__isnull", False)),
                name="ticket_latest_solved",
            ),
        ),
    ]
