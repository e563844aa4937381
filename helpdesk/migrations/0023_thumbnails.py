"""Small pictures of the pictures that people send."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0022_indexes_at_scale"),
    ]

    operations = [
        migrations.CreateModel(
            name="Thumbnail",
            fields=[
                (
                    "blob",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="thumbnail",
                        serialize=False,
                        to="helpdesk.blob",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("made", "Made"), ("none", "None")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("damaged", "Damaged, or not what it says it is"),
                            ("too_large", "Too large"),
                            ("too_heavy", "Takes too much time or memory"),
                            ("lost", "Its bytes are lost"),
                        ],
                        max_length=10,
                    ),
                ),
                ("width", models.PositiveSmallIntegerField(null=True)),
                ("height", models.PositiveSmallIntegerField(null=True)),
                ("not_before", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "small",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thumbnail_of",
                        to="helpdesk.blob",
                    ),
                ),
            ],
            options={
                "verbose_name": "thumbnail",
                "verbose_name_plural": "thumbnails",
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["not_before"], name="thumbnail_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("height__gt", 0), ("small__isnull", False), ("state", "made"), ("width__gt", 0)),
                            models.Q(models.Q(("state", "made"), _negated=True), ("small__isnull", True)),
                            _connector="OR",
                        ),
                        name="thumbnail_made_is_there",
                    )
                ],
            },
        ),
    ]
