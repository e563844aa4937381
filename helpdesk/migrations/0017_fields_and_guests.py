"""Questions of every kind, of queues too; guests, who file without an account."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# What follows from the answers that there are.
_FOLLOWS = """
    UPDATE helpdesk_fieldvalue AS answer
    SET words = CASE WHEN field.kind = 'date' THEN '' ELSE answer.value #>> '{}' END,
        picks = CASE WHEN field.kind = 'choice' THEN ARRAY[field.id || ':' || (answer.value #>> '{}')] END,
        day = CASE WHEN field.kind = 'date' THEN (answer.value #>> '{}')::date END
    FROM helpdesk_customfield AS field
    WHERE field.id = answer.field_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0016_endings_of_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file_as_guest", "Report without an account"),
                            ("renew_link", "New link to a ticket"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
            },
        ),
        migrations.CreateModel(
            name="GuestFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "file of a guest",
                "verbose_name_plural": "files of guests",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="GuestFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("form_key", models.UUIDField(unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=120)),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("answers", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "report of a guest",
                "verbose_name_plural": "reports of guests",
            },
        ),
        migrations.CreateModel(
            name="GuestLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "link of a guest",
                "verbose_name_plural": "links of guests",
            },
        ),
        migrations.RemoveConstraint(
            model_name="customfield",
            name="custom_field_kind_known",
        ),
        migrations.AddField(
            model_name="customfield",
            name="decimals",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="decimal places"),
        ),
        migrations.AddField(
            model_name="customfield",
            name="is_internal",
            field=models.BooleanField(db_default=False, default=False, verbose_name="internal"),
        ),
        migrations.AddField(
            model_name="customfield",
            name="is_required_to_resolve",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="has to be answered before resolving"
            ),
        ),
        migrations.AddField(
            model_name="customfield",
            name="maximum",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="largest number"
            ),
        ),
        migrations.AddField(
            model_name="customfield",
            name="minimum",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="smallest number"
            ),
        ),
        migrations.AddField(
            model_name="customfield",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fields",
                to="helpdesk.queue",
                verbose_name="queue",
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="number",
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="picks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=160), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="words",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="queue",
            name="guests_allowed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whoever confirms an e-mail address may report here without an account.",
                verbose_name="open to guests",
            ),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="actor_kind",
            field=models.CharField(
                choices=[("person", "Person"), ("guest", "Guest"), ("system", "Watchdesk")], max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="customfield",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fields",
                to="helpdesk.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="customfield",
            name="is_required",
            field=models.BooleanField(default=False, verbose_name="has to be answered when filing"),
        ),
        migrations.AlterField(
            model_name="customfield",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="fieldvalue",
            name="field",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="values",
                to="helpdesk.customfield",
            ),
        ),
        migrations.AlterField(
            model_name="fieldvalue",
            name="value",
            field=models.JSONField(null=True, verbose_name="answer"),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="actor_kind",
            field=models.CharField(
                choices=[("person", "Person"), ("guest", "Guest"), ("system", "Watchdesk")], max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(fields=("queue", "code"), name="custom_field_of_queue_unique"),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["text", "long_text", "number", "date", "boolean", "choice", "multi", "person"])
                ),
                name="custom_field_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("category__isnull", False), ("queue__isnull", True)),
                    models.Q(("category__isnull", True), ("queue__isnull", False)),
                    _connector="OR",
                ),
                name="custom_field_one_home",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["subject", "kind", "made_at"], name="attempt_of_subject"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["made_at"], name="attempt_age"),
        ),
        migrations.AddField(
            model_name="guestfile",
            name="blob",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="guest_files", to="helpdesk.blob"
            ),
        ),
        migrations.AddField(
            model_name="guestfiling",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.category"
            ),
        ),
        migrations.AddField(
            model_name="guestfiling",
            name="ticket",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.ticket"
            ),
        ),
        migrations.AddField(
            model_name="guestfile",
            name="filing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="helpdesk.guestfiling"
            ),
        ),
        migrations.AddField(
            model_name="guestlink",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="guest_links", to="helpdesk.ticket"
            ),
        ),
        migrations.AddField(
            model_name="guestlink",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="guestfiling",
            index=models.Index(fields=["expires_at"], name="guest_filing_age"),
        ),
        migrations.AddIndex(
            model_name="guestlink",
            index=models.Index(
                condition=models.Q(("revoked_at", None)), fields=["ticket", "user"], name="guest_link_valid"
            ),
        ),
        migrations.RunSQL(_FOLLOWS, migrations.RunSQL.noop),
    ]
