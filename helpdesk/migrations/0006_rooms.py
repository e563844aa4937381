"""The rows that portal and desk show beside tickets, and what tickets themselves gained."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0005_index_of_senders_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="Markdown. Leave it empty where the title says it all.",
                        verbose_name="text",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("info", "For your information"), ("warning", "Something does not work")],
                        default="info",
                        max_length=8,
                        verbose_name="weight",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty: until somebody ends it.", null=True, verbose_name="until"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "ordering": ("-starts_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "name",
                    models.CharField(
                        default="Watchdesk",
                        help_text="Stands on top of each page and in each mail.",
                        max_length=40,
                        verbose_name="name",
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        default="#0f766e",
                        help_text="Of links and buttons. What is read on it, and its shades for dark pages, follow from it.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-fA-F]{6}\\Z", "Write a colour as six digits, such as #0f766e."
                            )
                        ],
                        verbose_name="colour",
                    ),
                ),
            ],
            options={
                "verbose_name": "brand",
                "verbose_name_plural": "brand",
            },
        ),
        migrations.CreateModel(
            name="CustomField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("label", models.CharField(max_length=120, verbose_name="question")),
                ("help_text", models.CharField(blank=True, max_length=200, verbose_name="help text")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Short text"),
                            ("long_text", "Long text"),
                            ("choice", "One of several answers"),
                            ("date", "Date"),
                        ],
                        default="text",
                        max_length=10,
                        verbose_name="kind of answer",
                    ),
                ),
                ("options", models.JSONField(blank=True, default=list, verbose_name="answers to choose from")),
                ("is_required", models.BooleanField(default=False, verbose_name="has to be answered")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("content", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
            },
        ),
        migrations.CreateModel(
            name="FieldValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.JSONField(verbose_name="answer")),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
            },
        ),
        migrations.CreateModel(
            name="Kind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("responsibilities", models.CharField(blank=True, max_length=200, verbose_name="responsible for")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ("position", "name"),
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            },
        ),
        migrations.CreateModel(
            name="Watcher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "watcher",
                "verbose_name_plural": "watchers",
            },
        ),
        migrations.AddField(
            model_name="category",
            name="translations",
            field=models.JSONField(blank=True, default=dict, verbose_name="in other languages"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="first_answer_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="first answer"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="public_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="last news"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="unanswered_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="unanswered since"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["info", "warning"])), name="announcement_level_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="announcement_ends_after_start",
                violation_error_message="It has to end after it starts.",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="brands",
                to="helpdesk.blob",
                verbose_name="logo",
            ),
        ),
        migrations.AddField(
            model_name="customfield",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fields",
                to="helpdesk.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="field",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.customfield"
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="field_values", to="helpdesk.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="kind",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="kind_name_unique"),
        ),
        migrations.AddField(
            model_name="category",
            name="kind",
            field=models.ForeignKey(
                blank=True,
                help_text="What a ticket of this category is at first.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.kind",
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="kind",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.kind",
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="staffrole",
            name="backup",
            field=models.ForeignKey(
                blank=True,
                help_text="Who steps in when the primary cannot be reached.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="backup",
            ),
        ),
        migrations.AddField(
            model_name="staffrole",
            name="escalates_to",
            field=models.ForeignKey(
                blank=True,
                help_text="Who decides what this role cannot decide: the next step of the ladder of management.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.staffrole",
                verbose_name="escalates to",
            ),
        ),
        migrations.AddField(
            model_name="staffrole",
            name="primary",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="primary",
            ),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="tag_name_unique"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="+", to="helpdesk.tag", verbose_name="tags"),
        ),
        migrations.AddField(
            model_name="watcher",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="watchers", to="helpdesk.ticket"
            ),
        ),
        migrations.AddField(
            model_name="watcher",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="brand_one_row"),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(fields=("category", "code"), name="custom_field_unique"),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["text", "long_text", "choice", "date"])),
                name="custom_field_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["updated_at"], name="draft_age"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("user", "place"), name="draft_unique"),
        ),
        migrations.AddConstraint(
            model_name="fieldvalue",
            constraint=models.UniqueConstraint(fields=("ticket", "field"), name="field_value_unique"),
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("escalates_to__isnull", True),
                    models.Q(("escalates_to", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="staff_role_escalates_to_another",
                violation_error_message="A role cannot escalate to itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("primary__isnull", True),
                    ("backup__isnull", True),
                    models.Q(("primary", models.F("backup")), _negated=True),
                    _connector="OR",
                ),
                name="staff_role_backup_is_another",
                violation_error_message="The backup has to be somebody else.",
            ),
        ),
        migrations.AddIndex(
            model_name="watcher",
            index=models.Index(fields=["user", "ticket"], name="watcher_by_user"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=models.UniqueConstraint(fields=("ticket", "user"), name="watcher_unique"),
        ),
    ]
