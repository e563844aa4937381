"""How tickets stand to each other, to problems and to those who follow them."""

from typing import Final

from django.conf import settings
from django.db import migrations, models

from helpdesk.migrations.tables.parts import ID, key

TABLES: Final = [
    migrations.CreateModel(
        "Problem",
        fields=[
            ID,
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
            ("owner", key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+", verbose_name="owner")),
            ("category", key("helpdesk.category", blank=True, null=True, related_name="+", verbose_name="category")),
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
            "indexes": [
                models.Index(models.F("updated_at").desc(), models.F("id").desc(), name="problem_latest"),
                models.Index(
                    models.F("state"), models.F("updated_at").desc(), models.F("id").desc(), name="problem_of_state"
                ),
                models.Index(
                    models.F("published_at").desc(),
                    models.F("id").desc(),
                    condition=models.Q(("published_at__isnull", False)),
                    name="problem_published",
                ),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["open", "known", "fixed", "closed"])), name="problem_state_known"
                ),
                models.CheckConstraint(condition=~models.Q(("title", "")), name="problem_title_filled"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("published_at__isnull", True),
                        models.Q(~models.Q(("public_title", "")), ~models.Q(("public_words", ""))),
                        _connector="OR",
                    ),
                    name="problem_published_with_words",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "ProblemNotice",
        fields=[
            ID,
            ("problem", key("helpdesk.problem", db_index=False, related_name="+")),
            ("author", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
            ("body", models.TextField(verbose_name="text")),
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
            ("with_solved", models.BooleanField(default=False)),
            ("created_at", models.DateTimeField(verbose_name="sent")),
        ],
        options={
            "verbose_name": "notice of a problem",
            "verbose_name_plural": "notices of problems",
            "indexes": [models.Index(fields=["problem", "-id"], name="problem_notice_of_problem")],
            "constraints": [models.CheckConstraint(condition=~models.Q(("body", "")), name="problem_notice_filled")],
        },
    ),
    migrations.CreateModel(
        "NoticeRow",
        fields=[
            ID,
            ("notice", key("helpdesk.problemnotice", db_index=False, related_name="rows")),
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="+")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "Waiting"),
                        ("done", "Told"),
                        ("refused", "Left out"),
                        ("failed", "Could not be written"),
                    ],
                    default="waiting",
                    max_length=8,
                    verbose_name="state",
                ),
            ),
            (
                "refusal",
                models.CharField(
                    blank=True,
                    choices=[
                        ("forbidden", "The writer may not work it any more."),
                        ("solved", "It was solved already."),
                        ("moved", "It was taken out of the problem."),
                        ("other", "Something has to be done on it first."),
                    ],
                    max_length=10,
                    verbose_name="why not",
                ),
            ),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
            ("not_before", models.DateTimeField()),
            ("done_at", models.DateTimeField(null=True)),
        ],
        options={
            "verbose_name": "ticket of a notice",
            "verbose_name_plural": "tickets of a notice",
            "indexes": [
                models.Index(
                    condition=models.Q(("state", "waiting")), fields=["not_before", "id"], name="notice_row_due"
                ),
                models.Index(fields=["notice", "state", "id"], name="notice_row_of_notice"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("notice", "ticket"), name="notice_row_unique"),
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["waiting", "done", "refused", "failed"])),
                    name="notice_row_state_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "refused"), ~models.Q(("refusal", ""))),
                        models.Q(~models.Q(("state", "refused")), ("refusal", "")),
                        _connector="OR",
                    ),
                    name="notice_row_refusal_fits",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "TicketLink",
        fields=[
            ID,
            ("source", key("helpdesk.ticket", related_name="+")),
            ("target", key("helpdesk.ticket", related_name="+")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("blocks", "Blocks"),
                        ("duplicates", "Duplicates"),
                        ("relates", "Related to"),
                        ("parent", "Parent of"),
                    ],
                    max_length=12,
                    verbose_name="kind",
                ),
            ),
        ],
        options={
            "verbose_name": "link",
            "verbose_name_plural": "links",
            "constraints": [
                models.UniqueConstraint(fields=("source", "target", "kind"), name="ticket_link_unique"),
                models.UniqueConstraint(
                    condition=models.Q(("kind", "parent")), fields=("target",), name="ticket_link_one_parent"
                ),
                models.CheckConstraint(
                    condition=~models.Q(("source", models.F("target"))), name="ticket_link_to_another"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ~models.Q(("kind", "relates")), ("source__lt", models.F("target")), _connector="OR"
                    ),
                    name="ticket_link_related_once",
                ),
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["blocks", "duplicates", "relates", "parent"])),
                    name="ticket_link_kind_known",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "TicketMerge",
        fields=[
            ID,
            ("source", key("helpdesk.ticket", related_name="+")),
            ("target", key("helpdesk.ticket", related_name="+")),
            ("merged_at", models.DateTimeField(verbose_name="merged")),
            ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
            ("moved", models.JSONField(default=dict)),
            ("before", models.JSONField(default=dict)),
        ],
        options={
            "verbose_name": "merge",
            "verbose_name_plural": "merges",
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("undone_at", None)), fields=("source",), name="ticket_merge_one_at_a_time"
                ),
                models.CheckConstraint(
                    condition=~models.Q(("source", models.F("target"))), name="ticket_merge_into_another"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        "Watcher",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", db_index=False, related_name="watchers")),
            ("user", key(settings.AUTH_USER_MODEL, db_index=False, related_name="+")),
            ("admitted", models.BooleanField(db_default=False, default=False, verbose_name="admitted")),
        ],
        options={
            "verbose_name": "watcher",
            "verbose_name_plural": "watchers",
            "indexes": [models.Index(fields=["user", "ticket"], name="watcher_by_user")],
            "constraints": [models.UniqueConstraint(fields=("ticket", "user"), name="watcher_unique")],
        },
    ),
    migrations.CreateModel(
        "SubTask",
        fields=[
            ID,
            ("ticket", key("helpdesk.ticket", related_name="sub_tasks")),
            ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
            (
                "assignee",
                key(settings.AUTH_USER_MODEL, blank=True, null=True, related_name="+", verbose_name="assignee"),
            ),
            ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
            ("holds_resolution", models.BooleanField(default=False, verbose_name="holds the resolution")),
            ("created_at", models.DateTimeField(verbose_name="created")),
            ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
            ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="dropped")),
        ],
        options={
            "verbose_name": "sub-task",
            "verbose_name_plural": "sub-tasks",
            "indexes": [
                models.Index(
                    condition=models.Q(("done_at", None), ("dropped_at", None)),
                    fields=["assignee", "due_on", "id"],
                    name="sub_task_to_do",
                )
            ],
            "constraints": [
                models.CheckConstraint(condition=~models.Q(("title", "")), name="sub_task_title_filled"),
                models.CheckConstraint(
                    condition=models.Q(("done_at", None), ("dropped_at", None), _connector="OR"),
                    name="sub_task_done_or_dropped",
                ),
            ],
        },
    ),
]
