"""What was merged into a ticket, and what was written on one that was merged; and that the rules hold for all rows."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0025_merges")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)),
                fields=["origin", "created_at", "id"],
                name="message_of_merged_ticket",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="ticket_merged"
            ),
        ),
        ValidateConstraint(model_name="ticket", name="ticket_merged_is_closed"),
        ValidateConstraint(model_name="ticket", name="ticket_merged_kind_fits"),
    ]
