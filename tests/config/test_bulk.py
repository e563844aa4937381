"""A desk that is filled in bulk is one that its actions could have made."""

import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config.bulk import desk, fill, people
from config.bulk.history import EVENTS, TABLES, Book, payload
from config.bulk.processes import in_order
from config.bulk.teller import Block, Teller
from helpdesk.actions import clocks
from helpdesk.actions.rebuilding import rebuild
from helpdesk.actors import SYSTEM
from helpdesk.choices import CycleState, Role, Status
from helpdesk.domain import events
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.models import (
    Delivery,
    FieldValue,
    Message,
    PendingEvent,
    Queue,
    SLACycle,
    SLAStep,
    Tag,
    Ticket,
    TicketChange,
    TicketEvent,
    User,
    Watcher,
)
from helpdesk.selectors.settings import desk_settings
from tests.factories import NOW, TeamFactory, TierFactory, make_agent, make_ticket

pytestmark = pytest.mark.django_db
COUNT = 300
CLOCK_KINDS = {"clock_warned", "clock_breached", "update_owed", "rung_reached", "breach_withdrawn"}


@pytest.fixture
def staffed() -> None:
    """Presets, and agents on two tiers of their queue."""
    call_command("load_presets", verbosity=0)
    queue = Queue.objects.get(is_default=True)
    for level in (1, 2):
        team = TeamFactory.create(tier=TierFactory.create(level=level))
        queue.teams.add(team)
        make_agent(team)
        make_agent(team)


@pytest.fixture
def filled(staffed: None) -> list[int]:
    """The desk, with what was said of its progress."""
    told: list[int] = []
    Teller.BLOCK, before = 120, Teller.BLOCK
    fill.fill(COUNT, seed=7, now=NOW, keep_indexes=False, tell=told.append, processes=2)
    Teller.BLOCK = before
    return told


