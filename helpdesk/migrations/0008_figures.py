"""Figures of served systems."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0007_digests_of_guest_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=60, verbose_name="system")),
                ("component", models.CharField(max_length=60, verbose_name="component")),
                ("measured_at", models.DateTimeField(verbose_name="measured")),
                (
                    "health",
                    models.CharField(
                        choices=[("up", "Up"), ("degraded", "Degraded"), ("down", "Down")],
                        max_length=8,
                        verbose_name="health",
                    ),
                ),
                ("error_rate", models.FloatField(blank=True, null=True, verbose_name="error rate")),
                ("p95_ms", models.FloatField(blank=True, null=True, verbose_name="p95")),
                ("throughput", models.FloatField(blank=True, null=True, verbose_name="throughput")),
                ("sessions", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="sessions")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "figure",
                "verbose_name_plural": "figures",
                "indexes": [models.Index(fields=["recorded_at"], name="figure_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("system", "component", "measured_at"), name="figure_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("health__in", ["up", "degraded", "down"])), name="figure_health_known"
                    ),
                ],
            },
        ),
    ]
