"""The files of one sender, newest last."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0004_who_sent_a_file")]

    operations = [
        AddIndexConcurrently("blob", models.Index(fields=["uploaded_by", "recorded_at"], name="blob_of_sender")),
    ]
