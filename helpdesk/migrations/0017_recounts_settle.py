"""A recount of clocks walks again where others were writing as it began."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0016_changes_in_public")]

    operations = [migrations.AddField("recount", "settles_at", models.BigIntegerField(null=True))]