def _shape() -> list[tuple[str, str]]:
    """Every index and constraint of the tables that are filled, and what points at them.

    PostgreSQL writes casts and brackets its own way.
    """
    with connection.cursor() as cursor:
        names = [table.name for table in TABLES]
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [names])
        indexes = cursor.fetchall()
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s)",
            [names, names],
        )
        return sorted(
            (name, re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", words))
            for name, words in (*indexes, *cursor.fetchall())
        )


def test_indexes_and_constraints_are_as_before(staffed: None) -> None:
    before = _shape()
    fill.fill(20, seed=1, now=NOW, keep_indexes=False, tell=lambda _done: None)
    assert _shape() == before
    # The series go on where the rows end.
    ticket = make_ticket(make_agent())
    assert ticket.pk == ticket.events.get().ticket_id > Ticket.objects.order_by("pk")[19].pk - 1
    assert ticket.number == max(Ticket.objects.values_list("number", flat=True))
    # Other systems hear of each as changed, and webhooks of what comes from now on.
    assert TicketChange.objects.count() == 21
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'helpdesk_ticketevent_heard'")
        assert cursor.fetchall() == [("O",)]


class Replay:
    """A ticket's columns as its record alone tells them, by rules written a second time."""

    def __init__(self, ticket: Ticket, record: list[TicketEvent], said: dict[int, Message]) -> None:
        self.version = 0
        self.status, self.resolution_kind = "new", ""
        self.assignee_id: int | None = None
        self.tags: set[int] = set()
        self.watchers: set[int] = set()
        self.first_answer_at = self.unanswered_since = None
        self.resolved_at = self.closed_at = self.close_due_at = None
        self.quiet = desk_settings().windows.quiet
        self.said, self.requester_id = said, ticket.requester_id
        last = ticket.created_at
        for event in record:
            self.version += 1
            assert event.seq == self.version
            if event.kind in CLOCK_KINDS:
                assert (event.actor_kind, event.channel) == ("system", "system")
                assert events.parse(event.kind, event.data).as_json() == event.data
                continue
            assert event.effective_at >= last or event.kind == "closed"
            last = event.effective_at
            data = events.parse(event.kind, event.data)
            assert data.as_json() == event.data
            getattr(self, f"_{event.kind}")(data, event)

    def _move(self, to: str, at: datetime) -> None:
        self.status, self.status_since = to, at
        self.public_at = at
        if to not in SOLVED:
            self.resolved_at = self.closed_at = self.close_due_at = None
            self.resolution_kind = ""

    def _speaks(self, message_id: int | None, at: datetime, visibility: str = "public") -> None:
        message = self.said.pop(message_id or 0)
        assert (message.visibility, message.created_at) == (visibility, at)
        if visibility == "public":
            self.public_at = at
            if message.purpose == "report" or message.author_id == self.requester_id:
                self.unanswered_since = self.unanswered_since or at
            else:
                self.first_answer_at, self.unanswered_since = self.first_answer_at or at, None

    def _ticket_created(self, data: events.TicketCreated, event: TicketEvent) -> None:
        self.queue_id, self.category_id, self.priority = data.queue_id, data.category_id, data.priority
        self.level, self.status_since = data.tier, event.effective_at
        assert data.requester_id == self.requester_id
        self._speaks(data.message_id, event.effective_at)

    def _reply_added(self, data: events.ReplyAdded, event: TicketEvent) -> None:
        self._speaks(data.message_id, event.effective_at)

    def _note_added(self, data: events.NoteAdded, event: TicketEvent) -> None:
        self._speaks(data.message_id, event.effective_at, "internal")

    def _assigned(self, data: events.Assigned, event: TicketEvent) -> None:
        assert data.from_id == self.assignee_id != data.to_id
        self.assignee_id = data.to_id

    def _status_changed(self, data: events.StatusChanged, event: TicketEvent) -> None:
        assert data.from_status == self.status != data.to_status
        assert (data.message_id is not None) == (data.move == "hold")
        self._move(data.to_status, event.effective_at)
        if data.message_id is not None:
            self._speaks(data.message_id, event.effective_at, "internal")

    def _escalated(self, data: events.Escalated, event: TicketEvent) -> None:
        assert data.from_tier == self.level < data.to_tier
        self.level = data.to_tier
        self._speaks(data.message_id, event.effective_at, "internal")

    def _priority_changed(self, data: events.PriorityChanged, event: TicketEvent) -> None:
        assert data.from_priority == self.priority != data.to_priority
        self.priority = data.to_priority

    def _queue_changed(self, data: events.QueueChanged, event: TicketEvent) -> None:
        assert data.from_queue_id == self.queue_id != data.to_queue_id
        self.queue_id = data.to_queue_id

    def _tags_changed(self, data: events.TagsChanged, event: TicketEvent) -> None:
        assert not self.tags & set(data.added_ids)
        self.tags |= set(data.added_ids)

    def _watcher_added(self, data: events.WatcherAdded, event: TicketEvent) -> None:
        assert data.user_id not in self.watchers | {self.requester_id}
        self.watchers.add(data.user_id)

    def _resolved(self, data: events.Resolved, event: TicketEvent) -> None:
        assert data.from_status == self.status not in SOLVED
        self._move("resolved", event.effective_at)
        self.resolved_at, self.close_due_at = event.effective_at, event.effective_at + self.quiet
        self.resolution_kind = data.resolution_kind
        self._speaks(data.message_id, event.effective_at)

    def _confirmed(self, data: events.Confirmed, event: TicketEvent) -> None:
        assert self.status == "resolved"
        assert event.actor_id == self.requester_id
        self._move("closed", event.effective_at)
        self.closed_at, self.close_due_at = event.effective_at, None

    def _closed(self, data: events.Closed, event: TicketEvent) -> None:
        assert self.status == "resolved"
        assert self.close_due_at == event.effective_at
        assert (event.actor_kind, event.channel) == ("system", "system")
        self._move("closed", event.effective_at)
        self.closed_at, self.close_due_at = event.effective_at, None

    def _rejected(self, data: events.Rejected, event: TicketEvent) -> None:
        assert self.status == "resolved"
        self._move("open", event.effective_at)
        self._speaks(data.message_id, event.effective_at)

    def _reopened(self, data: events.Reopened, event: TicketEvent) -> None:
        assert data.from_status == self.status
        assert self.closed_at is None or event.effective_at < self.closed_at + desk_settings().windows.reopening
        assert event.cause is not None
        assert event.cause.data["message_id"] == data.message_id
        self._move("open", event.effective_at)


def _histories() -> Iterator[tuple[Ticket, list[TicketEvent], list[Message]]]:
    record, said = defaultdict[int, list[TicketEvent]](list), defaultdict[int, list[Message]](list)
    for event in TicketEvent.objects.select_related("cause").order_by("seq"):
        record[event.ticket_id].append(event)
    for message in Message.objects.order_by("pk"):
        said[message.ticket_id].append(message)
    for ticket in Ticket.objects.select_related("tier").prefetch_related("tags").order_by("pk"):
        yield ticket, record[ticket.pk], said[ticket.pk]


def test_each_column_is_what_the_record_says(filled: list[int]) -> None:
    assert filled[-1] == Ticket.objects.count() == COUNT
    watching = set(Watcher.objects.values_list("ticket", "user"))
    kinds = set()
    for ticket, record, said in _histories():
        left = {message.pk: message for message in said}
        told = Replay(ticket, record, left)
        kinds |= {event.kind for event in record}
        # Every message has its event.
        assert left == {}
        for name in (
            "version", "status", "resolution_kind", "assignee_id", "priority", "queue_id", "category_id",
            "first_answer_at", "unanswered_since", "status_since", "resolved_at", "closed_at", "close_due_at",
        ):  # fmt: skip
            assert getattr(ticket, name) == getattr(told, name), (name, ticket)
        assert ticket.tier.level == told.level
        assert {tag.pk for tag in ticket.tags.all()} == told.tags
        assert {(ticket.pk, user) for user in told.watchers} == {pair for pair in watching if pair[0] == ticket.pk}
        # A sweep comes some seconds after what it finds was due.
        done = [event.effective_at for event in record if event.kind not in CLOCK_KINDS]
        for seen, value in ((told.public_at, ticket.public_at), (done[-1], ticket.updated_at)):
            assert timedelta(0) <= value - seen < timedelta(minutes=1)
        assert ticket.updated_at < NOW
        assert ticket.close_due_at is None or ticket.close_due_at > NOW
    assert kinds > {"reopened", "rejected", "escalated", "closed", "confirmed", "tags_changed", "watcher_added"}


def test_clocks_are_as_actions_and_sweeps_would_have_kept_them(filled: list[int]) -> None:
    assert list(rebuild(by=SYSTEM, now=NOW, write=False)) == []
    # Whatever is due by now was told: a sweep finds nothing.
    assert clocks.sweep(now=NOW, limit=COUNT) == 0
    # A step that was told under another promise already has no event.
    steps = Counter(SLAStep.objects.exclude(event=None).values_list("event__kind", flat=True))
    events_of_steps = TicketEvent.objects.filter(kind__in=CLOCK_KINDS - {"breach_withdrawn"})
    assert steps == Counter(events_of_steps.values_list("kind", flat=True))
    assert SLACycle.objects.filter(stopped_at__isnull=True).values("ticket").distinct().count() == (
        Ticket.objects.exclude(status__in=SOLVED).count()
    )
    assert set(SLACycle.objects.values_list("state", flat=True)) == set(CycleState.values)
    marks = set(Ticket.objects.exclude(status__in=SOLVED).values_list("sla_mark", flat=True))
    assert marks == {"running", "paused", "breached"}
    assert set(Ticket.objects.filter(status__in=SOLVED).values_list("sla_mark", "sla_due_at")) == {("", None)}


def test_a_filled_desk_leans_as_real_ones_do(filled: list[int]) -> None:
    tickets = Ticket.objects.all()
    closed = tickets.filter(status=Status.CLOSED).count()
    assert 0.85 < closed / COUNT < 0.95
    assert len(set(tickets.values_list("status", flat=True))) > 5
    assert tickets.filter(priority__gte=3).count() > COUNT * 0.8
    for row in FieldValue.objects.select_related("field"):
        told = FieldValue.of(row.ticket, row.field, row.value)
        assert (row.words, row.picks, str(row.day)) == (told.words, told.picks, str(told.day))
    assert Tag.objects.exists()
    lengths = [len(said) for _ticket, _record, said in _histories()]
    assert min(lengths) == 1
    assert max(lengths) > 15
    assert 2 < sum(lengths) / COUNT < 7
    weekdays = [ticket.created_at.weekday() for ticket in tickets]
    assert sum(day > 4 for day in weekdays) < COUNT * 0.12
    numbers = list(tickets.order_by("pk").values_list("number", "created_at"))
    assert numbers == sorted(numbers)
    # A history that is brought in is no news.
    assert not PendingEvent.objects.exists()
    assert not Delivery.objects.exists()


def _rng(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing here is a secret


def test_same_seed_gives_the_same_rows(staffed: None) -> None:
    place = desk.read(NOW, NOW)
    crowd = people.make(_rng(1), COUNT, NOW)

    def blocks(seed: int) -> list[Block]:
        teller = Teller(_rng(seed), Book(dict.fromkeys(TABLES, 1), 1001), place, crowd, now=NOW, count=60)
        return [teller.block(number) for number in range(teller.blocks)]

    assert blocks(5) == blocks(5)
    assert blocks(5) != blocks(6)


def test_rows_are_the_same_however_many_processes_make_them(staffed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Teller, "BLOCK", 25)
    place = desk.read(NOW, NOW)
    crowd = people.make(_rng(1), COUNT, NOW)

    def blocks(processes: int) -> list[Block]:
        teller = Teller(_rng(5), Book(dict.fromkeys(TABLES, 1), 1001), place, crowd, now=NOW, count=90)
        return list(in_order(teller.block, teller.blocks, processes))

    alone = blocks(1)
    assert len(alone) == 4
    assert alone == blocks(2) == blocks(3)
    # Ids of one block come before those of the next.
    assert all(before.free[0] == 1 + 25 * number for number, before in enumerate(alone[:3], start=1))


def test_what_fails_in_another_process_is_told_where_it_was_asked_for(staffed: None) -> None:
    with pytest.raises(RuntimeError, match="The connection is another process's"):
        list(in_order(lambda _number: Ticket.objects.count(), 2, 2))
    with pytest.raises(RuntimeError, match="was ended"):
        list(in_order(lambda _number: os._exit(3), 2, 2))


def test_payloads_are_those_of_the_record() -> None:
    for data in (
        events.TagsChanged([1, 2], []),
        events.StatusChanged("open", Status.PENDING, "ask", None),
        events.Confirmed(),
    ):
        assert json.loads(payload(data)) == json.loads(json.dumps(data.as_json()))
    assert EVENTS.name == TicketEvent._meta.db_table


def test_filled_tickets_open_in_portal_and_desk(filled: list[int], client: Client) -> None:
    agent = User.objects.filter(role=Role.AGENT)[0]
    longest = max(Ticket.objects.all(), key=lambda ticket: ticket.version)
    for ticket in (
        Ticket.objects.filter(status=Status.OPEN)[0],
        Ticket.objects.filter(status=Status.CLOSED)[0],
        longest,
    ):
        client.force_login(ticket.requester)
        portal = client.get(f"/tickets/{ticket.ref}/")
        assert ticket.subject in portal.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
        client.force_login(agent)
        assert client.get(f"/admin/tickets/{ticket.ref}/").status_code == 200
    assert client.get("/admin/tickets/?status=all").status_code == 200


def test_command_adds_to_a_desk_with_tickets_only_when_told(staffed: None) -> None:
    make_ticket()
    with pytest.raises(CommandError, match="--add"):
        call_command("seed_bulk", tickets=10)
    assert Ticket.objects.count() == 1
    fill.fill(30, seed=1, now=NOW, keep_indexes=True, tell=lambda _done: None)
    fill.fill(30, seed=1, now=NOW, keep_indexes=True, tell=lambda _done: None)
    assert Ticket.objects.count() == 61


def test_command_wants_a_desk_on_which_somebody_could_work() -> None:
    with pytest.raises(CommandError, match="load_presets"):
        call_command("seed_bulk", tickets=10)
