"""Of the key by which a guest confirms a report the database keeps a digest; what was mailed until now still confirms."""

from typing import Final

from django.db import migrations, models

_DIGESTS: Final = """
UPDATE helpdesk_guestfiling SET digest = encode(sha256(convert_to(key::text, 'UTF8')), 'hex')
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0009_room_on_pages")]

    operations = [
        migrations.AddField("guestfiling", "digest", models.CharField(max_length=64, null=True, editable=False)),
        migrations.RunSQL(_DIGESTS, migrations.RunSQL.noop),
        migrations.AlterField("guestfiling", "digest", models.CharField(max_length=64, unique=True, editable=False)),
        migrations.RemoveField("guestfiling", "key"),
    ]
