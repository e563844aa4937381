"""Many rows written at once say what each of them would have said alone."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.actions._rows import add_new, add_rows, write_back
from helpdesk.choices import ClockMark
from helpdesk.models import Delivery, Message, PendingEvent, Ticket, TicketEvent
from tests.factories import NOW, make_ticket
from tests.helpdesk.actions.desk import Desk

pytestmark = pytest.mark.django_db
HOSTILE = "100 % \"quoted\" 'single' \\ back $$ {brace} Zoë 🚒\n\t</script>"
EXACT = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)


def test_rows_are_written_back_as_they_are(d: Desk) -> None:
    one, other, untouched = (make_ticket(d.requester, d.queue) for _number in range(3))
    one.subject, one.sla_due_at, one.sla_mark = HOSTILE, EXACT, ClockMark.BREACHED
    other.subject, other.sla_due_at = "", None
    write_back([one, other], ("subject", "sla_due_at", "sla_mark"))
    rows = Ticket.objects.in_bulk()
    assert (rows[one.pk].subject, rows[one.pk].sla_due_at, rows[one.pk].sla_mark) == (HOSTILE, EXACT, "breached")
    assert (rows[other.pk].subject, rows[other.pk].sla_due_at) == ("", None)
    assert rows[untouched.pk].subject == untouched.subject
    write_back([], ("subject",))


def test_added_rows_are_told_by_their_ids_in_their_order(d: Desk) -> None:
    ticket = make_ticket(d.requester, d.queue)
    moments = [NOW + timedelta(microseconds=number) for number in range(50)]
    rows = [
        {
            "ticket_id": ticket.pk,
            "seq": 100 - number,
            "kind": "note_added",
            "v": 1,
            "data": {"message_id": number, "said": HOSTILE, "rows": [1, None]},
            "actor_kind": "system",
            "channel": "system",
            "request_id": "",
            "effective_at": at,
        }
        for number, at in enumerate(moments)
    ]
    events = TicketEvent.objects.in_bulk(keys := add_rows(TicketEvent, rows))
    assert [events[key].effective_at for key in keys] == moments
    assert [events[key].data for key in keys] == [row["data"] for row in rows]
    assert events[keys[0]].recorded_at.tzinfo is UTC
    assert add_rows(PendingEvent, []) == []


def test_what_the_database_would_not_read_is_refused() -> None:
    with pytest.raises(TypeError, match="form"):
        add_rows(Delivery, [{"channel": {1, 2}}])


def test_new_rows_are_those_that_would_be_saved_alone(d: Desk) -> None:
    ticket = make_ticket(d.requester, d.queue)
    told = {"author": d.requester, "visibility": "public", "channel": "portal", "created_at": EXACT}
    some = [Message(ticket=ticket, body=words, **told) for words in (HOSTILE, "second")]
    add_new(some)
    alone = Message.objects.create(ticket=ticket, body=HOSTILE, **told)
    kept = Message.objects.filter(pk__in=[one.pk for one in (*some, alone)]).order_by("pk")
    assert [one.pk for one in kept] == [some[0].pk, some[1].pk, alone.pk]
    first, second, last = ({k: v for k, v in vars(one).items() if k not in {"id", "_state"}} for one in kept)
    assert first == last
    assert second == {**last, "body": "second"}
    assert not some[0]._state.adding
    add_new([])
