"""The order of all tickets by how much they matter, solved ones too."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0034_clocks")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["priority", "created_at", "id"], name="ticket_urgent"),
        ),
    ]
