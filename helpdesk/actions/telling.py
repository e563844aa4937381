"""People are told what happened to tickets: the one step through which every notification goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Tiding:
    """What these people are told: of which event, on which occasion."""

    people: Iterable[User]
    occasion: Occasion
    event: TicketEvent
    is_critical: bool = False
    urgency: Urgency | None = None
    payload: Mapping[str, str] = field(default_factory=dict)


def tell(
    people: Iterable[User], occasion: Occasion, event: TicketEvent, *, now: datetime, is_critical: bool = False
) -> Told:
    """Inside a transaction: tell these people of a ticket's event, each as they chose for the occasion.

    In the inbox it stands at once. A mail of the kind `event.kind` leaves when the reader's quiet hours are over; what
    `is_critical` leaves at once, before all others, and by one channel at least. Nobody is told the same event twice
    by one channel, however often this is called. Of two accounts of one person the one that is left is told. Returns
    by the id of each by which channels they are told. Asks the database as often for one as for a hundred.

    The kind has to be registered (`kind_of_delivery`) and to have words (`adapters.mail_words`, `views.desk.words`).
    """
    return tell_all([Tiding(people, occasion, event, is_critical)], now=now)[0]


def tell_all(tidings: Sequence[Tiding], *, now: datetime) -> Sequence[Told]:
    """The same of several events, as few questions to the database as for one. Returns who was told of each."""
    # An integration reads the API, and has no mailbox.
    readers = [
        {person.pk: person for person in (one.present for one in tiding.people) if not person.is_integration}
        for tiding in tidings
    ]
    everybody = {pk: person for some in readers for pk, person in some.items()}
    chosen = chosen_by(everybody.values()) if everybody else {}
    told = [
        {pk: _ways(tiding, person, chosen.get(pk, {})) for pk, person in some.items()}
        for tiding, some in zip(tidings, readers, strict=True)
    ]

    def those(way: DeliveryChannel) -> list[tuple[Tiding, User]]:
        found = zip(tidings, told, strict=True)
        return [(tiding, everybody[pk]) for tiding, ways in found for pk, some in ways.items() if way in some]

    _put_into_inboxes(those(DeliveryChannel.INBOX), now)
    mailed = those(DeliveryChannel.EMAIL)
    _guest_links.prolong([(tiding.event.ticket, person) for tiding, person in mailed], now)
    patient = [person for tiding, person in mailed if not tiding.is_critical]
    later = quiet_ends(patient, now) if patient else {}
    enqueue_all([_mail(tiding, person, later, now) for tiding, person in mailed])
    return told


def _ways(tiding: Tiding, person: User, chosen: occasions.Chosen) -> frozenset[DeliveryChannel]:
    return occasions.channels(tiding.occasion, chosen, has_inbox=person.is_staff, is_critical=tiding.is_critical)


def _mail(tiding: Tiding, person: User, later: Mapping[int, datetime], now: datetime) -> Delivery:
    event, is_critical = tiding.event, tiding.is_critical
    return Delivery(
        channel=DeliveryChannel.EMAIL,
        kind=event.kind,
        occasion=tiding.occasion,
        is_critical=is_critical,
        ticket=event.ticket,
        event=event,
        recipient=person,
        payload=dict(tiding.payload),
        dedupe_key=f"{event.pk}:{person.pk}:email",
        # What is critical waits for nothing that was put off.
        ordering_key="" if is_critical else f"ticket:{event.ticket_id}:{person.pk}",
        ordering_seq=event.seq,
        urgency=tiding.urgency or (Urgency.NOW if is_critical else Urgency.NORMAL),
        created_at=now,
        not_before=now if is_critical else later.get(person.pk, now),
    )


def _put_into_inboxes(told: Iterable[tuple[Tiding, User]], now: datetime) -> None:
    entries = [
        InboxEntry(
            user=person,
            ticket=tiding.event.ticket,
            event=tiding.event,
            occasion=tiding.occasion,
            is_critical=tiding.is_critical,
            created_at=now,
        )
        for tiding, person in told
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
    # A claim has seen already whether there is anything to be read.
    chosen = chosen_by([person]).get(person.pk, {}) if getattr(delivery, "has_choices", True) else {}
    ways = occasions.channels(occasion, chosen, has_inbox=person.is_staff, is_critical=delivery.is_critical)
    return delivery.channel in ways


def put_off(delivery: Delivery, now: datetime) -> datetime | None:
    """Until when a delivery that was about to leave waits for the end of its reader's quiet hours."""
    if delivery.recipient is None or delivery.is_critical or not getattr(delivery, "rests", True):
        return None
    return quiet_ends([delivery.recipient], now).get(delivery.recipient.pk)


def kind_of_delivery(kind: str) -> DeliveryKind:
    """How mails about ticket events of this kind are registered."""
    return DeliveryKind(kind, is_still_wanted, put_off)
