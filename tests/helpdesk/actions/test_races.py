"""Two at once on a real database: one wins, the other is told, and nothing happens twice."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import (
    assignment,
    conversation,
    deliveries,
    properties,
    status,
    tickets,
    tiers,
    tokens,
    watching,
)
from helpdesk.actions.consumers import consume_due
from helpdesk.choices import Channel, DeliveryChannel, MoveName, ResolutionKind
from helpdesk.errors import DomainError
from helpdesk.models import (
    ApiToken,
    AuditEvent,
    Delivery,
    Message,
    PendingEvent,
    Tag,
    Ticket,
    TicketEvent,
    User,
    Watcher,
)
from helpdesk.registry import Consumer, DeliveryKind, Sender
from tests.factories import (
    NOW,
    CategoryFactory,
    QueueFactory,
    TeamFactory,
    TierFactory,
    UserFactory,
    actor,
    make_agent,
    make_ticket,
)
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [5, pytest.param(1000, marks=pytest.mark.long)]


def make_desk() -> tuple[Ticket, list[Callable[[], object]]]:
    team = TeamFactory.create(tier=TierFactory.create(level=1))
    TierFactory.create(level=2)
    ticket = make_ticket(UserFactory.create(), QueueFactory.create(teams=[team]))
    agents = [make_agent(team), make_agent(team)]
    return ticket, [partial(actor, agent, Channel.DESK) for agent in agents]


def record(ticket: Ticket) -> Counter[str]:
    return Counter(TicketEvent.objects.filter(ticket=ticket).values_list("kind", flat=True))


def assert_one_won(results: list[object]) -> None:
    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) == len(results) - 1, results
    assert all(str(refusal) for refusal in refused)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_agents_take_a_ticket(rounds: int) -> None:
    for _round in range(rounds):
        ticket, desks = make_desk()
        who = [desk() for desk in desks]
        results = together(
            *(
                partial(assignment.assign, ticket=ticket, to=by.person, seen_assignee_id=None, by=by, now=NOW)
                for by in who
            )
        )
        assert_one_won(results)
        assert record(ticket)["assigned"] == 1


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_agents_resolve_a_ticket(rounds: int) -> None:
    for _round in range(rounds):
        ticket, desks = make_desk()
        results = together(
            *(
                partial(
                    status.make_move,
                    ticket=ticket,
                    move=MoveName.RESOLVE,
                    by=desk(),
                    now=NOW,
                    text="Done.",
                    resolution_kind=ResolutionKind.FIXED,
                )
                for desk in desks
            )
        )
        assert_one_won(results)
        assert record(ticket)["resolved"] == 1
        assert Message.objects.filter(ticket=ticket, purpose="resolution").count() == 1


def test_two_agents_escalate_from_the_same_page() -> None:
    ticket, desks = make_desk()
    version = ticket.version
    results = together(
        *(
            partial(tiers.escalate, ticket=ticket, reason="Hard.", by=desk(), now=NOW, expected_version=version)
            for desk in desks
        )
    )
    assert_one_won(results)
    assert Ticket.objects.get(pk=ticket.pk).tier.level == 2


def test_requester_rejects_while_the_sweep_closes() -> None:
    ticket, desks = make_desk()
    by = desks[0]()
    status.make_move(ticket=ticket, move=MoveName.RESOLVE, by=by, now=NOW, text="x", resolution_kind="fixed")
    much_later = NOW + timedelta(days=6)
    me = actor(ticket.requester)
    together(
        partial(status.make_move, ticket=ticket, move=MoveName.REJECT, by=me, now=much_later, text="No."),
        partial(status.close_quiet, now=much_later, limit=5),
    )
    happened = record(ticket)
    assert happened["rejected"] + happened["closed"] == 1


@pytest.mark.parametrize("rounds", ROUNDS)
def test_double_submit_files_one_ticket(rounds: int) -> None:
    topic = CategoryFactory.create()
    TierFactory.create(level=1)
    for number in range(rounds):
        me = UserFactory.create()
        once = tickets.Submission.of(f"key-{number}", {"subject": "s"})
        results = together(
            *(
                partial(
                    tickets.create_ticket,
                    subject="s",
                    body="b",
                    by=actor(me),
                    now=NOW,
                    category=topic,
                    submission=once,
                )
                for _click in range(3)
            )
        )
        assert len({result.pk for result in results}) == 1
        assert Ticket.objects.filter(requester=me).count() == 1


def test_double_press_makes_one_token_and_tells_a_text_of_it_that_works() -> None:
    me = UserFactory.create()
    once = tickets.Submission.of("key", {"name": "Script"})
    make = partial(tokens.make_token, user=me, name="Script", scopes=["tickets:read"], submission=once)
    made = together(*(partial(make, by=actor(me), now=timezone.now()) for _press in range(3)))
    row = ApiToken.objects.get()
    assert {token.pk for token, _text in made} == {row.pk}
    assert [text.fits(row.digest) for _token, text in made].count(True) == 1


def test_many_replies_at_once_get_places_of_their_own() -> None:
    ticket, _desks = make_desk()
    me = ticket.requester
    together(*(partial(conversation.reply, ticket=ticket, body=str(n), by=actor(me), now=NOW) for n in range(6)))
    seqs = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 8))
    assert Ticket.objects.get(pk=ticket.pk).version == 7


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_agents_make_the_same_tags(rounds: int) -> None:
    for number in range(rounds):
        (one, desks), (two, others) = make_desk(), make_desk()
        names = [f"fire {number}", f"Smoke {number}"]
        results = together(
            partial(properties.retag, ticket=one, add=names, by=desks[0](), now=NOW),
            partial(properties.retag, ticket=two, add=[names[1].lower(), names[0].upper()], by=others[0](), now=NOW),
            partial(properties.retag, ticket=one, add=names, by=desks[1](), now=NOW),
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        assert set(one.tags.all()) == set(two.tags.all())
        assert (one.tags.count(), Tag.objects.filter(name__iendswith=f" {number}").count()) == (2, 2)
        assert (record(one)["tags_changed"], record(two)["tags_changed"]) == (1, 1)
    assert AuditEvent.objects.filter(kind="tag_made").count() == Tag.objects.count()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_add_the_same_stranger(rounds: int) -> None:
    for number in range(rounds):
        (one, _desks), (two, _others) = make_desk(), make_desk()
        address = f"stranger{number}@example.org"
        results = together(
            *(
                partial(watching.add_watcher, ticket=ticket, email=address, by=actor(ticket.requester), now=NOW)
                for ticket in (one, two, one)
            )
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        assert User.objects.filter(email=address).count() == 1
        assert [record(ticket)["watcher_added"] for ticket in (one, two)] == [1, 1]


def test_requester_adds_no_more_people_at_once_than_one_after_the_other() -> None:
    ida = UserFactory.create()
    filed = [make_ticket(ida) for _n in range(4)]
    for number in range(8):
        watching.add_watcher(ticket=filed[0], email=f"w{number}@example.org", by=actor(ida), now=NOW)
    results = together(
        *(
            partial(watching.add_watcher, ticket=ticket, email=f"x{ticket.pk}@example.org", by=actor(ida), now=NOW)
            for ticket in filed
        )
    )
    assert len([result for result in results if isinstance(result, DomainError)]) == 2, results
    assert Watcher.objects.count() == 10


def test_two_agents_set_what_they_saw() -> None:
    ticket, desks = make_desk()
    results = together(
        *(
            partial(properties.set_priority, ticket=ticket, to=to, by=desk(), now=NOW, seen=3)
            for to, desk in zip((1, 2), desks, strict=True)
        )
    )
    assert_one_won(results)
    assert record(ticket)["priority_changed"] == 1


def test_two_workers_take_each_event_once_and_in_order() -> None:
    taken: list[tuple[int, int]] = []
    registry.consumers.register(
        Consumer("book", frozenset({"reply_added"}), lambda event, _now: taken.append((event.ticket_id, event.seq)))
    )
    try:
        filed = [make_desk()[0] for _n in range(4)]
        for ticket in filed:
            for _n in range(5):
                conversation.reply(ticket=ticket, body="x", by=actor(ticket.requester), now=NOW)
        while PendingEvent.objects.exists():
            results = together(*(partial(consume_due, now=timezone.now(), limit=100) for _worker in range(3)))
            assert not [result for result in results if isinstance(result, Exception)]
    finally:
        registry.consumers.unregister("book")
    assert len(taken) == len(set(taken)) == 20
    for ticket in filed:
        assert [seq for pk, seq in taken if pk == ticket.pk] == [2, 3, 4, 5, 6]


def test_two_workers_send_each_delivery_once() -> None:
    sent: list[str] = []
    real = registry.senders["email"]
    registry.senders.unregister("email")
    registry.senders.register(Sender("email", lambda delivery: sent.append(delivery.dedupe_key) or "id"))
    registry.delivery_kinds.register(DeliveryKind("test", lambda _delivery: True))
    try:
        for number in range(30):
            deliveries.enqueue(
                channel=DeliveryChannel.EMAIL,
                kind="test",
                recipient=None,
                dedupe_key=f"{number:02}",
                ordering_key=f"k{number % 3}",
                ordering_seq=number,
                now=NOW,
            )
        while Delivery.objects.filter(sent_at=None).exists():
            together(*(partial(deliveries.send_due, now=timezone.now(), limit=50) for _worker in range(3)))
    finally:
        registry.senders.unregister("email")
        registry.senders.register(real)
        registry.delivery_kinds.unregister("test")
    assert sorted(sent) == [f"{number:02}" for number in range(30)]
    for remainder in range(3):
        mine = [key for key in sent if int(key) % 3 == remainder]
        assert mine == sorted(mine)


def test_cancel_and_claim_at_once_agree_on_who_was_first() -> None:
    registry.delivery_kinds.register(DeliveryKind("test", lambda _delivery: True))
    try:
        for number in range(10):
            key = f"race-{number}"
            deliveries.enqueue(channel=DeliveryChannel.EMAIL, kind="test", recipient=None, dedupe_key=key, now=NOW)
            delivery = Delivery.objects.get(dedupe_key=key)
            claimed, cancelled = together(
                partial(deliveries.claim_next, now=timezone.now()),
                partial(deliveries.cancel, delivery=delivery, reason="undone", now=timezone.now()),
            )
            assert (claimed is not None) is not cancelled
    finally:
        registry.delivery_kinds.unregister("test")
