"""Tokens of other systems, and the order in which changes of tickets were committed."""

from typing import Final

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_STAMP: Final = """
CREATE FUNCTION helpdesk_stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;
CREATE TRIGGER helpdesk_ticket_stamped BEFORE INSERT OR UPDATE ON helpdesk_ticket
    FOR EACH ROW EXECUTE FUNCTION helpdesk_stamp_change();
"""
_LEAVE: Final = """
DROP TRIGGER helpdesk_ticket_stamped ON helpdesk_ticket;
DROP FUNCTION helpdesk_stamp_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0003_guards_of_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=12, unique=True, verbose_name="key")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        size=None,
                        verbose_name="scopes",
                    ),
                ),
                (
                    "queue_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name="queues"
                    ),
                ),
                (
                    "per_minute",
                    models.PositiveIntegerField(
                        default=600,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60000),
                        ],
                        verbose_name="requests a minute",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
            ],
            options={
                "verbose_name": "token",
                "verbose_name_plural": "tokens",
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="changed_xid",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="is_integration",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="integration"),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="helpdesk.apitoken",
                verbose_name="replaces",
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="apitoken",
            index=models.Index(
                models.F("user"), models.OrderBy(models.F("created_at"), descending=True), name="token_of_user"
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes", []), _negated=True), name="token_has_scopes"
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_minute__gte", 1)), name="token_per_minute_positive"
            ),
        ),
        migrations.RunSQL(_STAMP, _LEAVE),
    ]
