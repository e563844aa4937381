"""What a mail about a ticket says, for the reader's side of it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from helpdesk.actions.notifications import WATCHER
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Metric, Status
from helpdesk.domain import clock_events, events, relation_events, work_events
from helpdesk.domain.occasions import INTERNAL
from helpdesk.models import Delivery, Mention, Message, SubTask, Ticket, TicketEvent, User
from helpdesk.permissions import Right, may
from helpdesk.prepared import prepared
from helpdesk.selectors.brand import brand
from helpdesk.selectors.guests import newest_link
from helpdesk.selectors.watchers import watchers_of


class Side(IntEnum):
    """Where the reader of a mail stands."""

    ASKED = 0
    WORKS = 1
    WATCHES = 2


# For each kind the sentence for who asked, the one for who works on it and, where it is another, the one for who
# follows it. %(actor)s is who did it.
_LEADS: Final[dict[str, tuple[str, ...]]] = {
    events.TicketCreated.kind: (
        gettext_noop("We have received your report and will answer here."),
        gettext_noop("%(actor)s filed this ticket."),
        gettext_noop("%(actor)s answered a closed ticket that you follow. That started this new one."),
    ),
    events.ReplyAdded.kind: (
        gettext_noop("%(actor)s answered you."),
        gettext_noop("%(actor)s answered."),
    ),
    events.NoteAdded.kind: (
        gettext_noop("%(actor)s wrote a note."),
        gettext_noop("%(actor)s wrote an internal note."),
    ),
    events.Assigned.kind: (
        gettext_noop("%(actor)s gave you this ticket."),
        gettext_noop("%(actor)s gave you this ticket."),
    ),
    events.Resolved.kind: (
        gettext_noop("%(actor)s believes that this is solved. Please tell us whether it is."),
        gettext_noop("%(actor)s resolved this ticket."),
        gettext_noop("%(actor)s believes that this is solved."),
    ),
    events.Confirmed.kind: (
        gettext_noop("Thank you. Your ticket is closed."),
        gettext_noop("%(actor)s confirmed that it is solved. The ticket is closed."),
    ),
    events.Rejected.kind: (
        gettext_noop("%(actor)s said that it is still a problem. We go on."),
        gettext_noop("%(actor)s says that it is still a problem. The ticket is open again."),
        gettext_noop("%(actor)s said that it is still a problem. We go on."),
    ),
    events.Reopened.kind: (
        gettext_noop("%(actor)s opened your ticket again."),
        gettext_noop("%(actor)s opened this ticket again."),
    ),
    events.Closed.kind: (
        gettext_noop("We have not heard from you since we solved this, so your ticket is closed now."),
        gettext_noop("The ticket closed by itself: the requester said nothing more."),
        gettext_noop("Nobody said more after this was solved, so the ticket is closed now."),
    ),
    events.FollowedUp.kind: (
        gettext_noop("Your answer started a new ticket."),
        gettext_noop("%(actor)s answered this closed ticket; that started a new one."),
    ),
    relation_events.Merged.kind: (
        gettext_noop("This goes on in %(other)s, which is about the same matter. You find everything there."),
        gettext_noop("%(actor)s merged this ticket into %(other)s."),
        gettext_noop("This goes on in %(other)s, which is about the same matter. You find everything there."),
    ),
    relation_events.TookIn.kind: (
        gettext_noop("%(other)s is about the same matter and goes on here. Who asked there reads this ticket too."),
        gettext_noop("%(actor)s merged %(other)s into this ticket."),
    ),
    relation_events.Unmerged.kind: (
        gettext_noop("This ticket stands by itself again, apart from %(other)s."),
        gettext_noop("%(actor)s took this ticket and %(other)s apart again."),
        gettext_noop("This ticket stands by itself again, apart from %(other)s."),
    ),
    relation_events.SubTaskAdded.kind: (
        gettext_noop("%(actor)s gave you a sub-task: “%(title)s”."),
        gettext_noop("%(actor)s gave you a sub-task: “%(title)s”."),
    ),
    relation_events.SubTaskChanged.kind: (
        gettext_noop("%(actor)s gave you a sub-task: “%(title)s”."),
        gettext_noop("%(actor)s gave you a sub-task: “%(title)s”."),
    ),
    work_events.MessageEdited.kind: (
        gettext_noop("%(actor)s changed what they wrote to you. It says now:"),
        gettext_noop("%(actor)s changed a message. It says now:"),
    ),
    clock_events.ClockWarned.kind: (gettext_noop("%(metric)s: %(percent)s %% of the time are used up."),),
    clock_events.ClockBreached.kind: (gettext_noop("%(metric)s: the time is used up."),),
    clock_events.UpdateOwed.kind: (gettext_noop("The requester has heard nothing for too long. Write how it stands."),),
    clock_events.RungReached.kind: (gettext_noop("%(metric)s: nobody answered in time, so this ticket escalates."),),
    clock_events.LadderClimbed.kind: (
        gettext_noop("This ticket escalated to you: decide on what is to be done, or say who does."),
    ),
    events.WatcherAdded.kind: (
        gettext_noop("%(actor)s added you to this ticket. You can read it and answer, and get a mail of each answer."),
    ),
}
# The same for the statuses that a mail of their own tells.
_STATUS_LEADS: Final[dict[str, tuple[str, ...]]] = {
    Status.IN_PROGRESS: (gettext_noop("%(actor)s is working on it."), gettext_noop("%(actor)s is working on it.")),
    Status.ON_HOLD: (
        gettext_noop("Your ticket has to wait for somebody else; we go on as soon as we can."),
        gettext_noop("%(actor)s put this ticket on hold."),
    ),
}
_FILED_FOR_YOU: Final = gettext_noop("%(actor)s asked us for help for you. We have received it and will answer here.")
_AFTER_REPLY: Final[dict[tuple[str, Side], str]] = {
    (Status.PENDING, Side.ASKED): gettext_noop("We need your answer to go on."),
    (Status.PENDING, Side.WATCHES): gettext_noop("We need an answer to go on."),
    (Status.OPEN, Side.WORKS): gettext_noop("The ticket is open again."),
}


_MENTIONED: Final = gettext_lazy("%(actor)s mentioned you in an internal note.")


@dataclass(frozen=True, slots=True)
class TicketMail:
    """One mail about one event: `lead` is what happened, `after` what follows from it, `message` somebody's words."""

    ticket: Ticket
    subject: str
    side: Side
    lead: str
    after: str
    message: Message | None
    path: str

    @property
    def is_readers_own(self) -> bool:
        """Whether the ticket is what the reader asked for, or has to work on."""
        return self.side is not Side.WATCHES


