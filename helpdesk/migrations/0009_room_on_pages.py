"""Pages of tickets keep some room, so that a change that no index knows of stays on its page and touches no index.

Of what came before, each page gets its room as its tickets change or are vacuumed.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0008_figures")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE helpdesk_ticket SET (fillfactor = 85)", "ALTER TABLE helpdesk_ticket RESET (fillfactor)"
        )
    ]
