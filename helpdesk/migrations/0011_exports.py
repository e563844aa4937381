"""Files that the desk makes for one person."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0010_latest_answered"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "Portal"),
                            ("desk", "Desk"),
                            ("api", "API"),
                            ("email", "E-mail"),
                            ("system", "Watchdesk"),
                        ],
                        max_length=8,
                    ),
                ),
                ("query", models.JSONField(blank=True, default=dict)),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("progress", models.PositiveIntegerField(default=0, verbose_name="rows so far")),
                ("total", models.PositiveIntegerField(null=True, verbose_name="rows")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True, verbose_name="expires")),
                ("not_before", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "error",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("forbidden", "You may not see this any more."),
                            (
                                "too_large",
                                "These are too many rows for one file. Narrow the list, then export it in parts.",
                            ),
                            ("broken", "Something went wrong on our side, several times. Please try again later."),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="helpdesk.blob",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "indexes": [
                    models.Index(fields=["owner", "-created_at"], name="export_of_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["not_before"],
                        name="export_due",
                    ),
                    models.Index(condition=models.Q(("state", "ready")), fields=["expires_at"], name="export_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "ready", "failed", "cancelled", "expired"])
                        ),
                        name="export_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blob__isnull", False), ("expires_at__isnull", False), ("state", "ready")),
                            models.Q(models.Q(("state", "ready"), _negated=True), ("blob__isnull", True)),
                            _connector="OR",
                        ),
                        name="export_ready_has_its_file",
                    ),
                ],
            },
        ),
    ]
