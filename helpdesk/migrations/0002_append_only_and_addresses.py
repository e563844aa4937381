"""What tables cannot say themselves: the record is only ever added to, and an address belongs to one person."""

from django.db import migrations

_REFUSE = """
CREATE FUNCTION helpdesk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The record is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER helpdesk_ticketevent_append_only BEFORE UPDATE OR DELETE ON helpdesk_ticketevent
    FOR EACH ROW EXECUTE FUNCTION helpdesk_refuse_change();
CREATE TRIGGER helpdesk_auditevent_append_only BEFORE UPDATE OR DELETE ON helpdesk_auditevent
    FOR EACH ROW EXECUTE FUNCTION helpdesk_refuse_change();
"""
_ALLOW = """
DROP TRIGGER helpdesk_ticketevent_append_only ON helpdesk_ticketevent;
DROP TRIGGER helpdesk_auditevent_append_only ON helpdesk_auditevent;
DROP FUNCTION helpdesk_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("helpdesk", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_REFUSE, _ALLOW),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX helpdesk_address_of_one ON account_emailaddress (lower(email))",
            "DROP INDEX helpdesk_address_of_one",
        ),
    ]
