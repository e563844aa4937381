"""Webhooks, and the list of what they want to hear of."""

from typing import Final

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Where no webhook wants an event, nothing is written, and nobody has to ask beforehand.
_LISTEN: Final = """
CREATE FUNCTION helpdesk_hear_for_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO helpdesk_pendingevent (consumer, event_id, ticket_id, seq, attempts, not_before, last_error)
    SELECT 'webhooks', heard.id, heard.ticket_id, heard.seq, 0, heard.effective_at, '' FROM heard
    WHERE EXISTS (
        SELECT 1 FROM helpdesk_webhook hook
        WHERE hook.is_active AND (hook.kinds = '{}' OR heard.kind = ANY (hook.kinds))
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER helpdesk_ticketevent_heard AFTER INSERT ON helpdesk_ticketevent
    REFERENCING NEW TABLE AS heard FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_hear_for_webhooks();
"""
_LEAVE: Final = """
DROP TRIGGER helpdesk_ticketevent_heard ON helpdesk_ticketevent;
DROP FUNCTION helpdesk_hear_for_webhooks();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0005_index_of_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("milliseconds", models.PositiveIntegerField(verbose_name="milliseconds")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
            ],
            options={
                "verbose_name": "call of a webhook",
                "verbose_name_plural": "calls of webhooks",
            },
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "Inbox"), ("email", "E-mail"), ("webhook", "Webhook")],
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AlterField(
            model_name="notificationpreference",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "Inbox"), ("email", "E-mail"), ("webhook", "Webhook")],
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=500, verbose_name="address")),
                (
                    "form",
                    models.CharField(
                        choices=[("json", "JSON, signed"), ("slack", "Slack"), ("teams", "Microsoft Teams")],
                        default="json",
                        max_length=10,
                        verbose_name="form",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="events",
                    ),
                ),
                (
                    "queue_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name="queues"
                    ),
                ),
                (
                    "priorities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="priorities",
                    ),
                ),
                (
                    "category_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="categories",
                    ),
                ),
                (
                    "organization_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organisations",
                    ),
                ),
                ("is_ordered", models.BooleanField(default=True, verbose_name="in order")),
                ("secret", models.TextField(editable=False)),
                ("old_secret", models.TextField(blank=True, editable=False)),
                ("old_secret_until", models.DateTimeField(editable=False, null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="switched off")),
                (
                    "ended_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gone", "Its address says that it is gone for good"),
                            ("failing", "Nothing reached it for a day"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("failing_since", models.DateTimeField(editable=False, null=True, verbose_name="failing since")),
                ("paused_until", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False, verbose_name="made")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by the rights of",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="webhook",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.webhook",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("webhook"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("webhook__isnull", False)),
                name="delivery_of_webhook",
            ),
        ),
        migrations.AddField(
            model_name="webhooktry",
            name="delivery",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tries",
                to="helpdesk.delivery",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_why", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="webhook_ended_why",
            ),
        ),
        migrations.AddIndex(
            model_name="webhooktry",
            index=models.Index(fields=["delivery", "id"], name="webhook_try_of_delivery"),
        ),
        migrations.RunSQL(_LISTEN, _LEAVE),
    ]
