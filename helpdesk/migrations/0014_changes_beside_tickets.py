"""The transaction that wrote a ticket last moves into a table of its own.

As a column with an index it made each change of a ticket write all of the ticket's indexes anew, whatever changed.
"""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models

# Nobody files a ticket between the copy and the triggers.
_COPY: Final = """
LOCK TABLE helpdesk_ticket IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO helpdesk_ticketchange (ticket_id, xid) SELECT id, changed_xid FROM helpdesk_ticket;
"""
# Whoever writes a ticket holds its row, and with that the row that tells of it.
_NOTE: Final = """
CREATE FUNCTION helpdesk_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO helpdesk_ticketchange (ticket_id, xid)
    SELECT written.id, pg_current_xact_id()::text::bigint FROM written
    ON CONFLICT (ticket_id) DO UPDATE SET xid = excluded.xid WHERE helpdesk_ticketchange.xid <> excluded.xid;
    RETURN NULL;
END
$$;
CREATE TRIGGER helpdesk_ticket_filed AFTER INSERT ON helpdesk_ticket
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_change();
CREATE TRIGGER helpdesk_ticket_changed AFTER UPDATE ON helpdesk_ticket
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_note_change();
DROP TRIGGER helpdesk_ticket_stamped ON helpdesk_ticket;
DROP FUNCTION helpdesk_stamp_change();
"""
_STAMP: Final = """
DROP TRIGGER helpdesk_ticket_changed ON helpdesk_ticket;
DROP TRIGGER helpdesk_ticket_filed ON helpdesk_ticket;
DROP FUNCTION helpdesk_note_change();
UPDATE helpdesk_ticket ticket SET changed_xid = known.xid FROM helpdesk_ticketchange known
    WHERE known.ticket_id = ticket.id;
CREATE FUNCTION helpdesk_stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;
CREATE TRIGGER helpdesk_ticket_stamped BEFORE INSERT OR UPDATE ON helpdesk_ticket
    FOR EACH ROW EXECUTE FUNCTION helpdesk_stamp_change();
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0013_webhook_tries_by_time")]

    operations = [
        migrations.CreateModel(
            name="TicketChange",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="change",
                        serialize=False,
                        to="helpdesk.ticket",
                    ),
                ),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "change of a ticket",
                "verbose_name_plural": "changes of tickets",
            },
        ),
        migrations.RunSQL(_COPY, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticketchange",
            index=models.Index(fields=["xid", "ticket"], name="change_in_order"),
        ),
        migrations.RunSQL(_NOTE, _STAMP),
        migrations.RemoveIndex(model_name="ticket", name="ticket_in_order_of_change"),
        migrations.RemoveField(model_name="ticket", name="changed_xid"),
    ]
