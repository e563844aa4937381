"""What all who asked about a problem are told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0030_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProblemNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.problem",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a problem",
                "verbose_name_plural": "notices of problems",
            },
        ),
        migrations.CreateModel(
            name="NoticeRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="helpdesk.problemnotice",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket of a notice",
                "verbose_name_plural": "tickets of a notice",
            },
        ),
        migrations.AddIndex(
            model_name="problemnotice",
            index=models.Index(fields=["problem", "-id"], name="problem_notice_of_problem"),
        ),
        migrations.AddConstraint(
            model_name="problemnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="problem_notice_filled"
            ),
        ),
        migrations.AddIndex(
            model_name="noticerow",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["not_before", "id"], name="notice_row_due"
            ),
        ),
        migrations.AddIndex(
            model_name="noticerow",
            index=models.Index(fields=["notice", "state", "id"], name="notice_row_of_notice"),
        ),
        migrations.AddConstraint(
            model_name="noticerow",
            constraint=models.UniqueConstraint(fields=("notice", "ticket"), name="notice_row_unique"),
        ),
        migrations.AddConstraint(
            model_name="noticerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "done", "refused", "failed"])),
                name="notice_row_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), models.Q(("refusal", ""), _negated=True)),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("refusal", "")),
                    _connector="OR",
                ),
                name="notice_row_refusal_fits",
            ),
        ),
    ]
