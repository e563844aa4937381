"""The only way by which an interface gets an object: what may not be seen is not there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.actions.oversight import note_opening
from helpdesk.actors import Actor
from helpdesk.choices import Channel
from helpdesk.domain.references import PROBLEM, parse_ref
from helpdesk.models import (
    ApiToken,
    Attachment,
    Delivery,
    GuestLink,
    Integration,
    Message,
    PersonMerge,
    Problem,
    SLACycle,
    SubTask,
    Ticket,
    TicketMerge,
    User,
    Webhook,
)
from helpdesk.permissions import Right, holds, may, oversees
from helpdesk.selectors import catalogue, conversation, problems, tickets, webhooks
from helpdesk.selectors.guests import link_of
from helpdesk.selectors.tokens import integration_of, token_of


def get_ticket(actor: Actor, ref: str, right: Right = Right.VIEW, *, opens: bool = True) -> Ticket:
    """The ticket of this reference. Http404 when it may not be seen, PermissionDenied when the right is barred.

    It goes on record when an auditor opens a private ticket; a page that merely asks whether there is news opens none.
    """
    ticket = _seen(actor, number=parse_ref(ref))
    if ticket is None:
        raise _not_there(ref)
    if right is not Right.VIEW and not may(actor, right, ticket):
        raise PermissionDenied(_("You may see this ticket, but not do this with it."))
    if opens and oversees(actor, ticket):
        note_opening(ticket=ticket, by=actor, now=timezone.now())
    return ticket


def open_ticket(actor: Actor, ref: str, *, opens: bool = True) -> Ticket:
    """The ticket that a page of this reference shows: where it was merged, the one in which it goes on.

    Who sees only one of the two gets that one; Http404 for who sees neither. `opens` is as in `get_ticket`.
    """
    number = parse_ref(ref)
    here = _seen(actor, number=number)
    found = here
    if here is None or here.merged_into_id is not None:
        target = here.merged_into_id if here else tickets.merged_into(number or 0)
        found = (_seen(actor, pk=target) if target is not None else None) or here
    if found is None:
        raise _not_there(ref)
    if opens and oversees(actor, found):
        note_opening(ticket=found, by=actor, now=timezone.now())
    return found


def _seen(actor: Actor, **one: int | None) -> Ticket | None:
    """The one ticket, under its rows of the set-up, if the actor may see it."""
    told = {name: value for name, value in one.items() if value is not None}
    found = tickets.one_seen(actor, **told) if told else None
    return None if found is None else catalogue.placed(found)


def _not_there(ref: str) -> Http404:
    return Http404(_("There is no ticket %(ref)s, or it is not yours to see.") % {"ref": ref})


def get_attachment(actor: Actor, key: UUID) -> Attachment:
    """The attachment of this key. Http404 unless the actor may read the message that it is on."""
    files = conversation.attachments_visible_to(actor).select_related("blob__thumbnail__small", "message__ticket")
    found = files.filter(pk=key).first()
    if found is None:
        raise Http404(_("There is no such file, or it is not yours to see."))
    if oversees(actor, found.message.ticket):
        note_opening(ticket=found.message.ticket, by=actor, now=timezone.now())
    return found


def get_sub_task(ticket: Ticket, pk: int) -> SubTask:
    """The sub-task of a ticket that its reader came to by `get_ticket`. Http404 where it is another ticket's."""
    found = SubTask.objects.select_related("ticket").filter(ticket=ticket, pk=pk).first()
    if found is None:
        raise Http404(_("There is no such sub-task on this ticket."))
    return found


def get_cycle(ticket: Ticket, pk: int) -> SLACycle:
    """The clock of a ticket that its reader came to by `get_ticket`. Http404 where it is another ticket's."""
    found = SLACycle.objects.filter(ticket=ticket, pk=pk).first()
    if found is None:
        raise Http404(_("There is no such clock on this ticket."))
    return found


def get_person(actor: Actor, pk: int, right: Right = Right.SEE_PEOPLE) -> User:
    """The account of this id. Http404 for who may not see accounts, PermissionDenied where the right is barred."""
    person = User.objects.select_related("merged_into").filter(pk=pk, is_integration=False).first()
    if person is None or not holds(actor, Right.SEE_PEOPLE):
        raise Http404(_("There is no such person, or they are not yours to see."))
    require(actor, right)
    return person


