"""What people chose to be told of, their quiet hours, and their inboxes."""

from datetime import time

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0032_edits_and_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="is_critical",
            field=models.BooleanField(db_default=False, default=False, verbose_name="critical"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="occasion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("receipts", "Receipts of what you sent us"),
                    ("answers", "Answers and solutions on tickets that you asked for"),
                    ("progress", "Changes on tickets that you asked for"),
                    ("watched", "Tickets that you watch"),
                    ("assigned", "Tickets that are given to you"),
                    ("words", "Answers on your tickets"),
                    ("status", "Changes on your tickets"),
                    ("notes", "Internal notes and mentions"),
                    ("sub_tasks", "Sub-tasks for you"),
                    ("clock_warned", "Time is running out"),
                    ("clock_breached", "Time has run out"),
                    ("ladder", "Escalations to you"),
                    ("update_owed", "An update is owed"),
                ],
                db_default="",
                default="",
                max_length=20,
                verbose_name="occasion",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "Inbox"), ("email", "E-mail")], max_length=10, verbose_name="channel"
            ),
        ),
        migrations.CreateModel(
            name="InboxEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("receipts", "Receipts of what you sent us"),
                            ("answers", "Answers and solutions on tickets that you asked for"),
                            ("progress", "Changes on tickets that you asked for"),
                            ("watched", "Tickets that you watch"),
                            ("assigned", "Tickets that are given to you"),
                            ("words", "Answers on your tickets"),
                            ("status", "Changes on your tickets"),
                            ("notes", "Internal notes and mentions"),
                            ("sub_tasks", "Sub-tasks for you"),
                            ("clock_warned", "Time is running out"),
                            ("clock_breached", "Time has run out"),
                            ("ladder", "Escalations to you"),
                            ("update_owed", "An update is owed"),
                        ],
                        max_length=20,
                        verbose_name="occasion",
                    ),
                ),
                ("is_critical", models.BooleanField(default=False, verbose_name="critical")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.ticketevent",
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
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "inbox entry",
                "verbose_name_plural": "inbox entries",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="inbox_newest"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["user", "-id"],
                        include=("ticket",),
                        name="inbox_unread",
                    ),
                    models.Index(fields=["created_at"], name="inbox_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("event", "user"), name="inbox_entry_unique")],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("receipts", "Receipts of what you sent us"),
                            ("answers", "Answers and solutions on tickets that you asked for"),
                            ("progress", "Changes on tickets that you asked for"),
                            ("watched", "Tickets that you watch"),
                            ("assigned", "Tickets that are given to you"),
                            ("words", "Answers on your tickets"),
                            ("status", "Changes on your tickets"),
                            ("notes", "Internal notes and mentions"),
                            ("sub_tasks", "Sub-tasks for you"),
                            ("clock_warned", "Time is running out"),
                            ("clock_breached", "Time has run out"),
                            ("ladder", "Escalations to you"),
                            ("update_owed", "An update is owed"),
                        ],
                        max_length=20,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("inbox", "Inbox"), ("email", "E-mail")], max_length=10, verbose_name="channel"
                    ),
                ),
                ("on", models.BooleanField(verbose_name="on")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification preference",
                "verbose_name_plural": "notification preferences",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "occasion", "channel"), name="notification_preference_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="days",
                    ),
                ),
                ("starts", models.TimeField(default=time(19, 0), verbose_name="from")),
                ("ends", models.TimeField(default=time(8, 0), verbose_name="to")),
                (
                    "whole_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="whole days",
                    ),
                ),
                ("muted_until", models.DateTimeField(blank=True, null=True, verbose_name="quiet until")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "quiet hours",
                "verbose_name_plural": "quiet hours",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                            ("whole_days__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                        ),
                        name="quiet_hours_days_of_a_week",
                    )
                ],
            },
        ),
    ]
