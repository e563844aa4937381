"""By which old calls of webhooks are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0012_taken_back")]

    operations = [
        AddIndexConcurrently(
            model_name="webhooktry",
            index=models.Index(fields=["at"], name="webhook_try_by_time"),
        ),
    ]
