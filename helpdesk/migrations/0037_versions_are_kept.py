"""What is in force never changes: no version of a policy or a calendar, and no holiday of one."""

from typing import Final

from django.db import migrations

_REFUSE: Final = """
CREATE FUNCTION helpdesk_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version in force never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER helpdesk_policyversion_kept BEFORE UPDATE OR DELETE ON helpdesk_policyversion
    FOR EACH ROW WHEN (OLD.valid_from IS NOT NULL) EXECUTE FUNCTION helpdesk_keep_version();
CREATE TRIGGER helpdesk_calendarversion_kept BEFORE UPDATE OR DELETE ON helpdesk_calendarversion
    FOR EACH ROW WHEN (OLD.valid_from IS NOT NULL) EXECUTE FUNCTION helpdesk_keep_version();
"""
# The version is locked, so that nobody puts it into force while its holidays change.
_REFUSE_HOLIDAYS: Final = """
CREATE FUNCTION helpdesk_keep_holidays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM helpdesk_calendarversion WHERE id IN (OLD.version_id, NEW.version_id) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM helpdesk_calendarversion
        WHERE id IN (OLD.version_id, NEW.version_id) AND valid_from IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A version in force never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER helpdesk_holiday_kept BEFORE INSERT OR UPDATE OR DELETE ON helpdesk_holiday
    FOR EACH ROW EXECUTE FUNCTION helpdesk_keep_holidays();
"""
_ALLOW: Final = """
DROP TRIGGER helpdesk_policyversion_kept ON helpdesk_policyversion;
DROP TRIGGER helpdesk_calendarversion_kept ON helpdesk_calendarversion;
DROP FUNCTION helpdesk_keep_version();
"""
_ALLOW_HOLIDAYS: Final = """
DROP TRIGGER helpdesk_holiday_kept ON helpdesk_holiday;
DROP FUNCTION helpdesk_keep_holidays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0036_setup_generation"),
    ]

    operations = [
        migrations.RunSQL(_REFUSE, _ALLOW),
        migrations.RunSQL(_REFUSE_HOLIDAYS, _ALLOW_HOLIDAYS),
    ]