def ticket_mail(delivery: Delivery, reader: User) -> TicketMail:
    """What to tell the reader about the delivery's event; call it in the reader's language."""
    ticket, event = delivery.ticket, delivery.event
    if ticket is None or event is None:
        raise ValueError("This delivery is not about a ticket's event.")
    side = _side(delivery, ticket, reader)
    message = None
    message_id = event.data.get("edited_id" if event.kind == work_events.MessageEdited.kind else "message_id")
    if message_id and _shows_words(event):
        (message,) = _words(message_id)
    # What only who works in the desk is told is read there.
    is_internal = delivery.occasion in INTERNAL
    is_mentioned = event.kind == events.NoteAdded.kind and _is_mentioned(event, reader)
    return TicketMail(
        ticket=ticket,
        subject=f"[{ticket.ref}] {ticket.subject}",
        side=side,
        lead=_MENTIONED % {"actor": event.actor} if is_mentioned else _lead(event, side),
        after=" ".join(
            filter(None, (_after(event, side), _welcome(reader) if _is_first(delivery, reader, side) else ""))
        ),
        message=message,
        path=reverse("admin:ticket", args=[ticket.ref]) if is_internal else _path(side, ticket, reader),
    )


@prepared
def _words(message: int) -> QuerySet[Message]:
    return Message.objects.select_related("author__merged_into").filter(pk=message)


