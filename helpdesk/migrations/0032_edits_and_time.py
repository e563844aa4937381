"""Earlier texts of messages, and minutes spent."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0031_problem_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="edit_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=10,
                default=10,
                help_text="By who wrote it; what it said before is kept. 0: never.",
                validators=[django.core.validators.MaxValueValidator(1440)],
                verbose_name="minutes in which a message can be changed",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="changed"),
        ),
        migrations.AddField(
            model_name="message",
            name="revision",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="revision"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="minutes_spent",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="minutes spent"),
        ),
        migrations.CreateModel(
            name="MessageRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("body", models.TextField(verbose_name="text")),
                ("replaced_at", models.DateTimeField(verbose_name="replaced")),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="helpdesk.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier text of a message",
                "verbose_name_plural": "earlier texts of messages",
                "constraints": [models.UniqueConstraint(fields=("message", "number"), name="message_revision_unique")],
            },
        ),
        migrations.CreateModel(
            name="TimeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.SmallIntegerField(verbose_name="minutes")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="what for")),
                ("created_at", models.DateTimeField(verbose_name="entered")),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="helpdesk.timeentry",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "time spent",
                "verbose_name_plural": "times spent",
                "indexes": [
                    models.Index(fields=["ticket", "id"], name="time_entry_of_ticket"),
                    models.Index(fields=["person", "created_at"], name="time_entry_of_person"),
                    models.Index(fields=["created_at"], name="time_entry_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", True), ("minutes__gte", 1), ("minutes__lte", 1440)),
                            models.Q(("corrects__isnull", False), ("minutes__gte", -1440), ("minutes__lte", -1)),
                            _connector="OR",
                        ),
                        name="time_entry_minutes_fit",
                    )
                ],
            },
        ),
    ]
