"""A mark of the set-up that each change of it makes anew, so that processes can keep what they read of it."""

from typing import Final

from django.db import migrations, models

_TABLES: Final = (
    "helpdesk_brand",
    "helpdesk_category",
    "helpdesk_category_restricted_to",
    "helpdesk_customfield",
    "helpdesk_desksettings",
    "helpdesk_firsttierrule",
    "helpdesk_kind",
    "helpdesk_organization",
    "helpdesk_organizationmembership",
    "helpdesk_queue",
    "helpdesk_queue_teams",
    "helpdesk_team",
    "helpdesk_teammembership",
    "helpdesk_tier",
)
# Random, and no number that counts: what is rolled back must never come again with other rows.
_FUNCTION: Final = """
CREATE FUNCTION helpdesk_mark_setup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO helpdesk_setupgeneration (id, mark) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
    RETURN NULL;
END
$$;
INSERT INTO helpdesk_setupgeneration (id, mark) VALUES (1, gen_random_uuid());
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0035_index_of_urgency"),
    ]

    operations = [
        migrations.CreateModel(
            name="SetupGeneration",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("mark", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="setup_generation_one_row"),
                ],
            },
        ),
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION helpdesk_mark_setup()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER helpdesk_marks_setup AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_mark_setup()",
                f"DROP TRIGGER helpdesk_marks_setup ON {table}",
            )
            for table in _TABLES
        ),
    ]
