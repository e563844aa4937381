"""Of a guest's link the database keeps a digest, and the key itself sealed; what was mailed until now leads on."""

from typing import Final

from django.db import migrations, models

_DIGESTS: Final = """
UPDATE helpdesk_guestlink SET digest = encode(sha256(convert_to(key::text, 'UTF8')), 'hex')
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0006_webhooks")]

    operations = [
        migrations.AddField("guestlink", "digest", models.CharField(max_length=64, null=True, editable=False)),
        # Nothing opens it: whoever came by such a link finds a new one in their next mail.
        migrations.AddField(
            "guestlink", "sealed", models.CharField(default="", max_length=200, editable=False), preserve_default=False
        ),
        migrations.RunSQL(_DIGESTS, migrations.RunSQL.noop),
        migrations.AlterField("guestlink", "digest", models.CharField(max_length=64, unique=True, editable=False)),
        migrations.RemoveField("guestlink", "key"),
    ]
