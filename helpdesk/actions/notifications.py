"""The consumer that tells people what happened to their tickets."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from helpdesk.actions import telling
from helpdesk.actions.telling import Tiding, tell_all
from helpdesk.choices import Occasion, Status, Urgency
from helpdesk.domain import events, relation_events, work_events
from helpdesk.domain.occasions import INTERNAL
from helpdesk.models import Delivery, Mention, Ticket, TicketEvent, User
from helpdesk.registry import Consumer, DeliveryKind
from helpdesk.selectors.watchers import watched, watchers_of

_Audience = Callable[[TicketEvent], tuple[User | None, ...]]

# A change that follows from a reply needs no mail of its own: the reply's mail says it.
_TOLD_STATUSES: Final = frozenset({Status.IN_PROGRESS, Status.ON_HOLD})


def _requester(event: TicketEvent) -> tuple[User | None, ...]:
    return (event.ticket.requester,)


def _assignee(event: TicketEvent) -> tuple[User | None, ...]:
    return (event.ticket.assignee,)


def _both(event: TicketEvent) -> tuple[User | None, ...]:
    return (event.ticket.requester, event.ticket.assignee)


def _note_readers(event: TicketEvent) -> tuple[User | None, ...]:
    """Who has the ticket, and whom the note mentions."""
    mentioned = User.objects.filter(pk__in=Mention.objects.filter(message=event.data["message_id"]).values("user"))
    return (event.ticket.assignee, *mentioned.order_by("pk"))


def _new_watcher(event: TicketEvent) -> tuple[User | None, ...]:
    if event.data.get("with_words"):
        return ()
    return (User.objects.filter(pk=event.data["user_id"]).first(),)


def _new_assignee(event: TicketEvent) -> tuple[User | None, ...]:
    # Mostly who has it still, and came with the ticket.
    if event.data["to_id"] in {None, event.ticket.assignee_id}:
        return (event.ticket.assignee if event.data["to_id"] else None,)
    return (User.objects.filter(pk=event.data["to_id"]).first(),)


def _given_anew(event: TicketEvent) -> tuple[User | None, ...]:
    """Whom a changed sub-task was given to, if to anybody else than before."""
    return _new_assignee(event) if event.data["to_id"] != event.data["from_id"] else ()


def _who_took_in(event: TicketEvent) -> tuple[User | None, ...]:
    """Who works on it; who asked for it too, where somebody else's words stand there now."""
    asked = Ticket.objects.filter(pk=event.data["other_id"]).exclude(requester=event.ticket.requester_id)
    return (event.ticket.assignee, event.ticket.requester if asked.exists() else None)


def _of_status(event: TicketEvent) -> tuple[User | None, ...]:
    return _both(event) if event.data["to_status"] in _TOLD_STATUSES else ()


def _of_edit(event: TicketEvent) -> tuple[User | None, ...]:
    """Those who got the old words by mail, where a second one was asked for."""
    if not event.data["mails_again"]:
        return ()
    spoken = TicketEvent.objects.filter(ticket=event.ticket, data__message_id=event.data["edited_id"])
    left = Delivery.objects.filter(ticket=event.ticket, event__in=spoken, sent_at__isnull=False)
    return tuple(User.objects.filter(pk__in=left.values("recipient")).order_by("pk"))


def _of_many(event: TicketEvent) -> tuple[User | None, ...]:
    """Of what hundreds are told at once their requesters hear; the desk has a page that says so."""
    return _requester(event)


_AUDIENCES: Final[dict[str, _Audience]] = {
    events.TicketCreated.kind: _requester,
    events.ReplyAdded.kind: _both,
    events.NoteAdded.kind: _note_readers,
    events.Assigned.kind: _new_assignee,
    events.StatusChanged.kind: _of_status,
    events.Resolved.kind: _both,
    events.Confirmed.kind: _both,
    events.Rejected.kind: _both,
    events.Reopened.kind: _both,
    events.Closed.kind: _both,
    events.FollowedUp.kind: _assignee,
    events.WatcherAdded.kind: _new_watcher,
    relation_events.Merged.kind: _requester,
    relation_events.TookIn.kind: _who_took_in,
    relation_events.Unmerged.kind: _requester,
    relation_events.SubTaskAdded.kind: _new_assignee,
    relation_events.SubTaskChanged.kind: _given_anew,
    work_events.MessageEdited.kind: _of_edit,
}


# Those who watch are told what the requester is told of words and of the end. Of a filing they hear where a late answer
# to another ticket, which they followed, started this one.
_WATCHED: Final = frozenset(
    {
        events.TicketCreated.kind,
        events.ReplyAdded.kind,
        events.Resolved.kind,
        events.Confirmed.kind,
        events.Rejected.kind,
        events.Reopened.kind,
        events.Closed.kind,
        relation_events.Merged.kind,
        relation_events.Unmerged.kind,
    }
)
WATCHER: Final = {"reader": "watcher"}

