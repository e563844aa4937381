"""Tickets that were there before have their news from their public messages."""

from django.db import migrations

_FILL = """
UPDATE helpdesk_ticket SET
    public_at = said.last_at,
    first_answer_at = said.first_answer_at,
    unanswered_since = CASE
        WHEN status NOT IN ('resolved', 'closed') AND said.last_at_of_requester > coalesce(said.last_answer_at, '-infinity')
        THEN said.last_at_of_requester END
FROM (
    SELECT
        message.ticket_id,
        max(message.created_at) AS last_at,
        max(message.created_at) FILTER (WHERE message.author_id = ticket.requester_id) AS last_at_of_requester,
        max(message.created_at) FILTER (WHERE message.author_id <> ticket.requester_id) AS last_answer_at,
        min(message.created_at) FILTER (WHERE message.author_id <> ticket.requester_id) AS first_answer_at
    FROM helpdesk_message AS message JOIN helpdesk_ticket AS ticket ON ticket.id = message.ticket_id
    WHERE message.visibility = 'public'
    GROUP BY message.ticket_id
) AS said
WHERE said.ticket_id = helpdesk_ticket.id
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0006_rooms")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
