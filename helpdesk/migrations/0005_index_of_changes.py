"""The order in which changes of tickets were committed."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0004_tokens")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(fields=["changed_xid", "id"], name="ticket_in_order_of_change"),
        ),
    ]
