"""What tells how long a queue usually takes to answer."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0009_latest_solved")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                models.F("queue"),
                models.OrderBy(models.F("first_answer_at"), descending=True),
                condition=models.Q(("first_answer_at__isnull", False)),
                name="ticket_answered_of_queue",
            ),
        ),
    ]
