"""What is said on tickets, and the files with it."""

import uuid
from typing import Final

from django.conf import settings
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Message",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="messages")),
            ("origin", key("helpdesk.ticket", blank=True, db_index=False, editable=False, null=True, related_name="+")),
            ("author", key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+")),
            (
                "visibility",
                models.CharField(
                    choices=[("public", "Reply"), ("internal", "Internal note")],
                    max_length=8,
                    verbose_name="visibility",
                ),
            ),
            (
                "purpose",
                models.CharField(
                    choices=[
                        ("conversation", "Conversation"),
                        ("report", "Report"),
                        ("hold", "Why it is on hold"),
                        ("escalation", "Why it was escalated"),
                        ("deescalation", "Why it was handed back"),
                        ("resolution", "Resolution"),
                        ("rejection", "Still a problem"),
                        ("reopening", "Why it was reopened"),
                    ],
                    default="conversation",
                    max_length=12,
                    verbose_name="purpose",
                ),
            ),
            ("body", models.TextField(verbose_name="text")),
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
            ("created_at", models.DateTimeField(verbose_name="written")),
            ("revision", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="revision")),
            ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
        ],
        options={
            "verbose_name": "message",
            "verbose_name_plural": "messages",
            "indexes": [
                models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
                models.Index(
                    condition=models.Q(("origin__isnull", False)),
                    fields=["origin", "created_at", "id"],
                    name="message_of_merged_ticket",
                ),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("visibility__in", ["public", "internal"])), name="message_visibility_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "purpose__in",
                            [
                                "conversation",
                                "report",
                                "hold",
                                "escalation",
                                "deescalation",
                                "resolution",
                                "rejection",
                                "reopening",
                            ],
                        )
                    ),
                    name="message_purpose_known",
                ),
                models.CheckConstraint(condition=~models.Q(("body", "")), name="message_body_filled"),
            ],
        },
    ),
    migrations.CreateModel(
        "MessageRevision",
        fields=[
            ID,
            ("message", key("helpdesk.message", db_index=False, related_name="revisions")),
            ("number", models.PositiveSmallIntegerField(verbose_name="number")),
            ("body", models.TextField(verbose_name="text")),
            ("replaced_at", models.DateTimeField(verbose_name="replaced")),
        ],
        options={
            "verbose_name": "earlier text of a message",
            "verbose_name_plural": "earlier texts of messages",
            "constraints": [models.UniqueConstraint(fields=("message", "number"), name="message_revision_unique")],
        },
    ),
    migrations.CreateModel(
        "Mention",
        fields=[
            ID,
            ("message", key("helpdesk.message", related_name="+")),
            ("user", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
            ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen")),
        ],
        options={
            "verbose_name": "mention",
            "verbose_name_plural": "mentions",
            "indexes": [
                models.Index(
                    models.F("user"),
                    models.F("id").desc(),
                    condition=models.Q(("seen_at", None)),
                    name="mention_unseen",
                )
            ],
            "constraints": [models.UniqueConstraint(fields=("message", "user"), name="mention_unique")],
        },
    ),
    migrations.CreateModel(
        "TimeEntry",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="+")),
            ("person", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
            ("message", key("helpdesk.message", db_index=False, null=True, related_name="+")),
            ("minutes", models.SmallIntegerField(verbose_name="minutes")),
            ("what", models.CharField(blank=True, max_length=200, verbose_name="what for")),
            (
                "corrects",
                models.OneToOneField(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="correction",
                    to="helpdesk.timeentry",
                    verbose_name="corrects",
                ),
            ),
            ("created_at", models.DateTimeField(verbose_name="entered")),
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
    migrations.CreateModel(
        "Blob",
        fields=[
            ID,
            ("key", models.CharField(max_length=80, unique=True)),
            ("sha256", models.CharField(max_length=64)),
            ("size", models.PositiveBigIntegerField()),
            ("media_type", models.CharField(max_length=100)),
            ("recorded_at", models.DateTimeField(db_default=functions.Now(), editable=False)),
            (
                "uploaded_by",
                key(
                    settings.AUTH_USER_MODEL,
                    db_index=False,
                    editable=False,
                    null=True,
                    related_name="+",
                    verbose_name="sent by",
                ),
            ),
        ],
        options={
            "verbose_name": "file",
            "verbose_name_plural": "files",
            "indexes": [models.Index(fields=["uploaded_by", "recorded_at"], name="blob_of_sender")],
        },
    ),
    migrations.CreateModel(
        "Attachment",
        fields=[
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("message", key("helpdesk.message", related_name="attachments")),
            ("blob", key("helpdesk.blob", related_name="attachments")),
            ("name", models.CharField(max_length=150, verbose_name="name")),
            ("position", models.PositiveSmallIntegerField(default=0)),
        ],
        options={"verbose_name": "attachment", "verbose_name_plural": "attachments", "ordering": ("position",)},
    ),
    migrations.CreateModel(
        "Thumbnail",
        fields=[
            (
                "blob",
                models.OneToOneField(
                    on_delete=models.PROTECT,
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
            ("small", key("helpdesk.blob", null=True, related_name="thumbnail_of")),
            ("width", models.PositiveSmallIntegerField(null=True)),
            ("height", models.PositiveSmallIntegerField(null=True)),
            ("not_before", models.DateTimeField(db_default=functions.Now())),
            ("lease_until", models.DateTimeField(null=True)),
            ("lease_token", models.UUIDField(null=True)),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
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
                        models.Q(~models.Q(("state", "made")), ("small__isnull", True)),
                        _connector="OR",
                    ),
                    name="thumbnail_made_is_there",
                )
            ],
        },
    ),
    migrations.CreateModel(
        "Draft",
        fields=[
            ID,
            ("user", key(settings.AUTH_USER_MODEL, related_name="+")),
            ("place", models.CharField(max_length=60)),
            ("content", models.JSONField(default=dict)),
            ("updated_at", models.DateTimeField()),
        ],
        options={
            "verbose_name": "draft",
            "verbose_name_plural": "drafts",
            "indexes": [models.Index(fields=["updated_at"], name="draft_age")],
            "constraints": [models.UniqueConstraint(fields=("user", "place"), name="draft_unique")],
        },
    ),
]
