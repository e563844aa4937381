"""The clocks of tickets, and what became due by them."""

from typing import Final

from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "SLACycle",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="cycles")),
            (
                "metric",
                models.CharField(
                    choices=[
                        ("first_response", "First response"),
                        ("next_response", "Next response"),
                        ("update", "Update"),
                        ("resolution", "Resolution"),
                    ],
                    max_length=16,
                    verbose_name="metric",
                ),
            ),
            ("number", models.PositiveIntegerField(verbose_name="number")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("running", "Running"),
                        ("paused", "Paused"),
                        ("met", "Met"),
                        ("breached", "Breached"),
                        ("void", "Taken off"),
                    ],
                    default="running",
                    max_length=10,
                    verbose_name="state",
                ),
            ),
            ("started_at", models.DateTimeField(verbose_name="started")),
            ("stopped_at", models.DateTimeField(null=True, verbose_name="stopped")),
            ("ledger", models.JSONField(default=list)),
            ("bindings", models.JSONField(default=list)),
            ("binding", models.PositiveIntegerField(default=0)),
            ("policy_version", key("helpdesk.policyversion", db_index=False, null=True, related_name="+")),
            ("calendar_version", key("helpdesk.calendarversion", db_index=False, null=True, related_name="+")),
            ("target_seconds", models.PositiveIntegerField(null=True, verbose_name="target")),
            ("bound_at", models.DateTimeField(null=True)),
            ("due_at", models.DateTimeField(null=True, verbose_name="due")),
            ("left_seconds", models.PositiveIntegerField(null=True, verbose_name="left")),
            ("next_due_at", models.DateTimeField(null=True)),
            ("steps_done", models.PositiveSmallIntegerField(default=0)),
            ("breached_at", models.DateTimeField(null=True, verbose_name="breached")),
        ],
        options={
            "verbose_name": "clock",
            "verbose_name_plural": "clocks",
            "indexes": [
                models.Index(
                    condition=models.Q(("next_due_at__isnull", False)),
                    fields=["next_due_at", "ticket"],
                    name="sla_cycle_due",
                ),
                models.Index(
                    condition=models.Q(("stopped_at__isnull", True)), fields=["ticket", "id"], name="sla_cycle_open"
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("ticket", "metric", "number"), name="sla_cycle_unique"),
                models.UniqueConstraint(
                    condition=models.Q(("stopped_at__isnull", True)),
                    fields=("ticket", "metric"),
                    name="sla_cycle_one_running",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state__in", ["running", "paused"]), ("stopped_at__isnull", True)),
                        models.Q(("state__in", ["met", "breached", "void"]), ("stopped_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="sla_cycle_state_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("target_seconds__isnull", True),
                        models.Q(
                            ("calendar_version__isnull", False),
                            ("policy_version__isnull", False),
                            ("target_seconds__gt", 0),
                        ),
                        _connector="OR",
                    ),
                    name="sla_cycle_target_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(("metric__in", ["first_response", "next_response", "update", "resolution"])),
                    name="sla_cycle_metric_known",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "SLAStep",
        fields=[
            ID,
            ("cycle", key("helpdesk.slacycle", db_index=False, related_name="steps")),
            ("binding", models.PositiveIntegerField()),
            ("key", models.CharField(max_length=40)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("warning", "Warning"),
                        ("breach", "Breach"),
                        ("owed", "Update owed"),
                        ("rung", "Escalation"),
                    ],
                    max_length=8,
                ),
            ),
            ("due_at", models.DateTimeField()),
            ("effective_at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            ("event", key("helpdesk.ticketevent", db_index=False, null=True, related_name="+")),
        ],
        options={
            "verbose_name": "step of a clock",
            "verbose_name_plural": "steps of clocks",
            "constraints": [
                models.UniqueConstraint(fields=("cycle", "binding", "key"), name="sla_step_once"),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["warning", "breach", "owed", "rung"])), name="sla_step_kind_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("effective_at__gte", models.F("due_at"))), name="sla_step_not_before_due"
                ),
            ],
        },
    ),
]
