"""Calendars, policies, and the rules that choose one."""

from typing import Final

from django.conf import settings
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Calendar",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={"verbose_name": "calendar", "verbose_name_plural": "calendars", "ordering": ("name",)},
    ),
    migrations.CreateModel(
        "CalendarVersion",
        fields=[
            ID,
            ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
            ("number", models.PositiveIntegerField(verbose_name="version")),
            ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="in force from")),
            ("preview", models.JSONField(blank=True, default=dict)),
            ("made_by", key(settings.AUTH_USER_MODEL, db_index=False, null=True, related_name="+")),
            ("made_at", models.DateTimeField(verbose_name="made")),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            ("calendar", key("helpdesk.calendar", db_index=False, related_name="versions")),
            ("week", models.JSONField(default=dict, verbose_name="week")),
        ],
        options={
            "verbose_name": "version of a calendar",
            "verbose_name_plural": "versions of calendars",
            "indexes": [models.Index(fields=["calendar", "-valid_from", "-number"], name="calendar_version_in_force")],
            "constraints": [
                models.UniqueConstraint(fields=("calendar", "number"), name="calendar_version_number_unique"),
                models.UniqueConstraint(
                    condition=models.Q(("valid_from__isnull", True)),
                    fields=("calendar",),
                    name="calendar_version_one_draft",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Holiday",
        fields=[
            ID,
            ("version", key("helpdesk.calendarversion", db_index=False, related_name="holidays")),
            ("day", models.DateField(verbose_name="day")),
            ("name", models.CharField(max_length=120, verbose_name="name")),
        ],
        options={
            "verbose_name": "holiday",
            "verbose_name_plural": "holidays",
            "ordering": ("day",),
            "constraints": [models.UniqueConstraint(fields=("version", "day"), name="holiday_day_unique")],
        },
    ),
    migrations.CreateModel(
        "SLAPolicy",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={"verbose_name": "SLA policy", "verbose_name_plural": "SLA policies", "ordering": ("name",)},
    ),
    migrations.CreateModel(
        "PolicyVersion",
        fields=[
            ID,
            ("number", models.PositiveIntegerField(verbose_name="version")),
            ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="in force from")),
            ("preview", models.JSONField(blank=True, default=dict)),
            ("made_by", key(settings.AUTH_USER_MODEL, db_index=False, null=True, related_name="+")),
            ("made_at", models.DateTimeField(verbose_name="made")),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            ("policy", key("helpdesk.slapolicy", db_index=False, related_name="versions")),
            ("calendar", key("helpdesk.calendar", related_name="+", verbose_name="calendar")),
            ("rules", models.JSONField(default=dict, verbose_name="rules")),
        ],
        options={
            "verbose_name": "version of an SLA policy",
            "verbose_name_plural": "versions of SLA policies",
            "indexes": [models.Index(fields=["policy", "-valid_from", "-number"], name="policy_version_in_force")],
            "constraints": [
                models.UniqueConstraint(fields=("policy", "number"), name="policy_version_number_unique"),
                models.UniqueConstraint(
                    condition=models.Q(("valid_from__isnull", True)),
                    fields=("policy",),
                    name="policy_version_one_draft",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Phase",
        fields=[
            ID,
            ("name", models.CharField(max_length=80, verbose_name="name")),
            (
                "kind",
                models.CharField(
                    choices=[("emergency", "Emergency"), ("go_live", "Go-live"), ("deployment", "Deployment")],
                    max_length=10,
                    verbose_name="kind",
                ),
            ),
            ("starts_at", models.DateTimeField(verbose_name="starts")),
            ("ends_at", models.DateTimeField(verbose_name="ends")),
            ("queue", key("helpdesk.queue", blank=True, null=True, related_name="+", verbose_name="queue")),
            (
                "organization",
                key("helpdesk.organization", blank=True, null=True, related_name="+", verbose_name="organisation"),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "phase",
            "verbose_name_plural": "phases",
            "ordering": ("-starts_at",),
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                    name="phase_ends_after_start",
                    violation_error_message="A phase ends after it starts.",
                ),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["active", "emergency", "go_live", "deployment"])),
                    name="phase_kind_known",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "PolicyRule",
        fields=[
            ID,
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            (
                "policy",
                key(
                    "helpdesk.slapolicy",
                    blank=True,
                    help_text="Empty: nothing is promised.",
                    null=True,
                    related_name="+",
                    verbose_name="policy",
                ),
            ),
            (
                "organization",
                key("helpdesk.organization", blank=True, null=True, related_name="+", verbose_name="organisation"),
            ),
            (
                "service_tier",
                key("helpdesk.servicetier", blank=True, null=True, related_name="+", verbose_name="service tier"),
            ),
            ("queue", key("helpdesk.queue", blank=True, null=True, related_name="+", verbose_name="queue")),
            ("category", key("helpdesk.category", blank=True, null=True, related_name="+", verbose_name="category")),
            (
                "phase",
                models.CharField(
                    blank=True,
                    choices=[("emergency", "Emergency"), ("go_live", "Go-live"), ("deployment", "Deployment")],
                    max_length=10,
                    verbose_name="filed during",
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "rule for the policy",
            "verbose_name_plural": "rules for the policy",
            "ordering": ("position", "pk"),
        },
    ),
    migrations.CreateModel(
        "Recount",
        fields=[
            ID,
            ("valid_from", models.DateTimeField()),
            ("cause", models.CharField(max_length=20)),
            ("cause_id", models.BigIntegerField(null=True)),
            ("through", models.BigIntegerField(default=0)),
            ("changed", models.PositiveIntegerField(default=0)),
            ("done_at", models.DateTimeField(null=True)),
        ],
        options={
            "verbose_name": "recount of clocks",
            "verbose_name_plural": "recounts of clocks",
            "indexes": [
                models.Index(
                    condition=models.Q(("done_at__isnull", True)), fields=["valid_from", "id"], name="recount_due"
                )
            ],
        },
    ),
]
