"""The record, and what is on its way."""

import uuid
from typing import Final

from django.conf import settings
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "TicketEvent",
        fields=[
            ID,
            ("kind", models.CharField(max_length=40)),
            ("v", models.PositiveSmallIntegerField(default=1)),
            ("data", models.JSONField()),
            (
                "actor_kind",
                models.CharField(
                    choices=[("person", "Person"), ("guest", "Guest"), ("system", "Watchdesk")], max_length=12
                ),
            ),
            ("actor", key(settings.AUTH_USER_MODEL, null=True, related_name="+")),
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
            ("request_id", models.CharField(blank=True, max_length=64)),
            ("effective_at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="events")),
            ("seq", models.PositiveIntegerField()),
            ("cause", key("helpdesk.ticketevent", db_index=False, null=True, related_name="+")),
        ],
        options={
            "verbose_name": "ticket event",
            "verbose_name_plural": "ticket events",
            "constraints": [
                models.UniqueConstraint(fields=("ticket", "seq"), name="ticket_event_seq_unique"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("actor__isnull", False), ("actor_kind__in", ("person", "guest"))),
                        models.Q(
                            models.Q(("actor_kind__in", ("person", "guest")), _negated=True), ("actor__isnull", True)
                        ),
                        _connector="OR",
                    ),
                    name="ticket_event_actor_fits",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "AuditEvent",
        fields=[
            ID,
            ("kind", models.CharField(max_length=40)),
            ("v", models.PositiveSmallIntegerField(default=1)),
            ("data", models.JSONField()),
            (
                "actor_kind",
                models.CharField(
                    choices=[("person", "Person"), ("guest", "Guest"), ("system", "Watchdesk")], max_length=12
                ),
            ),
            ("actor", key(settings.AUTH_USER_MODEL, null=True, related_name="+")),
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
            ("request_id", models.CharField(blank=True, max_length=64)),
            ("effective_at", models.DateTimeField()),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            ("subject_type", models.CharField(max_length=40)),
            ("subject_id", models.CharField(blank=True, max_length=40)),
        ],
        options={
            "verbose_name": "audit event",
            "verbose_name_plural": "audit events",
            "indexes": [models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_event_of_subject")],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("actor__isnull", False), ("actor_kind__in", ("person", "guest"))),
                        models.Q(
                            models.Q(("actor_kind__in", ("person", "guest")), _negated=True), ("actor__isnull", True)
                        ),
                        _connector="OR",
                    ),
                    name="audit_event_actor_fits",
                )
            ],
        },
    ),
    migrations.CreateModel(
        "PendingEvent",
        fields=[
            ID,
            ("consumer", models.CharField(max_length=40)),
            ("event", key("helpdesk.ticketevent", related_name="+")),
            ("ticket", key("helpdesk.ticket", related_name="+")),
            ("seq", models.PositiveIntegerField()),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
            ("not_before", models.DateTimeField()),
            ("last_error", models.TextField(blank=True)),
        ],
        options={
            "verbose_name": "waiting effect",
            "verbose_name_plural": "waiting effects",
            "indexes": [
                models.Index(fields=["not_before", "id"], name="pending_event_due"),
                models.Index(fields=["consumer", "ticket", "seq"], name="pending_event_order"),
            ],
            "constraints": [models.UniqueConstraint(fields=("consumer", "event"), name="pending_event_unique")],
        },
    ),
    migrations.CreateModel(
        "Delivery",
        fields=[
            ID,
            ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            (
                "channel",
                models.CharField(
                    choices=[("inbox", "Inbox"), ("email", "E-mail")], max_length=10, verbose_name="channel"
                ),
            ),
            ("kind", models.CharField(max_length=40, verbose_name="kind")),
            ("recipient", key(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="recipient")),
            ("ticket", key("helpdesk.ticket", null=True, related_name="+", verbose_name="ticket")),
            ("event", key("helpdesk.ticketevent", null=True, related_name="+")),
            ("payload", models.JSONField(blank=True, default=dict)),
            ("dedupe_key", models.CharField(max_length=120, unique=True)),
            ("ordering_key", models.CharField(blank=True, max_length=80)),
            ("ordering_seq", models.BigIntegerField(default=0)),
            (
                "occasion",
                models.CharField(
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
            ("is_critical", models.BooleanField(db_default=False, default=False, verbose_name="critical")),
            (
                "urgency",
                models.PositiveSmallIntegerField(
                    choices=[(1, "At once"), (5, "Normal"), (9, "When there is time")],
                    default=5,
                    verbose_name="urgency",
                ),
            ),
            ("created_at", models.DateTimeField(verbose_name="created")),
            ("not_before", models.DateTimeField(verbose_name="not before")),
            ("expires_at", models.DateTimeField(null=True, verbose_name="expires")),
            ("lease_until", models.DateTimeField(null=True)),
            ("lease_token", models.UUIDField(null=True)),
            ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
            ("last_error", models.TextField(blank=True, verbose_name="last error")),
            ("possibly_repeated", models.BooleanField(default=False, verbose_name="possibly sent twice")),
            ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
            ("cancelled_at", models.DateTimeField(null=True, verbose_name="cancelled")),
            ("cancel_reason", models.CharField(blank=True, max_length=40)),
            ("given_up_at", models.DateTimeField(null=True, verbose_name="given up")),
            ("provider_id", models.CharField(blank=True, max_length=200)),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
        ],
        options={
            "verbose_name": "delivery",
            "verbose_name_plural": "deliveries",
            "indexes": [
                models.Index(
                    condition=models.Q(
                        ("cancelled_at__isnull", True), ("given_up_at__isnull", True), ("sent_at__isnull", True)
                    ),
                    fields=["urgency", "not_before", "id"],
                    name="delivery_due",
                ),
                models.Index(
                    condition=models.Q(
                        ("cancelled_at__isnull", True), ("given_up_at__isnull", True), ("sent_at__isnull", True)
                    ),
                    fields=["ordering_key", "ordering_seq", "id"],
                    name="delivery_order",
                ),
                models.Index(
                    models.F("id").desc(), condition=models.Q(("given_up_at__isnull", False)), name="delivery_given_up"
                ),
                models.Index(fields=["ticket", "id"], name="delivery_of_ticket"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("cancelled_at__isnull", True), ("given_up_at__isnull", True), ("sent_at__isnull", True)
                        ),
                        models.Q(
                            ("cancelled_at__isnull", True), ("given_up_at__isnull", True), ("sent_at__isnull", False)
                        ),
                        models.Q(
                            ("cancelled_at__isnull", False), ("given_up_at__isnull", True), ("sent_at__isnull", True)
                        ),
                        models.Q(
                            ("cancelled_at__isnull", True), ("given_up_at__isnull", False), ("sent_at__isnull", True)
                        ),
                        _connector="OR",
                    ),
                    name="delivery_one_end",
                )
            ],
        },
    ),
    migrations.CreateModel(
        "Export",
        fields=[
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("kind", models.CharField(max_length=40)),
            ("owner", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
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
            ("blob", key("helpdesk.blob", null=True, related_name="exports")),
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
        ],
        options={
            "verbose_name": "export",
            "verbose_name_plural": "exports",
            "indexes": [
                models.Index(fields=["owner", "-created_at"], name="export_of_owner"),
                models.Index(
                    condition=models.Q(("state__in", ("waiting", "running"))), fields=["not_before"], name="export_due"
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
                        models.Q(~models.Q(("state", "ready")), ("blob__isnull", True)),
                        _connector="OR",
                    ),
                    name="export_ready_has_its_file",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "IdempotencyKey",
        fields=[
            ID,
            ("user", key(settings.AUTH_USER_MODEL, related_name="+")),
            ("key", models.CharField(max_length=80)),
            ("body_hash", models.CharField(max_length=64)),
            ("result", models.JSONField(default=dict)),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
        ],
        options={
            "verbose_name": "repeatable request",
            "verbose_name_plural": "repeatable requests",
            "indexes": [models.Index(fields=["recorded_at"], name="idempotency_key_age")],
            "constraints": [models.UniqueConstraint(fields=("user", "key"), name="idempotency_key_unique")],
        },
    ),
]
