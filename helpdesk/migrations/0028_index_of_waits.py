"""The tickets that wait on partners, and that only those on hold do."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0027_partners")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("waits__isnull", False)), fields=["waits"], name="ticket_waiting_outside"
            ),
        ),
        ValidateConstraint(model_name="ticket", name="ticket_waits_on_hold"),
    ]
