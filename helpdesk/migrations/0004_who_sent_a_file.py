"""Whose a file is that stands on no message yet, so that one person cannot leave any number lying."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0003_index_of_unsolved_tickets")]

    operations = [
        migrations.AddField(
            "blob",
            "uploaded_by",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="sent by",
            ),
        ),
    ]
