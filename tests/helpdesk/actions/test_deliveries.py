"""Deliveries: claimed once, in order, only while wanted, tried again with growing waits, given up in the end."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from helpdesk import registry
from helpdesk.actions import deliveries
from helpdesk.actors import SYSTEM
from helpdesk.choices import DeliveryChannel, Urgency
from helpdesk.domain.backoff import MAX_ATTEMPTS
from helpdesk.models import Delivery
from helpdesk.registry import DeliveryKind, PermanentFailure, Sender
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class Wire:
    """A sender that keeps what it sent and fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.error: Exception | None = None
        self.wanted = True

    def send(self, delivery: Delivery) -> str:
        if self.error is not None:
            raise self.error
        self.sent.append(delivery.dedupe_key)
        return f"id-of-{delivery.dedupe_key}"


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire, real = Wire(), registry.senders["email"]
    registry.senders.unregister("email")
    registry.senders.register(Sender("email", wire.send))
    registry.delivery_kinds.register(DeliveryKind("test", lambda _delivery: wire.wanted))
    yield wire
    registry.senders.unregister("email")
    registry.senders.register(real)
    registry.delivery_kinds.unregister("test")


def enqueue(key: str, **values: object) -> Delivery:
    deliveries.enqueue(
        channel=DeliveryChannel.EMAIL,
        kind="test",
        recipient=None,
        dedupe_key=key,
        now=timezone.now(),
        **values,  # type: ignore[arg-type]
    )
    return Delivery.objects.get(dedupe_key=key)


def send(**later: float) -> int:
    return deliveries.send_due(now=timezone.now() + timedelta(**later), limit=50)


def lose_the_sender(delivery: Delivery) -> None:
    """What is left when a sender dies: a lease that ran out."""
    past = timezone.now() - timedelta(minutes=1)
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=past)


def test_delivery_leaves_once_and_keeps_its_providers_id(wire: Wire) -> None:
    delivery = enqueue("a", payload={"body": "a link that signs somebody in"})
    assert (send(), send()) == (1, 0)
    delivery.refresh_from_db()
    assert (wire.sent, delivery.state, delivery.provider_id, delivery.attempts) == (
        ["a"],
        "sent",
        "id-of-a",
        1,
    )
    assert delivery.payload == {}, "what was rendered is not kept"


def test_same_dedupe_key_is_queued_once(wire: Wire) -> None:
    assert enqueue("a") == enqueue("a")
    send()
    assert wire.sent == ["a"]


def test_urgent_ones_leave_first(wire: Wire) -> None:
    for key, urgency in (("bulk", Urgency.BULK), ("normal", Urgency.NORMAL), ("now", Urgency.NOW)):
        enqueue(key, urgency=urgency)
    send()
    assert wire.sent == ["now", "normal", "bulk"]


def test_only_the_head_of_an_order_is_claimed(wire: Wire) -> None:
    enqueue("second", ordering_key="k", ordering_seq=2)
    enqueue("first", ordering_key="k", ordering_seq=1)
    enqueue("other", ordering_key="o", ordering_seq=9)
    wire.error = OSError("The line is down.")
    send()
    assert Delivery.objects.get(dedupe_key="second").attempts == 0
    wire.error = None
    send(minutes=1)
    assert [key for key in wire.sent if key != "other"] == ["first", "second"]


def test_what_was_given_up_does_not_hold_up_what_comes_after_it(wire: Wire) -> None:
    enqueue("first", ordering_key="k", ordering_seq=1)
    wire.error = PermanentFailure("No such mailbox.")
    send()
    wire.error = None
    enqueue("second", ordering_key="k", ordering_seq=2)
    send()
    assert wire.sent == ["second"]
    assert Delivery.objects.get(dedupe_key="first").state == "given_up"


def test_failed_try_waits_longer_each_time_until_it_is_given_up(wire: Wire) -> None:
    delivery, wire.error, waits = enqueue("a"), OSError("The line is down."), []
    now = timezone.now()
    while delivery.state == "waiting":
        before = timezone.now()
        assert deliveries.send_due(now=now, limit=1) == 1
        delivery.refresh_from_db()
        waits.append(delivery.not_before - before)
        now = delivery.not_before
    assert (delivery.state, delivery.attempts) == ("given_up", MAX_ATTEMPTS)
    assert all(b >= a - timedelta(seconds=5) for a, b in pairwise(waits))
    assert "The line is down." in delivery.last_error
    assert not deliveries.send_due(now=now + timedelta(days=30), limit=1)


def test_given_up_delivery_can_be_sent_off_again(wire: Wire) -> None:
    delivery, wire.error = enqueue("a"), PermanentFailure("No such mailbox.")
    send()
    wire.error = None
    assert deliveries.retry(delivery=delivery, by=SYSTEM, now=timezone.now())
    send()
    assert wire.sent == ["a"]
    assert not deliveries.retry(delivery=delivery, by=SYSTEM, now=timezone.now())


def test_cancelled_delivery_never_starts(wire: Wire) -> None:
    delivery = enqueue("a", not_before=timezone.now() + timedelta(seconds=10))
    assert deliveries.cancel(delivery=delivery, reason="undone", now=timezone.now())
    send(hours=1)
    assert wire.sent == []
    assert not deliveries.cancel(delivery=delivery, reason="undone", now=timezone.now())