# On what occasion who asked is told of it, and who works on it; of what stands in the first alone, both on the same.
_TO_WHO_ASKED: Final = {
    events.TicketCreated.kind: Occasion.ANSWERS,
    events.ReplyAdded.kind: Occasion.ANSWERS,
    events.StatusChanged.kind: Occasion.PROGRESS,
    events.Resolved.kind: Occasion.ANSWERS,
    events.Confirmed.kind: Occasion.PROGRESS,
    events.Rejected.kind: Occasion.PROGRESS,
    events.Reopened.kind: Occasion.ANSWERS,
    events.Closed.kind: Occasion.PROGRESS,
    relation_events.Merged.kind: Occasion.ANSWERS,
    relation_events.TookIn.kind: Occasion.ANSWERS,
    relation_events.Unmerged.kind: Occasion.ANSWERS,
    work_events.MessageEdited.kind: Occasion.ANSWERS,
}
_TO_WHO_WORKS: Final = {
    events.ReplyAdded.kind: Occasion.WORDS,
    events.NoteAdded.kind: Occasion.NOTES,
    events.Assigned.kind: Occasion.ASSIGNED,
    events.StatusChanged.kind: Occasion.STATUS,
    events.Resolved.kind: Occasion.STATUS,
    events.Confirmed.kind: Occasion.STATUS,
    events.Rejected.kind: Occasion.WORDS,
    events.Reopened.kind: Occasion.WORDS,
    events.Closed.kind: Occasion.STATUS,
    events.FollowedUp.kind: Occasion.WORDS,
    relation_events.TookIn.kind: Occasion.STATUS,
    relation_events.SubTaskAdded.kind: Occasion.SUB_TASKS,
    relation_events.SubTaskChanged.kind: Occasion.SUB_TASKS,
    work_events.MessageEdited.kind: Occasion.WORDS,
}


def notify(event: TicketEvent, now: datetime) -> None:
    """Tell everybody whom the event concerns, but for who did it. Filing a ticket is receipted to all."""
    notify_all([event], now)


def notify_all(events_: Sequence[TicketEvent], now: datetime) -> None:
    """The same for several events, as few questions to the database as for one where all are told alike."""
    news = [one for one in events_ if one.cause_id is None or one.kind == events.Assigned.kind]
    followed = set(watched([one.ticket_id for one in news if one.kind in _WATCHED]))
    found = (_tidings(one, is_watched=one.kind in _WATCHED and one.ticket_id in followed) for one in news)
    tell_all(list(chain.from_iterable(found)), now=now)


def _tidings(event: TicketEvent, *, is_watched: bool) -> Iterator[Tiding]:
    has_receipt = event.kind == events.TicketCreated.kind
    audience = _of_many(event) if event.data.get("notice_id") else _AUDIENCES[event.kind](event)
    concerned = dict.fromkeys(person for person in audience if person is not None)
    told = defaultdict[Occasion, list[User]](list)
    for person in concerned:
        if person.pk != event.actor_id or has_receipt:
            told[_occasion(event, person)].append(person)
    told[Occasion.WATCHED] += [
        person
        for person in (_watchers(event) if is_watched else ())
        if person not in concerned and person.pk != event.actor_id
    ]
    # Who waits for an answer of their own does not wait behind hundreds.
    urgency = Urgency.BULK if event.data.get("notice_id") else None
    for occasion, people in told.items():
        if people:
            payload = WATCHER if occasion is Occasion.WATCHED else {}
            yield Tiding(people, occasion, event, urgency=urgency, payload=payload)


def _occasion(event: TicketEvent, person: User) -> Occasion:
    has_asked = person.present == event.ticket.requester
    if event.kind == events.WatcherAdded.kind or not (has_asked or person.present.is_staff):
        return Occasion.WATCHED
    if has_asked and event.kind in _TO_WHO_ASKED:
        # That somebody else asked for them is news to who hears of it.
        is_receipt = event.kind == events.TicketCreated.kind and person.pk == event.actor_id
        return Occasion.RECEIPTS if is_receipt else _TO_WHO_ASKED[event.kind]
    return _TO_WHO_WORKS[event.kind]


def _watchers(event: TicketEvent) -> Iterable[User]:
    if event.kind == events.TicketCreated.kind and event.data["follows_id"] is None:
        return ()
    return watchers_of(event.ticket)


def is_still_wanted(delivery: Delivery) -> bool:
    """A mail about a ticket leaves only to who may and wants to read it then, and to watchers who still watch."""
    person, ticket = delivery.recipient, delivery.ticket
    # Of what was queued before there were occasions, the kind tells whether it is the desk's own.
    is_internal = _TO_WHO_WORKS.get(delivery.kind) in INTERNAL
    if person is None or ticket is None or not telling.is_still_wanted(delivery, is_internal=is_internal):
        return False
    if delivery.kind == relation_events.Merged.kind and ticket.merged_into_id is None:
        return False
    return delivery.payload != WATCHER or watchers_of(ticket).filter(pk=person.pk).exists()


CONSUMER: Final = Consumer("notify", frozenset(_AUDIENCES), notify, notify_all)
KINDS: Final = tuple(DeliveryKind(kind, is_still_wanted, telling.put_off) for kind in _AUDIENCES)
