"""What was written last of all that whoever asked sees is known beside what was written last at all.

Who followed their ticket by every writing of it could count what the desk does among itself.
"""

from typing import Final

from django.db import migrations, models

# Nobody writes a ticket between the copy and the triggers.
_LOCK: Final = "LOCK TABLE helpdesk_ticket IN SHARE ROW EXCLUSIVE MODE"
_COPY: Final = "UPDATE helpdesk_ticketchange SET public_xid = xid"
# What an answer shows of a ticket to who reads none of its notes (see `PublicTicketShape`). A ticket whose columns were
# others before is there twice; no join, whose plan would be kept from a statement with one row for one with many.
_SEEN: Final = """id, number, subject, status, resolution_kind, channel, category_id, requester_id, organization_id,
        created_at, public_at, resolved_at, closed_at"""
_NOTE: Final = f"""
CREATE OR REPLACE FUNCTION helpdesk_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO helpdesk_ticketchange AS known (ticket_id, xid, public_xid)
    SELECT seen.id, here, CASE WHEN count(*) > 1 THEN here ELSE 0 END
    FROM (SELECT {_SEEN} FROM written UNION SELECT {_SEEN} FROM replaced) AS seen GROUP BY seen.id
    ON CONFLICT (ticket_id) DO UPDATE
        SET xid = excluded.xid, public_xid = greatest(known.public_xid, excluded.public_xid)
        WHERE known.xid <> excluded.xid OR known.public_xid < excluded.public_xid;
    RETURN NULL;
END
$$;
CREATE FUNCTION helpdesk_note_filing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO helpdesk_ticketchange (ticket_id, xid, public_xid) SELECT id, here, here FROM written;
    RETURN NULL;
END
$$;
DROP TRIGGER helpdesk_ticket_filed ON helpdesk_ticket;
DROP TRIGGER helpdesk_ticket_changed ON helpdesk_ticket;
CREATE TRIGGER helpdesk_ticket_filed AFTER INSERT ON helpdesk_ticket
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_filing();
CREATE TRIGGER helpdesk_ticket_changed AFTER UPDATE ON helpdesk_ticket
    REFERENCING OLD TABLE AS replaced NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_change();
"""  # noqa: S608 - columns of our own
_NOTE_ALL: Final = """
CREATE OR REPLACE FUNCTION helpdesk_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO helpdesk_ticketchange (ticket_id, xid)
    SELECT written.id, pg_current_xact_id()::text::bigint FROM written
    ON CONFLICT (ticket_id) DO UPDATE SET xid = excluded.xid WHERE helpdesk_ticketchange.xid <> excluded.xid;
    RETURN NULL;
END
$$;
DROP TRIGGER helpdesk_ticket_filed ON helpdesk_ticket;
DROP TRIGGER helpdesk_ticket_changed ON helpdesk_ticket;
DROP FUNCTION helpdesk_note_filing();
CREATE TRIGGER helpdesk_ticket_filed AFTER INSERT ON helpdesk_ticket
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_change();
CREATE TRIGGER helpdesk_ticket_changed AFTER UPDATE ON helpdesk_ticket
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0015_less_beside_each_change")]

    operations = [
        migrations.RunSQL(_LOCK, _LOCK),
        migrations.AddField(
            model_name="ticketchange",
            name="public_xid",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(_COPY, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticketchange",
            index=models.Index(fields=["public_xid", "ticket"], name="change_in_public_order"),
        ),
        migrations.RunSQL(_NOTE, _NOTE_ALL),
    ]
