"""Who comes to the desk how, and what each is told."""

import datetime as dt
import uuid
from typing import Final

from django.conf import settings
from django.contrib.postgres import fields as postgres_fields
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "StaffRole",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("responsibilities", models.CharField(blank=True, max_length=200, verbose_name="responsible for")),
            (
                "escalates_to",
                key(
                    "helpdesk.staffrole",
                    blank=True,
                    help_text="Who decides what this role cannot decide: the next step of the ladder of management.",
                    null=True,
                    related_name="+",
                    verbose_name="escalates to",
                ),
            ),
            ("primary", key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+", verbose_name="primary")),
            (
                "backup",
                key(
                    settings.AUTH_USER_MODEL,
                    blank=True,
                    help_text="Who steps in when the primary cannot be reached.",
                    null=True,
                    related_name="+",
                    verbose_name="backup",
                ),
            ),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "role",
            "verbose_name_plural": "roles",
            "ordering": ("position", "name"),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("escalates_to__isnull", True), ~models.Q(("escalates_to", models.F("id"))), _connector="OR"
                    ),
                    name="staff_role_escalates_to_another",
                    violation_error_message="A role cannot escalate to itself.",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("primary__isnull", True),
                        ("backup__isnull", True),
                        ~models.Q(("primary", models.F("backup"))),
                        _connector="OR",
                    ),
                    name="staff_role_backup_is_another",
                    violation_error_message="The backup has to be somebody else.",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Invitation",
        fields=[
            ID,
            ("name", models.CharField(max_length=120, verbose_name="name")),
            ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("agent", "Agent"),
                        ("manager", "Manager"),
                        ("administrator", "Administrator"),
                        ("auditor", "Auditor"),
                        ("head_of_support", "Head of support"),
                        ("regional_manager", "Regional manager"),
                        ("oncall_coordinator", "On-call coordinator"),
                        ("quality_lead", "Quality lead"),
                        ("training_specialist", "Training specialist"),
                        ("process_lead", "Process lead"),
                    ],
                    max_length=24,
                    verbose_name="role",
                ),
            ),
            ("invited_by", key(settings.AUTH_USER_MODEL, related_name="+")),
            ("seal", models.UUIDField(default=uuid.uuid4, editable=False)),
            ("created_at", models.DateTimeField()),
            ("sent_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("accepted_at", models.DateTimeField(null=True)),
            ("withdrawn_at", models.DateTimeField(null=True)),
            ("person", key(settings.AUTH_USER_MODEL, null=True, related_name="+")),
            ("teams", models.ManyToManyField(blank=True, related_name="+", to="helpdesk.team", verbose_name="teams")),
        ],
        options={
            "verbose_name": "invitation",
            "verbose_name_plural": "invitations",
            "constraints": [
                models.UniqueConstraint(
                    functions.Lower("email"),
                    condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                    name="invitation_open_once",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("accepted_at__isnull", True), ("person__isnull", True)),
                        models.Q(
                            ("accepted_at__isnull", False), ("person__isnull", False), ("withdrawn_at__isnull", True)
                        ),
                        _connector="OR",
                    ),
                    name="invitation_one_end",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "role__in",
                            [
                                "agent",
                                "manager",
                                "administrator",
                                "auditor",
                                "head_of_support",
                                "regional_manager",
                                "oncall_coordinator",
                                "quality_lead",
                                "training_specialist",
                                "process_lead",
                            ],
                        )
                    ),
                    name="invitation_to_staff",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "PersonMerge",
        fields=[
            ID,
            ("source", key(settings.AUTH_USER_MODEL, related_name="+", verbose_name="person")),
            ("target", key(settings.AUTH_USER_MODEL, related_name="+", verbose_name="merged into")),
            ("moved", models.JSONField(default=dict)),
            ("merged_at", models.DateTimeField(verbose_name="merged")),
            ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
        ],
        options={
            "verbose_name": "merge of people",
            "verbose_name_plural": "merges of people",
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("undone_at__isnull", True)), fields=("source",), name="person_merge_once"
                ),
                models.CheckConstraint(condition=~models.Q(("source", models.F("target"))), name="person_merge_of_two"),
            ],
        },
    ),
    migrations.CreateModel(
        "NotificationPreference",
        fields=[
            ID,
            ("user", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
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
        ],
        options={
            "verbose_name": "notification preference",
            "verbose_name_plural": "notification preferences",
            "constraints": [
                models.UniqueConstraint(fields=("user", "occasion", "channel"), name="notification_preference_unique")
            ],
        },
    ),
    migrations.CreateModel(
        "QuietHours",
        fields=[
            ID,
            ("user", models.OneToOneField(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            (
                "weekdays",
                postgres_fields.ArrayField(
                    base_field=models.PositiveSmallIntegerField(),
                    blank=True,
                    default=list,
                    size=None,
                    verbose_name="days",
                ),
            ),
            ("starts", models.TimeField(default=dt.time(19, 0), verbose_name="from")),
            ("ends", models.TimeField(default=dt.time(8, 0), verbose_name="to")),
            (
                "whole_days",
                postgres_fields.ArrayField(
                    base_field=models.PositiveSmallIntegerField(),
                    blank=True,
                    default=list,
                    size=None,
                    verbose_name="whole days",
                ),
            ),
            ("muted_until", models.DateTimeField(blank=True, null=True, verbose_name="quiet until")),
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
    migrations.CreateModel(
        "InboxEntry",
        fields=[
            ID,
            ("user", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="+")),
            ("event", key("helpdesk.ticketevent", db_index=False, related_name="+")),
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
]
