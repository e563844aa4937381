"""The oldest rows that have come due."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.actions import deliveries
from helpdesk.choices import DeliveryChannel
from helpdesk.models import Delivery
from helpdesk.selectors import due
from tests.factories import NOW, make_ticket

pytestmark = pytest.mark.django_db


def test_oldest_due_rows_are_told_by_kind() -> None:
    assert (due.oldest_event(), due.oldest_delivery(), due.oldest_closing()) == (None, None, None)
    make_ticket()
    assert due.oldest_event() == NOW
    make_ticket(now=timezone.now() + timedelta(days=1))
    assert due.oldest_event() == NOW


def test_mails_behind_a_mailbox_that_is_tried_again_later_are_not_late() -> None:
    for seq in (1, 2):
        deliveries.enqueue(
            channel=DeliveryChannel.EMAIL,
            kind="reply_added",
            recipient=None,
            dedupe_key=str(seq),
            ordering_key="line",
            ordering_seq=seq,
            now=NOW,
        )
    assert due.oldest_delivery() == NOW
    Delivery.objects.filter(ordering_seq=1).update(not_before=timezone.now() + timedelta(hours=1))
    assert due.oldest_delivery() is None
    Delivery.objects.filter(ordering_seq=1).update(given_up_at=NOW)
    assert due.oldest_delivery() == NOW