def get_integration(actor: Actor, pk: int, right: Right = Right.SEE_PEOPLE) -> Integration:
    """The integration of this id. Http404 for who may not see accounts, PermissionDenied where the right is barred."""
    found = integration_of(actor, pk)
    if found is None:
        raise Http404(_("There is no such integration, or it is not yours to see."))
    require(actor, right)
    return found


def get_token(actor: Actor, pk: int, right: Right) -> ApiToken:
    """Anybody's token of this id, in the same way."""
    found = token_of(actor, pk)
    if found is None or not holds(actor, Right.SEE_PEOPLE):
        raise Http404(_("There is no such token."))
    require(actor, right)
    return found


def get_merge(actor: Actor, pk: int) -> PersonMerge:
    """The merge of this id, for who may take it back."""
    found = PersonMerge.objects.select_related("source", "target").filter(pk=pk).first()
    if found is None or not holds(actor, Right.SEE_PEOPLE):
        raise Http404(_("There is no such merge, or it is not yours to see."))
    require(actor, Right.CHANGE_PEOPLE)
    return found


def get_webhook(actor: Actor, pk: int) -> Webhook:
    """The webhook of this id, for who changes the set-up."""
    require(actor, Right.CHANGE_SETUP)
    found = webhooks.webhook_of(actor, pk)
    if found is None:
        raise Http404(_("There is no such webhook, or it is not yours to see."))
    return found


def get_delivery(actor: Actor, webhook: Webhook, pk: int) -> Delivery:
    """One of the webhook's deliveries."""
    found = webhooks.delivery_of(actor, webhook, pk)
    if found is None:
        raise Http404(_("There is no such delivery."))
    return found


def get_ticket_merge(ticket: Ticket, pk: int) -> TicketMerge:
    """What was merged into a ticket that its reader came to by `get_ticket`. Http404 where that was another one."""
    found = TicketMerge.objects.filter(target=ticket, pk=pk).first()
    if found is None:
        raise Http404(_("There is no such merge of this ticket."))
    return found


@dataclass(frozen=True, slots=True)
class Guest:
    """Who came by a mailed link: as an actor, with the link and its ticket."""

    actor: Actor
    link: GuestLink
    ticket: Ticket


def get_guest(key: UUID, now: datetime, request_id: str) -> Guest | None:
    """Who comes by the link of this key; None where it leads nowhere, whatever the reason."""
    link = link_of(key, now)
    if link is None:
        return None
    actor = Actor(link.user.present, Channel.PORTAL, request_id, guest_ticket_id=link.ticket_id)
    try:
        return Guest(actor, link, get_ticket(actor, link.ticket.ref))
    except Http404:
        return None


def get_problem(actor: Actor, ref: str, right: Right | None = None) -> Problem:
    """The problem of this reference. Http404 when it may not be seen, PermissionDenied when the right is barred."""
    number = parse_ref(ref, PROBLEM)
    rows = problems.visible_to(actor).select_related("owner", "category")
    problem = rows.filter(number=number).first() if number is not None else None
    if problem is None:
        raise Http404(_("There is no problem %(ref)s, or it is not yours to see.") % {"ref": ref})
    if right is not None:
        require(actor, right)
    return problem


def get_message(actor: Actor, ticket: Ticket, pk: int, *, in_portal: bool = False) -> Message:
    """A message of a ticket that its reader came to by `get_ticket`; the portal has the public ones alone."""
    rows = conversation.public_messages(ticket) if in_portal else conversation.messages(actor, ticket)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such message on this ticket, or it is not yours to see."))
    return found


def get_own_message(actor: Actor, ticket: Ticket, pk: int, *, in_portal: bool = False) -> Message:
    """The same for who wrote it; PermissionDenied for everybody else."""
    found = get_message(actor, ticket, pk, in_portal=in_portal)
    if found.author_id != actor.person.pk:
        raise PermissionDenied(_("Only who wrote a message can change it."))
    return found


def require(actor: Actor, right: Right) -> None:
    """PermissionDenied unless the actor holds this right of the whole desk."""
    if not holds(actor, right):
        raise PermissionDenied(_("You may not do this."))
