"""The ticket."""

from typing import Final

from django.conf import settings
from django.contrib.postgres import indexes
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Ticket",
        fields=[
            ID,
            (
                "number",
                models.BigIntegerField(
                    db_default=models.Func(
                        models.Value("helpdesk_ticket_number"),
                        function="nextval",
                        output_field=models.BigIntegerField(),
                    ),
                    editable=False,
                    unique=True,
                    verbose_name="number",
                ),
            ),
            ("subject", models.CharField(max_length=200, verbose_name="subject")),
            ("requester", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+", verbose_name="requester")),
            (
                "organization",
                key(
                    "helpdesk.organization",
                    blank=True,
                    db_index=False,
                    null=True,
                    related_name="+",
                    verbose_name="organisation",
                ),
            ),
            ("queue", key("helpdesk.queue", db_index=False, related_name="+", verbose_name="queue")),
            ("category", key("helpdesk.category", blank=True, null=True, related_name="+", verbose_name="category")),
            ("kind", key("helpdesk.kind", blank=True, null=True, related_name="+", verbose_name="kind")),
            (
                "problem",
                key(
                    "helpdesk.problem", blank=True, db_index=False, null=True, related_name="+", verbose_name="problem"
                ),
            ),
            ("tier", key("helpdesk.tier", related_name="+", verbose_name="tier")),
            (
                "priority",
                models.PositiveSmallIntegerField(
                    choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                    verbose_name="priority",
                ),
            ),
            (
                "status",
                models.CharField(
                    choices=[
                        ("new", "New"),
                        ("open", "Open"),
                        ("in_progress", "In progress"),
                        ("pending", "Waiting for the requester"),
                        ("on_hold", "On hold"),
                        ("resolved", "Resolved"),
                        ("closed", "Closed"),
                    ],
                    default="new",
                    max_length=12,
                    verbose_name="status",
                ),
            ),
            (
                "assignee",
                key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+", verbose_name="assignee"),
            ),
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
                    verbose_name="channel",
                ),
            ),
            (
                "follows",
                key("helpdesk.ticket", blank=True, null=True, related_name="follow_ups", verbose_name="follows"),
            ),
            (
                "waits",
                key(
                    "helpdesk.partnerwait",
                    blank=True,
                    db_index=False,
                    editable=False,
                    null=True,
                    related_name="+",
                    verbose_name="waits on a partner",
                ),
            ),
            (
                "merged_into",
                key(
                    "helpdesk.ticket",
                    blank=True,
                    db_index=False,
                    editable=False,
                    null=True,
                    related_name="+",
                    verbose_name="merged into",
                ),
            ),
            (
                "has_merged",
                models.BooleanField(
                    db_default=False, default=False, editable=False, verbose_name="others were merged into it"
                ),
            ),
            (
                "resolution_kind",
                models.CharField(
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
            ("minutes_spent", models.PositiveIntegerField(db_default=0, default=0, verbose_name="minutes spent")),
            ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
            ("created_at", models.DateTimeField(verbose_name="created")),
            ("updated_at", models.DateTimeField(verbose_name="last change")),
            ("public_at", models.DateTimeField(db_default=functions.Now(), verbose_name="last news")),
            ("first_answer_at", models.DateTimeField(blank=True, null=True, verbose_name="first answer")),
            ("unanswered_since", models.DateTimeField(blank=True, null=True, verbose_name="unanswered since")),
            ("status_since", models.DateTimeField(verbose_name="status since")),
            ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
            ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
            ("close_due_at", models.DateTimeField(blank=True, null=True, verbose_name="closes by itself")),
            ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="acknowledged")),
            (
                "sla_chosen",
                models.BooleanField(db_default=False, default=False, verbose_name="SLA policy chosen by hand"),
            ),
            (
                "sla_policy",
                key(
                    "helpdesk.slapolicy",
                    blank=True,
                    db_index=False,
                    null=True,
                    related_name="+",
                    verbose_name="SLA policy",
                ),
            ),
            ("sla_due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
            (
                "sla_mark",
                models.CharField(
                    blank=True,
                    choices=[("", "No clock"), ("running", "Running"), ("paused", "Paused"), ("breached", "Breached")],
                    db_default="",
                    default="",
                    max_length=8,
                    verbose_name="clocks",
                ),
            ),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False, verbose_name="recorded")),
            ("tags", models.ManyToManyField(blank=True, related_name="+", to="helpdesk.tag", verbose_name="tags")),
        ],
        options={
            "verbose_name": "ticket",
            "verbose_name_plural": "tickets",
            "indexes": [
                models.Index(models.F("updated_at").desc(), models.F("id").desc(), name="ticket_latest"),
                models.Index(models.F("created_at").desc(), models.F("id").desc(), name="ticket_newest"),
                models.Index(fields=["priority", "created_at", "id"], name="ticket_urgent"),
                models.Index(
                    models.F("requester"),
                    models.F("public_at").desc(),
                    models.F("id").desc(),
                    condition=~models.Q(("status", "closed")),
                    name="ticket_open_of_requester",
                ),
                models.Index(
                    models.F("organization"),
                    models.F("public_at").desc(),
                    models.F("id").desc(),
                    condition=~models.Q(("status", "closed")),
                    name="ticket_open_of_organization",
                ),
                models.Index(
                    models.F("requester"),
                    models.F("public_at").desc(),
                    models.F("id").desc(),
                    name="ticket_news_of_requester",
                ),
                models.Index(
                    models.F("organization"),
                    models.F("public_at").desc(),
                    models.F("id").desc(),
                    name="ticket_news_of_organization",
                ),
                models.Index(
                    models.F("queue"), models.F("updated_at").desc(), models.F("id").desc(), name="ticket_of_queue"
                ),
                models.Index(
                    models.F("updated_at").desc(),
                    models.F("id").desc(),
                    condition=~models.Q(("status__in", ["closed", "resolved"])),
                    name="ticket_unsolved_latest",
                ),
                models.Index(
                    models.F("assignee"),
                    models.F("updated_at").desc(),
                    models.F("id").desc(),
                    condition=~models.Q(("status__in", ["closed", "resolved"])),
                    name="ticket_unsolved_of_assignee",
                ),
                models.Index(
                    models.F("queue"),
                    models.F("updated_at").desc(),
                    models.F("id").desc(),
                    condition=models.Q(~models.Q(("status__in", ["closed", "resolved"])), ("assignee__isnull", True)),
                    name="ticket_unassigned_in_queue",
                ),
                models.Index(
                    condition=~models.Q(("status__in", ["closed", "resolved"])),
                    fields=["created_at", "id"],
                    name="ticket_unsolved_oldest",
                ),
                models.Index(
                    condition=~models.Q(("status__in", ["closed", "resolved"])),
                    fields=["priority", "created_at", "id"],
                    name="ticket_unsolved_urgent",
                ),
                models.Index(
                    condition=models.Q(~models.Q(("status__in", ["closed", "resolved"])), ("assignee__isnull", True)),
                    fields=["priority", "created_at", "id"],
                    name="ticket_unassigned_urgent",
                ),
                models.Index(
                    condition=models.Q(("unanswered_since__isnull", False)),
                    fields=["unanswered_since", "id"],
                    name="ticket_unanswered",
                ),
                models.Index(
                    condition=models.Q(("unanswered_since__isnull", False)),
                    fields=["assignee", "unanswered_since", "id"],
                    name="ticket_unanswered_of_assignee",
                ),
                models.Index(
                    condition=~models.Q(("status__in", ["closed", "resolved"])),
                    fields=["queue", "status", "tier", "category", "requester", "id"],
                    name="ticket_unsolved_numbers",
                ),
                models.Index(
                    models.F("resolved_at").desc(),
                    models.F("id").desc(),
                    condition=models.Q(("resolved_at__isnull", False)),
                    name="ticket_latest_solved",
                ),
                models.Index(
                    models.F("queue"),
                    models.F("first_answer_at").desc(),
                    condition=models.Q(("first_answer_at__isnull", False)),
                    name="ticket_answered_of_queue",
                ),
                models.Index(
                    models.F("problem"),
                    models.F("updated_at").desc(),
                    models.F("id").desc(),
                    condition=models.Q(("problem__isnull", False)),
                    name="ticket_of_problem",
                ),
                indexes.GinIndex(
                    indexes.OpClass(functions.Upper("subject"), name="gin_trgm_ops"), name="ticket_subject_words"
                ),
                models.Index(
                    condition=models.Q(("waits__isnull", False)), fields=["waits"], name="ticket_waiting_outside"
                ),
                models.Index(
                    condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="ticket_merged"
                ),
                models.Index(
                    condition=models.Q(("close_due_at__isnull", False)),
                    fields=["close_due_at", "id"],
                    name="ticket_close_due",
                ),
                models.Index(
                    condition=models.Q(("sla_due_at__isnull", False)),
                    fields=["sla_due_at", "id"],
                    name="ticket_clock_due",
                ),
                models.Index(
                    condition=~models.Q(("sla_mark", "")),
                    fields=["sla_mark", "sla_due_at", "id"],
                    name="ticket_clock_mark",
                ),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("status__in", ["new", "open", "in_progress", "pending", "on_hold", "resolved", "closed"])
                    ),
                    name="ticket_status_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("priority__in", [1, 2, 3, 4])), name="ticket_priority_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("resolved_at__isnull", False), ("status__in", ["closed", "resolved"])),
                        models.Q(~models.Q(("status__in", ["closed", "resolved"])), ("resolved_at__isnull", True)),
                        _connector="OR",
                    ),
                    name="ticket_resolved_at_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("status__in", ["closed", "resolved"]), ~models.Q(("resolution_kind", ""))),
                        models.Q(~models.Q(("status__in", ["closed", "resolved"])), ("resolution_kind", "")),
                        _connector="OR",
                    ),
                    name="ticket_resolution_kind_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("closed_at__isnull", False), ("status", "closed")),
                        models.Q(~models.Q(("status", "closed")), ("closed_at__isnull", True)),
                        _connector="OR",
                    ),
                    name="ticket_closed_at_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("close_due_at__isnull", False), ("status", "resolved")),
                        models.Q(~models.Q(("status", "resolved")), ("close_due_at__isnull", True)),
                        _connector="OR",
                    ),
                    name="ticket_close_due_at_fits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("follows__isnull", True), ~models.Q(("follows", models.F("id"))), _connector="OR"
                    ),
                    name="ticket_follows_another",
                ),
                models.CheckConstraint(
                    condition=models.Q(("sla_mark__in", ["", "running", "paused", "breached"])),
                    name="ticket_clock_mark_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("sla_policy__isnull", True), ("sla_chosen", True), _connector="OR"),
                    name="ticket_policy_is_chosen",
                ),
                models.CheckConstraint(
                    condition=models.Q(("waits__isnull", True), ("status", "on_hold"), _connector="OR"),
                    name="ticket_waits_on_hold",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("merged_into__isnull", True),
                        models.Q(
                            ("has_merged", False), ("status", "closed"), ~models.Q(("merged_into", models.F("id")))
                        ),
                        _connector="OR",
                    ),
                    name="ticket_merged_is_closed",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("merged_into__isnull", True), ~models.Q(("resolution_kind", "merged"))),
                        models.Q(("merged_into__isnull", False), ("resolution_kind", "merged")),
                        _connector="OR",
                    ),
                    name="ticket_merged_kind_fits",
                ),
            ],
        },
    )
]