def test_text_of_what_will_not_leave_any_more_is_forgotten(wire: Wire) -> None:
    given_up, cancelled = enqueue("a", payload={"body": "secret"}), enqueue("b", payload={"body": "secret"})
    deliveries.cancel(delivery=cancelled, reason="undone", now=timezone.now())
    wire.error = PermanentFailure("No such mailbox.")
    send()
    for delivery in (given_up, cancelled):
        delivery.refresh_from_db()
        assert delivery.payload == {}


def test_cancel_of_what_may_have_left_stops_a_second_time_and_says_that_it_is_too_late(wire: Wire) -> None:
    delivery = enqueue("a")
    deliveries.claim_next(now=timezone.now())
    lose_the_sender(delivery)
    assert not deliveries.cancel(delivery=delivery, reason="undone", now=timezone.now())
    send()
    assert wire.sent == []


def test_cancel_after_the_start_says_that_it_is_too_late(wire: Wire) -> None:
    delivery = enqueue("a")
    assert deliveries.claim_next(now=timezone.now()) == delivery
    assert not deliveries.cancel(delivery=delivery, reason="undone", now=timezone.now())


def test_not_before_is_kept(wire: Wire) -> None:
    enqueue("a", not_before=timezone.now() + timedelta(minutes=5))
    assert send() == 0
    assert send(minutes=6) == 1


def test_expired_delivery_does_not_leave(wire: Wire) -> None:
    delivery = enqueue("a", expires_at=timezone.now() + timedelta(minutes=5), payload={"body": "secret"})
    send(minutes=6)
    delivery.refresh_from_db()
    assert (wire.sent, delivery.state, delivery.cancel_reason) == ([], "cancelled", "expired")
    assert delivery.payload == {}


def test_delivery_that_nobody_wants_any_more_does_not_leave(wire: Wire) -> None:
    delivery = enqueue("a")
    wire.wanted = False
    send()
    delivery.refresh_from_db()
    assert (wire.sent, delivery.state, delivery.cancel_reason) == ([], "cancelled", "unwanted")


def test_leased_delivery_is_left_alone(wire: Wire) -> None:
    enqueue("a")
    assert deliveries.claim_next(now=timezone.now())
    assert deliveries.claim_next(now=timezone.now() + timedelta(hours=9)) is None


def test_lease_that_ran_out_is_tried_again_and_marked(wire: Wire) -> None:
    delivery = enqueue("a")
    deliveries.claim_next(now=timezone.now())
    lose_the_sender(delivery)
    send()
    delivery.refresh_from_db()
    assert (wire.sent, delivery.state, delivery.possibly_repeated, delivery.attempts) == (
        ["a"],
        "sent",
        True,
        2,
    )


def test_sender_that_lost_its_lease_does_not_settle_for_its_successor(wire: Wire) -> None:
    delivery = enqueue("a")
    first = deliveries.claim_next(now=timezone.now())
    lose_the_sender(delivery)
    second = deliveries.claim_next(now=timezone.now())
    assert first is not None
    assert second is not None
    late = deliveries._failed(first, OSError("late"), timezone.now())
    deliveries._settle(left=deliveries._Left(first, late))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lease_token) == ("leased", second.lease_token)


def test_delivery_whose_senders_always_die_is_given_up(wire: Wire) -> None:
    delivery = enqueue("a")
    for _death in range(MAX_ATTEMPTS):
        assert deliveries.claim_next(now=timezone.now())
        lose_the_sender(delivery)
    send()
    delivery.refresh_from_db()
    assert (wire.sent, delivery.state) == ([], "given_up")


def test_kind_that_nobody_knows_is_not_sent_and_holds_up_nothing(wire: Wire) -> None:
    UserFactory.create()
    enqueue("a")
    Delivery.objects.update(kind="forgotten")
    enqueue("b")
    send()
    assert wire.sent == ["b"]


def test_what_left_is_on_record_though_the_next_cannot_be_asked_about(wire: Wire) -> None:
    def ask(delivery: Delivery) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / %s", [0 if delivery.dedupe_key == "b" else 1])
        return True

    registry.delivery_kinds.unregister("test")
    registry.delivery_kinds.register(DeliveryKind("test", ask))
    first, broken, last = enqueue("a"), enqueue("b"), enqueue("c")
    send()
    assert wire.sent == ["a", "c"]
    for delivery in (first, broken, last):
        delivery.refresh_from_db()
    assert (first.state, last.state) == ("sent", "sent")
    assert (broken.sent_at, broken.lease_until, broken.attempts) == (None, None, 1)
    assert "division by zero" in broken.last_error
    assert broken.not_before > timezone.now()


def test_run_that_is_broken_off_leaves_only_what_was_in_hand(wire: Wire) -> None:
    first, second = enqueue("a"), enqueue("b")

    def break_off(delivery: Delivery) -> str:
        if delivery.dedupe_key == "b":
            raise KeyboardInterrupt
        return wire.send(delivery)

    registry.senders.unregister("email")
    registry.senders.register(Sender("email", break_off))
    with pytest.raises(KeyboardInterrupt):
        send()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("sent", "leased")


def test_last_one_of_a_run_is_on_record_by_itself(wire: Wire) -> None:
    enqueue("a")
    second = enqueue("b")
    assert deliveries.send_due(now=timezone.now() + timedelta(seconds=1), limit=2) == 2
    second.refresh_from_db()
    assert (wire.sent, second.state) == (["a", "b"], "sent")
