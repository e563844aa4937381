"""People are told what happened to tickets: the one step through which every notification goes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from helpdesk.actions import _guest_links
from helpdesk.actions.deliveries import enqueue_all
from helpdesk.actors import Actor
from helpdesk.choices import Channel, DeliveryChannel, Occasion, Urgency
from helpdesk.domain import occasions
from helpdesk.models import Delivery, InboxEntry, TicketEvent, User
from helpdesk.permissions import Right, may
from helpdesk.registry import DeliveryKind
from helpdesk.selectors.telling import chosen_by, quiet_ends

Told = Mapping[int, frozenset[DeliveryChannel]]


def tell(
    people: Iterable[User],
    occasion: Occasion,
    event: TicketEvent,
    *,
    now: datetime,
    is_critical: bool = False,
    urgency: Urgency | None = None,
    payload: Mapping[str, str] | None = None,
) -> Told:
    """Inside a transaction: tell these people of a ticket's event, each as they chose for the occasion.

    In the inbox it stands at once. A mail of the kind `event.kind` leaves when the reader's quiet hours are over; what
    `is_critical` leaves at once, before all others, and by one channel at least. Nobody is told the same event twice
    by one channel, however often this is called. Of two accounts of one person the one that is left is told. Returns
    by the id of each by which channels they are told. Asks the database as often for one as for a hundred.

    The kind has to be registered (`kind_of_delivery`) and to have words (`adapters.mail_words`, `views.desk.words`).
    """
    readers = {person.pk: person for person in (person.present for person in people)}
    chosen = chosen_by(readers.values(), occasion) if readers else {}
    told = {
        pk: occasions.channels(occasion, chosen.get(pk, {}), has_inbox=person.is_staff, is_critical=is_critical)
        for pk, person in readers.items()
    }
    by_way = {way: [readers[pk] for pk, ways in told.items() if way in ways] for way in DeliveryChannel}
    _put_into_inboxes(by_way[DeliveryChannel.INBOX], occasion, event, now, is_critical)
    mailed = by_way[DeliveryChannel.EMAIL]
    later = {} if is_critical or not mailed else quiet_ends(mailed, now)
    for person in mailed:
        _guest_links.prolong(event.ticket, person, now)
    common = {
        "channel": DeliveryChannel.EMAIL,
        "kind": event.kind,
        "occasion": occasion,
        "is_critical": is_critical,
        "ticket": event.ticket,
        "event": event,
        "payload": dict(payload or {}),
        "ordering_seq": event.seq,
        "urgency": urgency or (Urgency.NOW if is_critical else Urgency.NORMAL),
        "created_at": now,
    }
    enqueue_all([_mail(common, event, person, later.get(person.pk, now)) for person in mailed])
    return told


def _mail(common: Mapping[str, Any], event: TicketEvent, person: User, not_before: datetime) -> Delivery:
    return Delivery(
        **common,
        recipient=person,
        dedupe_key=f"{event.pk}:{person.pk}:email",
        # What is critical waits for nothing that was put off.
        ordering_key="" if common["is_critical"] else f"ticket:{event.ticket_id}:{person.pk}",
        not_before=not_before,
    )


def _put_into_inboxes(
    people: Iterable[User], occasion: Occasion, event: TicketEvent, now: datetime, is_critical: bool
) -> None:
    entries = [
        InboxEntry(
            user=person,
            ticket=event.ticket,
            event=event,
            occasion=occasion,
            is_critical=is_critical,
            created_at=now,
        )
        for person in people
    ]
    if entries:
        InboxEntry.objects.bulk_create(entries, ignore_conflicts=True)


def is_still_wanted(delivery: Delivery, *, is_internal: bool = False) -> bool:
    """Whether the reader may still read it when it leaves, and still wants to."""
    person, ticket = delivery.recipient, delivery.ticket
    if person is None or ticket is None:
        return False
    right = Right.READ_NOTES if is_internal or delivery.occasion in occasions.INTERNAL else Right.VIEW
    if not may(Actor(person, Channel.EMAIL), right, ticket):
        return False
    if not delivery.occasion:
        return True
    occasion = Occasion(delivery.occasion)
    chosen = chosen_by([person], occasion).get(person.pk, {})
    ways = occasions.channels(occasion, chosen, has_inbox=person.is_staff, is_critical=delivery.is_critical)
    return delivery.channel in ways


def put_off(delivery: Delivery, now: datetime) -> datetime | None:
    """Until when a delivery that was about to leave waits for the end of its reader's quiet hours."""
    if delivery.recipient is None or delivery.is_critical:
        return None
    return quiet_ends([delivery.recipient], now).get(delivery.recipient.pk)


def kind_of_delivery(kind: str) -> DeliveryKind:
    """How mails about ticket events of this kind are registered."""
    return DeliveryKind(kind, is_still_wanted, put_off)
