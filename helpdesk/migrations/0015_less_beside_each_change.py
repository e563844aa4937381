"""What follows another ticket alone is in the index of that, and nobody samples ledgers, by which no query chooses."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The index is built beside the running desk, which no transaction allows.
    atomic = False

    dependencies = [("helpdesk", "0014_changes_beside_tickets")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("follows__isnull", False)), fields=["follows"], name="ticket_following"
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="helpdesk.ticket",
                verbose_name="follows",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE helpdesk_slacycle ALTER ledger SET STATISTICS 0, ALTER bindings SET STATISTICS 0",
            "ALTER TABLE helpdesk_slacycle ALTER ledger SET STATISTICS -1, ALTER bindings SET STATISTICS -1",
        ),
    ]
