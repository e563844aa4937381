"""Whom an announcement is for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0023_thumbnails"),
    ]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="audience",
            field=models.CharField(
                choices=[
                    ("everybody", "Everybody, also who is not logged in"),
                    ("signed_in", "Everybody who is logged in"),
                    ("organization", "The people of one organisation"),
                    ("staff", "Who works in the desk"),
                ],
                db_default="everybody",
                default="everybody",
                max_length=12,
                verbose_name="for",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
                verbose_name="organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["everybody", "signed_in", "organization", "staff"])),
                name="announcement_audience_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audience", "organization"), ("organization__isnull", False)),
                    models.Q(models.Q(("audience", "organization"), _negated=True), ("organization__isnull", True)),
                    _connector="OR",
                ),
                name="announcement_organization_fits",
                violation_error_message="Choose an organisation exactly where the announcement is for its people.",
            ),
        ),
    ]
