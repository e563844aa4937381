"""What tickets are sorted and asked by."""

from typing import Final

from django.conf import settings
from django.contrib.postgres import fields as postgres_fields
from django.contrib.postgres import indexes
from django.db import migrations, models
from django.db.models import functions

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Kind",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=60, verbose_name="name")),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "kind",
            "verbose_name_plural": "kinds",
            "ordering": ("position", "name"),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="kind_name_unique")],
        },
    ),
    migrations.CreateModel(
        "Tag",
        fields=[
            ID,
            ("name", models.CharField(max_length=40, verbose_name="name")),
            (
                "is_active",
                models.BooleanField(
                    default=True,
                    help_text="A tag that is not active stays where it is and is not offered.",
                    verbose_name="active",
                ),
            ),
        ],
        options={
            "verbose_name": "tag",
            "verbose_name_plural": "tags",
            "ordering": ("name",),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="tag_name_unique")],
        },
    ),
    migrations.CreateModel(
        "FirstTierRule",
        fields=[
            ID,
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            (
                "plan",
                models.JSONField(
                    help_text='For each priority from 1 to 4 the levels that take part; the first one owns the ticket. Example: {"1": [4], "2": [3], "3": [2], "4": [1]}',
                    verbose_name="plan",
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "rule for the first tier",
            "verbose_name_plural": "rules for the first tier",
            "ordering": ("name",),
        },
    ),
    migrations.CreateModel(
        "Queue",
        fields=[
            ID,
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            (
                "first_tier_rule",
                key("helpdesk.firsttierrule", related_name="queues", verbose_name="rule for the first tier"),
            ),
            (
                "default_priority",
                models.PositiveSmallIntegerField(
                    choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                    default=3,
                    verbose_name="default priority",
                ),
            ),
            (
                "priority_source",
                models.CharField(
                    choices=[
                        ("direct", "Agents choose it"),
                        ("weighed", "From impact and urgency"),
                        ("measured", "From what was measured"),
                    ],
                    db_default="direct",
                    default="direct",
                    max_length=8,
                    verbose_name="where priorities come from",
                ),
            ),
            (
                "asks_impact",
                models.BooleanField(
                    db_default=False,
                    default=False,
                    help_text="In plain words, where priorities come from both: how many people it stops, and how badly.",
                    verbose_name="ask requesters for impact and urgency",
                ),
            ),
            (
                "is_default",
                models.BooleanField(
                    default=False,
                    help_text="Takes what no category sends elsewhere. One queue is the default.",
                    verbose_name="default",
                ),
            ),
            (
                "guests_allowed",
                models.BooleanField(
                    db_default=False,
                    default=False,
                    help_text="Whoever confirms an e-mail address may report here without an account.",
                    verbose_name="open to guests",
                ),
            ),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
            (
                "teams",
                models.ManyToManyField(blank=True, related_name="queues", to="helpdesk.team", verbose_name="teams"),
            ),
        ],
        options={
            "verbose_name": "queue",
            "verbose_name_plural": "queues",
            "ordering": ("name",),
            "constraints": [
                models.UniqueConstraint(functions.Lower("name"), name="queue_name_unique"),
                models.UniqueConstraint(
                    condition=models.Q(("is_default", True)), fields=("is_default",), name="queue_one_default"
                ),
                models.CheckConstraint(
                    condition=models.Q(("default_priority__in", [1, 2, 3, 4])), name="queue_priority_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(("priority_source__in", ["direct", "weighed", "measured"])),
                    name="queue_priority_source_known",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Category",
        fields=[
            ID,
            ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
            ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            ("queue", key("helpdesk.queue", related_name="categories", verbose_name="queue")),
            (
                "kind",
                key(
                    "helpdesk.kind",
                    blank=True,
                    help_text="What a ticket of this category is at first.",
                    null=True,
                    related_name="+",
                    verbose_name="kind",
                ),
            ),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
            (
                "restricted_to",
                models.ManyToManyField(
                    blank=True, related_name="private_categories", to="helpdesk.team", verbose_name="private to"
                ),
            ),
        ],
        options={
            "verbose_name": "category",
            "verbose_name_plural": "categories",
            "ordering": ("position", "name"),
            "constraints": [models.UniqueConstraint(functions.Lower("name"), name="category_name_unique")],
        },
    ),
    migrations.CreateModel(
        "CustomField",
        fields=[
            ID,
            ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
            (
                "category",
                key("helpdesk.category", blank=True, null=True, related_name="fields", verbose_name="category"),
            ),
            ("queue", key("helpdesk.queue", blank=True, null=True, related_name="fields", verbose_name="queue")),
            ("code", models.SlugField(max_length=40, verbose_name="code")),
            ("label", models.CharField(max_length=120, verbose_name="question")),
            ("help_text", models.CharField(blank=True, max_length=200, verbose_name="help text")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("text", "Short text"),
                        ("long_text", "Long text"),
                        ("number", "Number"),
                        ("date", "Date"),
                        ("boolean", "Yes or no"),
                        ("choice", "One of several answers"),
                        ("multi", "Any of several answers"),
                        ("person", "Person"),
                    ],
                    default="text",
                    max_length=10,
                    verbose_name="kind of answer",
                ),
            ),
            ("options", models.JSONField(blank=True, default=list, verbose_name="answers to choose from")),
            (
                "minimum",
                models.DecimalField(
                    blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="smallest number"
                ),
            ),
            (
                "maximum",
                models.DecimalField(
                    blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="largest number"
                ),
            ),
            ("decimals", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="decimal places")),
            ("is_required", models.BooleanField(default=False, verbose_name="has to be answered when filing")),
            (
                "is_required_to_resolve",
                models.BooleanField(
                    db_default=False, default=False, verbose_name="has to be answered before resolving"
                ),
            ),
            ("is_internal", models.BooleanField(db_default=False, default=False, verbose_name="internal")),
            ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ("is_active", models.BooleanField(default=True, verbose_name="active")),
        ],
        options={
            "verbose_name": "question",
            "verbose_name_plural": "questions",
            "ordering": ("position", "pk"),
            "constraints": [
                models.UniqueConstraint(fields=("category", "code"), name="custom_field_unique"),
                models.UniqueConstraint(fields=("queue", "code"), name="custom_field_of_queue_unique"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("kind__in", ["text", "long_text", "number", "date", "boolean", "choice", "multi", "person"])
                    ),
                    name="custom_field_kind_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("category__isnull", False), ("queue__isnull", True)),
                        models.Q(("category__isnull", True), ("queue__isnull", False)),
                        _connector="OR",
                    ),
                    name="custom_field_one_home",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "FieldValue",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="field_values")),
            ("field", key("helpdesk.customfield", db_index=False, related_name="values")),
            ("value", models.JSONField(null=True, verbose_name="answer")),
            ("words", models.TextField(blank=True, db_default="", default="")),
            (
                "picks",
                postgres_fields.ArrayField(
                    base_field=models.CharField(max_length=160), blank=True, null=True, size=None
                ),
            ),
            ("number", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
            ("day", models.DateField(blank=True, null=True)),
            ("person", key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+", verbose_name="person")),
        ],
        options={
            "verbose_name": "answer",
            "verbose_name_plural": "answers",
            "indexes": [
                models.Index(
                    condition=models.Q(("number__isnull", False)), fields=["field", "number"], name="field_value_number"
                ),
                models.Index(
                    condition=models.Q(("day__isnull", False)), fields=["field", "day"], name="field_value_day"
                ),
                indexes.GinIndex(fields=["picks"], name="field_value_picks"),
                indexes.GinIndex(
                    indexes.OpClass(functions.Upper("words"), name="gin_trgm_ops"), name="field_value_words"
                ),
            ],
            "constraints": [models.UniqueConstraint(fields=("ticket", "field"), name="field_value_unique")],
        },
    ),
]
