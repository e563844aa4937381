"""Problems, and what priorities follow from."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0012_vip_and_domains"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE helpdesk_problem_number START WITH 11",
            "DROP SEQUENCE helpdesk_problem_number",
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
                ("is_case", models.BooleanField(default=False, verbose_name="yes or no")),
                (
                    "critical_above",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: it is never P1 by this.",
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="P1 above",
                    ),
                ),
                (
                    "high_above",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: it is never P2 by this.",
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="P2 above",
                    ),
                ),
                (
                    "medium_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="What is less is P4.",
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="P3 from",
                    ),
                ),
                (
                    "case_priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                        default=1,
                        verbose_name="priority if so",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "criterion of priority",
                "verbose_name_plural": "criteria of priority",
                "ordering": ("position", "name"),
            },
        ),
        migrations.CreateModel(
            name="PriorityCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Everybody"), (2, "Several people"), (3, "One person")], verbose_name="impact"
                    ),
                ),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Work has stopped"), (2, "Work goes on, with trouble"), (3, "It can wait")],
                        verbose_name="urgency",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "P1 critical"), (2, "P2 high"), (3, "P3 medium"), (4, "P4 low")],
                        verbose_name="priority",
                    ),
                ),
            ],
            options={
                "verbose_name": "priority of an impact and an urgency",
                "verbose_name_plural": "impact and urgency",
                "ordering": ("impact", "urgency"),
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translations", models.JSONField(blank=True, default=dict, verbose_name="in other languages")),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("helpdesk_problem_number"),
                            function="nextval",
                            output_field=models.BigIntegerField(),
                        ),
                        editable=False,
                        unique=True,
                        verbose_name="number",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("known", "Known"), ("fixed", "Fixed"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("workaround", models.TextField(blank=True, verbose_name="workaround")),
                ("fix", models.TextField(blank=True, verbose_name="fix")),
                ("public_title", models.CharField(blank=True, max_length=120, verbose_name="title for requesters")),
                ("public_words", models.TextField(blank=True, verbose_name="what requesters can do meanwhile")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("updated_at", models.DateTimeField(verbose_name="last change")),
            ],
            options={
                "verbose_name": "problem",
                "verbose_name_plural": "problems",
            },
        ),
        migrations.AddField(
            model_name="queue",
            name="asks_impact",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="In plain words, where priorities come from both: how many people it stops, and how badly.",
                verbose_name="ask requesters for impact and urgency",
            ),
        ),
        migrations.AddField(
            model_name="queue",
            name="priority_source",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority_source__in", ["direct", "weighed", "measured"])),
                name="queue_priority_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("case_priority__in", [1, 2, 3, 4])), name="criterion_priority_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="prioritycell",
            constraint=models.UniqueConstraint(fields=("impact", "urgency"), name="priority_cell_unique"),
        ),
        migrations.AddConstraint(
            model_name="prioritycell",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("impact__in", [1, 2, 3]), ("priority__in", [1, 2, 3, 4]), ("urgency__in", [1, 2, 3])
                ),
                name="priority_cell_known",
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="problem",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.problem",
                verbose_name="problem",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="problem_latest",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="problem_of_state",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("published_at__isnull", False)),
                name="problem_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "known", "fixed", "closed"])), name="problem_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="problem_title_filled"
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at__isnull", True),
                    models.Q(
                        models.Q(("public_title", ""), _negated=True), models.Q(("public_words", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="problem_published_with_words",
            ),
        ),
    ]
