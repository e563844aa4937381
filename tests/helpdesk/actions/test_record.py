"""The record: append-only in the database itself, and without what people wrote."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from helpdesk.actions import accounts, conversation
from helpdesk.actions._record import record
from helpdesk.domain.events import NoteAdded
from helpdesk.models import AuditEvent, PendingEvent, Ticket, TicketEvent
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["helpdesk_ticketevent", "helpdesk_auditevent"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET kind = 'forged'", "DELETE FROM {}"])
def test_record_can_be_neither_changed_nor_deleted_by_raw_sql(table: str, sql: str) -> None:
    make_ticket()
    accounts.record_login(by=actor(UserFactory.create()), now=NOW)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))
    assert TicketEvent.objects.get().kind == "ticket_created"
    assert AuditEvent.objects.get().kind == "logged_in"


def test_two_events_of_a_ticket_cannot_share_a_place() -> None:
    ticket = make_ticket()
    stale = Ticket.objects.get(pk=ticket.pk)
    stale.version = 0
    with pytest.raises(IntegrityError, match="ticket_event_seq_unique"), transaction.atomic():
        record(stale, NoteAdded(1), by=actor(ticket.requester), now=NOW)


def test_event_without_its_actor_is_refused_by_the_database() -> None:
    ticket = make_ticket()
    with pytest.raises(IntegrityError, match="actor_fits"), transaction.atomic():
        TicketEvent.objects.create(
            ticket=ticket, seq=9, kind="x", data={}, actor_kind="person", channel="portal", effective_at=NOW
        )


@pytest.mark.parametrize(
    "columns",
    [
        "status = 'resolved'",
        "status = 'closed'",
        "resolved_at = now()",
        "closed_at = now()",
        "close_due_at = now()",
        "status = 'lost'",
        "priority = 7",
        "follows_id = id",
    ],
)
def test_ticket_cannot_stand_in_a_state_that_the_lifecycle_does_not_know(columns: str) -> None:
    make_ticket()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE helpdesk_ticket SET {columns}")  # noqa: S608 - the columns are the ones above


def test_events_hold_no_words_names_or_addresses() -> None:
    queue = QueueFactory.create(teams=[team := TeamFactory.create()])
    requester = UserFactory.create(name="Zebedee Quux", email="zebedee@example.org")
    ticket = make_ticket(requester, queue, subject="Xylophone", body="Marimba")
    agent = make_agent(team, name="Agatha Vole")
    conversation.add_note(ticket=ticket, body="Glockenspiel", by=actor(agent), now=NOW)
    stored = json.dumps(list(TicketEvent.objects.values_list("kind", "data", "request_id")))
    for word in ("Zebedee", "zebedee@", "Xylophone", "Marimba", "Agatha", "Glockenspiel"):
        assert word not in stored


def test_each_event_waits_once_for_each_consumer_of_its_kind() -> None:
    ticket = make_ticket()
    assert list(PendingEvent.objects.values_list("consumer", "ticket", "seq")) == [("notify", ticket.pk, 1)]


def test_time_of_recording_is_the_databases() -> None:
    make_ticket()
    event = TicketEvent.objects.get()
    assert event.effective_at == NOW
    assert event.recorded_at > NOW
