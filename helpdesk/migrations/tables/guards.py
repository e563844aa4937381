"""What tables cannot say themselves: sequences, triggers with their functions, and an index of somebody else's table."""

from typing import Final

from django.db.migrations import RunSQL

SEQUENCES: Final = (
    RunSQL("CREATE SEQUENCE helpdesk_ticket_number START WITH 1001", "DROP SEQUENCE helpdesk_ticket_number"),
    RunSQL("CREATE SEQUENCE helpdesk_problem_number START WITH 11", "DROP SEQUENCE helpdesk_problem_number"),
)
# An address belongs to one person.
ADDRESSES: Final = RunSQL(
    "CREATE UNIQUE INDEX helpdesk_address_of_one ON account_emailaddress (lower(email))",
    "DROP INDEX helpdesk_address_of_one",
)

# The record is only ever added to.
_REFUSE: Final = """
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
_ALLOW: Final = """
DROP TRIGGER helpdesk_ticketevent_append_only ON helpdesk_ticketevent;
DROP TRIGGER helpdesk_auditevent_append_only ON helpdesk_auditevent;
DROP FUNCTION helpdesk_refuse_change();
"""
RECORD: Final = RunSQL(_REFUSE, _ALLOW)

# The set-up carries a mark that each change of it makes anew, so that processes can keep what they read of it.
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
SETUP: Final = (
    RunSQL(_FUNCTION, "DROP FUNCTION helpdesk_mark_setup()"),
    *(
        RunSQL(
            f"CREATE TRIGGER helpdesk_marks_setup AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_mark_setup()",
            f"DROP TRIGGER helpdesk_marks_setup ON {table}",
        )
        for table in _TABLES
    ),
)

# What is in force never changes: no version of a policy or a calendar, and no holiday of one.
_KEEP: Final = """
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
_KEEP_HOLIDAYS: Final = """
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
_LET: Final = """
DROP TRIGGER helpdesk_policyversion_kept ON helpdesk_policyversion;
DROP TRIGGER helpdesk_calendarversion_kept ON helpdesk_calendarversion;
DROP FUNCTION helpdesk_keep_version();
"""
_LET_HOLIDAYS: Final = """
DROP TRIGGER helpdesk_holiday_kept ON helpdesk_holiday;
DROP FUNCTION helpdesk_keep_holidays();
"""
VERSIONS: Final = (RunSQL(_KEEP, _LET), RunSQL(_KEEP_HOLIDAYS, _LET_HOLIDAYS))