def _path(side: Side, ticket: Ticket, reader: User) -> str:
    """Where the ticket is for this reader: a guest has a way of their own."""
    if _reads_in_desk(side, reader, ticket):
        return reverse("admin:ticket", args=[ticket.ref])
    if side is Side.ASKED and not reader.has_usable_password():
        link = newest_link(ticket, reader, timezone.now())
        if link is not None:
            return reverse("portal:guest_ticket", args=[link.key])
    return reverse("portal:ticket", args=[ticket.ref])


def _side(delivery: Delivery, ticket: Ticket, reader: User) -> Side:
    if reader.pk == ticket.requester_id:
        return Side.ASKED
    if delivery.payload == WATCHER:
        return Side.WATCHES
    if may(Actor(reader, Channel.EMAIL), Right.WORK, ticket):
        return Side.WORKS
    # A delivery that was given up and starts again has lost its payload.
    return Side.WATCHES if watchers_of(ticket).filter(pk=reader.pk).exists() else Side.ASKED


def _is_mentioned(event: TicketEvent, reader: User) -> bool:
    return Mention.objects.filter(message=event.data["message_id"], user=reader).exists()


def _reads_in_desk(side: Side, reader: User, ticket: Ticket) -> bool:
    """Who asked reads it in the portal, also somebody of the desk; and so does who reads no notes of it."""
    return side is not Side.ASKED and may(Actor(reader, Channel.EMAIL), Right.READ_NOTES, ticket)


def _welcome(reader: User) -> str:
    if reader.has_usable_password():
        return ""
    return _("If you are here for the first time, choose “Forgot your password?” at the entrance to get in.")


def _is_for_another(event: TicketEvent) -> bool:
    """Whether somebody filed the ticket for who asks."""
    filed = event.kind == events.TicketCreated.kind and event.data["follows_id"] is None
    return bool(filed and event.actor_id != event.data["requester_id"])


def _is_first(delivery: Delivery, reader: User, side: Side) -> bool:
    """Whether this is the first that the reader hears of the desk, by somebody else's doing."""
    event = delivery.event
    by_another = side is Side.WATCHES or (event is not None and side is Side.ASKED and _is_for_another(event))
    return by_another and not Delivery.objects.filter(recipient=reader, sent_at__isnull=False).exists()


def _shows_words(event: TicketEvent) -> bool:
    """A reason to hold or to escalate is the desk's own; nobody is mailed its text."""
    return event.kind != events.StatusChanged.kind


def _lead(event: TicketEvent, side: Side) -> str:
    actor = str(event.actor or brand())
    of_status = event.kind == events.StatusChanged.kind
    leads = _STATUS_LEADS[event.data["to_status"]] if of_status else _LEADS[event.kind]
    task_id, other_id = event.data.get("sub_task_id"), event.data.get("other_id")
    task = SubTask.objects.filter(pk=task_id).first() if task_id else None
    other = Ticket.objects.filter(pk=other_id).first() if other_id else None
    metric, percent = event.data.get("metric"), event.data.get("percent", "")
    named = {
        "actor": actor,
        "title": task or "",
        "other": other.ref if other else "",
        "metric": Metric(metric).label if metric else "",
        "percent": percent,
    }
    words = leads[min(side, len(leads) - 1)]
    if side is Side.ASKED and _is_for_another(event):
        words = _FILED_FOR_YOU
    return _(words) % named


@prepared
def _caused_by(event: int) -> QuerySet[TicketEvent]:
    return TicketEvent.objects.filter(cause=event).order_by("seq")[:1]


def _after(event: TicketEvent, side: Side) -> str:
    """The change of status that came with a reply."""
    if event.kind != events.ReplyAdded.kind:
        return ""
    caused = next(iter(_caused_by(event.pk)), None)
    if caused is None:
        return ""
    status = Status.OPEN if caused.kind == events.Reopened.kind else caused.data.get("to_status", "")
    return _(_AFTER_REPLY[status, side]) if (status, side) in _AFTER_REPLY else ""
