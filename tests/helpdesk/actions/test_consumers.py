"""Consumers: each effect once, a ticket's events in order, and one bad event holds up nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from helpdesk import registry
from helpdesk.actions import conversation
from helpdesk.actions.consumers import _in_order, _Waiting, consume_due, pass_over
from helpdesk.actors import SYSTEM
from helpdesk.choices import Role
from helpdesk.errors import DomainError
from helpdesk.models import AuditEvent, DeskSettings, PendingEvent, Ticket, TicketEvent
from helpdesk.registry import Consumer
from tests.factories import NOW, QueueFactory, UserFactory, actor, make_ticket

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


class Book:
    """A consumer that writes down what it took, and chokes on what it is told to choke on."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.poison: set[int] = set()
        self.at_once = list[int]()

    def handle(self, event: TicketEvent, now: datetime) -> None:
        DeskSettings.objects.update_or_create(pk=1, defaults={"quiet_days": event.seq})
        if event.pk in self.poison:
            raise RuntimeError("This event is not digestible.")
        self.taken.append((event.ticket.ref, event.seq))


@pytest.fixture
def book() -> Iterator[Book]:
    book = Book()
    registry.consumers.register(Consumer("book", frozenset({"ticket_created", "reply_added"}), book.handle))
    yield book
    registry.consumers.unregister("book")


@pytest.fixture
def shelf(book: Book) -> Book:
    """The same book, which takes several events at once."""
    registry.consumers.unregister("book")

    def handle_all(some: Sequence[TicketEvent], now: datetime) -> None:
        for event in some:
            book.handle(event, now)
        book.at_once.append(len(some))

    kinds = frozenset({"ticket_created", "reply_added"})
    registry.consumers.register(Consumer("book", kinds, book.handle, handle_all))
    return book


def story() -> Ticket:
    ticket = make_ticket(UserFactory.create(), QueueFactory.create())
    for word in ("one", "two"):
        conversation.reply(ticket=ticket, body=word, by=actor(ticket.requester), now=NOW)
    return ticket


def waiting() -> int:
    return PendingEvent.objects.filter(consumer="book").count()


def test_consumer_takes_a_tickets_events_once_and_in_their_order(book: Book) -> None:
    one, two = story(), story()
    consume_due(now=LATER, limit=100)
    consume_due(now=LATER, limit=100)
    assert [seq for ref, seq in book.taken if ref == one.ref] == [1, 2, 3]
    assert [seq for ref, seq in book.taken if ref == two.ref] == [1, 2, 3]
    assert waiting() == 0


def test_consumer_is_not_given_kinds_that_it_did_not_ask_for(book: Book) -> None:
    story()
    kinds = PendingEvent.objects.filter(consumer="book").values_list("event__kind", flat=True)
    assert set(kinds) == {"ticket_created", "reply_added"}


def test_poison_event_backs_off_alone_and_leaves_nothing_half_done(book: Book) -> None:
    bad, good = story(), story()
    poison = TicketEvent.objects.get(ticket=bad, seq=2)
    book.poison = {poison.pk}
    consume_due(now=LATER, limit=100)
    assert sorted(book.taken) == sorted([(bad.ref, 1), (bad.ref, 3)] + [(good.ref, n) for n in (1, 2, 3)])
    left = PendingEvent.objects.get(consumer="book")
    assert (left.event, left.attempts, left.not_before > LATER) == (poison, 1, True)
    assert "not digestible" in left.last_error


def test_effect_of_a_failed_event_is_rolled_back(book: Book) -> None:
    ticket = make_ticket()
    book.poison = {TicketEvent.objects.get(ticket=ticket).pk}
    consume_due(now=LATER, limit=100)
    assert not DeskSettings.objects.exists()


def test_poison_event_waits_longer_each_time_and_is_taken_once_it_is_cured(book: Book) -> None:
    ticket = make_ticket()
    book.poison = {TicketEvent.objects.get(ticket=ticket).pk}
    now, waits = LATER, []
    for _try in range(4):
        consume_due(now=now, limit=100)
        due = PendingEvent.objects.get(consumer="book").not_before
        waits.append(due - now)
        assert consume_due(now=due - timedelta(seconds=1), limit=100) == 0
        now = due
    assert waits == sorted(set(waits))
    book.poison = set()
    consume_due(now=now, limit=100)
    assert (book.taken, waiting()) == ([(ticket.ref, 1)], 0)


def test_several_events_are_taken_at_once_each_tickets_in_their_order(shelf: Book) -> None:
    one, two = story(), story()
    consume_due(now=LATER, limit=100)
    assert shelf.taken == [(ticket.ref, seq) for ticket in (one, two) for seq in (1, 2, 3)]
    assert (shelf.at_once, waiting()) == ([6], 0)


def test_of_several_events_at_once_the_one_that_is_not_digestible_waits_alone(shelf: Book) -> None:
    bad, good = story(), story()
    shelf.poison = {TicketEvent.objects.get(ticket=bad, seq=2).pk}
    consume_due(now=LATER, limit=100)
    # What was taken of them before was undone, and was taken again one by one.
    assert shelf.taken[-5:] == [(bad.ref, 1), (bad.ref, 3), *((good.ref, seq) for seq in (1, 2, 3))]
    assert [row.event.seq for row in PendingEvent.objects.filter(consumer="book")] == [2]
    assert shelf.at_once == []


def test_event_waits_while_another_worker_has_an_earlier_one_of_its_ticket(book: Book) -> None:
    story()
    rows = list(PendingEvent.objects.filter(consumer="book").order_by("seq"))
    some = [_Waiting(row.pk, row.consumer, row.ticket_id, row.seq, row.attempts) for row in rows]
    assert _in_order(some, rows) == rows
    assert _in_order(some, rows[:1] + rows[2:]) == rows[:1]
    assert _in_order(some, rows[1:]) == []
    # One that failed is passed by.
    failed = [some[0]._replace(attempts=1), *some[1:]]
    assert _in_order(failed, rows[1:]) == rows[1:]


def test_event_of_a_consumer_that_is_gone_waits_and_is_shown(book: Book) -> None:
    make_ticket()
    registry.consumers.unregister("book")
    consume_due(now=LATER, limit=100)
    assert "KeyError" in PendingEvent.objects.get(consumer="book").last_error


def test_run_ends_at_its_limit(book: Book) -> None:
    for _n in range(3):
        make_ticket()
    assert consume_due(now=LATER, limit=2) == 2
    assert PendingEvent.objects.count() == 4


def test_name_of_a_consumer_is_taken_once(book: Book) -> None:
    with pytest.raises(ValueError, match="registered twice"):
        registry.consumers.register(Consumer("book", frozenset(), book.handle))


def test_history_that_was_brought_in_is_passed_over(book: Book) -> None:
    story()
    with pytest.raises(DomainError):
        pass_over(before=LATER, by=actor(UserFactory.create(role=Role.MANAGER)), now=LATER)
    pass_over(before=NOW, by=SYSTEM, now=LATER)
    assert waiting() == 3
    pass_over(before=LATER, by=SYSTEM, now=LATER)
    consume_due(now=LATER, limit=10)
    assert (waiting(), book.taken) == (0, [])
    assert AuditEvent.objects.get(kind="effects_passed_over").data["count"] >= 3
