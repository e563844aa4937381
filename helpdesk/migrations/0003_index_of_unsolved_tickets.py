"""What the desk looks at first, however many solved tickets there are beside it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0002_append_only_and_addresses")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                F("updated_at").desc(),
                F("id").desc(),
                condition=~Q(status__in=["closed", "resolved"]),
                name="ticket_unsolved_latest",
            ),
        ),
    ]
