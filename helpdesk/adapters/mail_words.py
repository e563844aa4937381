"""What a mail about a ticket says, for the reader's side of it."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from helpdesk.actors import Actor
from helpdesk.choices import Channel, Status
from helpdesk.domain import events
from helpdesk.models import Delivery, Message, Ticket, TicketEvent, User
from helpdesk.permissions import Right, may
from helpdesk.selectors.brand import brand

# For each kind the sentence for who asked and the one for who works on it. %(actor)s is who did it.
_LEADS: Final[dict[str, tuple[str, str]]] = {
    events.TicketCreated.kind: (
        gettext_noop("We have received your report and will answer here."),
        gettext_noop("%(actor)s filed this ticket."),
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
    ),
    events.Confirmed.kind: (
        gettext_noop("Thank you. Your ticket is closed."),
        gettext_noop("%(actor)s confirmed that it is solved. The ticket is closed."),
    ),
    events.Rejected.kind: (
        gettext_noop("%(actor)s said that it is still a problem. We go on."),
        gettext_noop("%(actor)s says that it is still a problem. The ticket is open again."),
    ),
    events.Reopened.kind: (
        gettext_noop("%(actor)s opened your ticket again."),
        gettext_noop("%(actor)s opened this ticket again."),
    ),
    events.Closed.kind: (
        gettext_noop("We have not heard from you since we solved this, so your ticket is closed now."),
        gettext_noop("The ticket closed by itself: the requester said nothing more."),
    ),
    events.FollowedUp.kind: (
        gettext_noop("Your answer started a new ticket."),
        gettext_noop("%(actor)s answered this closed ticket; that started a new one."),
    ),
}
# The same for the statuses that a mail of their own tells.
_STATUS_LEADS: Final[dict[str, tuple[str, str]]] = {
    Status.IN_PROGRESS: (gettext_noop("%(actor)s is working on it."), gettext_noop("%(actor)s is working on it.")),
    Status.ON_HOLD: (
        gettext_noop("Your ticket has to wait for somebody else; we go on as soon as we can."),
        gettext_noop("%(actor)s put this ticket on hold."),
    ),
}
_AFTER_REPLY: Final[dict[str, str]] = {
    Status.PENDING: gettext_noop("We need your answer to go on."),
    Status.OPEN: gettext_noop("The ticket is open again."),
}


@dataclass(frozen=True, slots=True)
class TicketMail:
    """One mail about one event: `lead` is what happened, `after` what follows from it, `message` somebody's words."""

    ticket: Ticket
    subject: str
    lead: str
    after: str
    message: Message | None
    path: str


def ticket_mail(delivery: Delivery, reader: User) -> TicketMail:
    """What to tell the reader about the delivery's event; call it in the reader's language."""
    ticket, event = delivery.ticket, delivery.event
    if ticket is None or event is None:
        raise ValueError("This delivery is not about a ticket's event.")
    works_on_it = reader != ticket.requester and may(Actor(reader, Channel.EMAIL), Right.WORK, ticket)
    message = None
    if (message_id := event.data.get("message_id")) and _shows_words(event):
        message = Message.objects.select_related("author").get(pk=message_id)
    return TicketMail(
        ticket=ticket,
        subject=f"[{ticket.ref}] {ticket.subject}",
        lead=_lead(event, works_on_it),
        after=_after(event, works_on_it),
        message=message,
        path=reverse("admin:ticket" if works_on_it else "portal:ticket", args=[ticket.ref]),
    )


def _shows_words(event: TicketEvent) -> bool:
    """A reason to hold or to escalate is the desk's own; nobody is mailed its text."""
    return event.kind != events.StatusChanged.kind


def _lead(event: TicketEvent, works_on_it: bool) -> str:
    actor = str(event.actor or brand())
    of_status = event.kind == events.StatusChanged.kind
    leads = _STATUS_LEADS[event.data["to_status"]] if of_status else _LEADS[event.kind]
    return _(leads[1 if works_on_it else 0]) % {"actor": actor}


def _after(event: TicketEvent, works_on_it: bool) -> str:
    """The change of status that came with a reply."""
    if event.kind != events.ReplyAdded.kind:
        return ""
    caused = TicketEvent.objects.filter(cause=event).order_by("seq").first()
    if caused is None:
        return ""
    status = Status.OPEN if caused.kind == events.Reopened.kind else caused.data.get("to_status", "")
    if works_on_it is (status == Status.PENDING):
        return ""
    return _(_AFTER_REPLY[status]) if status in _AFTER_REPLY else ""
