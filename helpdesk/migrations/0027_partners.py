"""Partners on whom tickets wait."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0026_indexes_of_merges"),
    ]

    operations = [
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("contact_name", models.CharField(blank=True, max_length=120, verbose_name="liaison")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="their address")),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="their phone")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="partner_name_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerWait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="their reference")),
                ("began_at", models.DateTimeField(verbose_name="since")),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.partner"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name": "wait on a partner",
                "verbose_name_plural": "waits on partners",
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="waits",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.partnerwait",
                verbose_name="waits on a partner",
            ),
        ),
        AddConstraintNotValid(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("waits__isnull", True), ("status", "on_hold"), _connector="OR"),
                name="ticket_waits_on_hold",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerwait",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("reference"), name="text_pattern_ops"
                ),
                condition=models.Q(("reference", ""), _negated=True),
                name="partner_wait_reference",
            ),
        ),
    ]
