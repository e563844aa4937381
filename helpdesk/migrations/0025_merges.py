"""Tickets that were merged into others."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0024_audiences"),
    ]

    operations = [
        migrations.CreateModel(
            name="TicketMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merged_at", models.DateTimeField(verbose_name="merged")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("moved", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
            },
        ),
        migrations.AddField(
            model_name="message",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="has_merged",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="others were merged into it"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.ticket",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="resolution_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "Answered"),
                    ("fixed", "Fixed"),
                    ("workaround", "Workaround given"),
                    ("configured", "Settings changed"),
                    ("known_issue", "Known issue"),
                    ("not_reproducible", "Could not be reproduced"),
                    ("not_planned", "Will not be changed"),
                    ("merged", "Merged into another ticket"),
                ],
                max_length=20,
                verbose_name="resolution",
            ),
        ),
        AddConstraintNotValid(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(
                        ("has_merged", False),
                        ("status", "closed"),
                        models.Q(("merged_into", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ticket_merged_is_closed",
            ),
        ),
        AddConstraintNotValid(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", True), models.Q(("resolution_kind", "merged"), _negated=True)),
                    models.Q(("merged_into__isnull", False), ("resolution_kind", "merged")),
                    _connector="OR",
                ),
                name="ticket_merged_kind_fits",
            ),
        ),
        migrations.AddField(
            model_name="ticketmerge",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.ticket"
            ),
        ),
        migrations.AddField(
            model_name="ticketmerge",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("source",), name="ticket_merge_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True), name="ticket_merge_into_another"
            ),
        ),
    ]
