"""Tickets that somebody chooses from by typing, for whoever works on one: those of its requester come first."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.domain.references import parse_ref
from helpdesk.domain.words import clean_line
from helpdesk.models import Ticket
from helpdesk.permissions import Right
from helpdesk.selectors.tickets import visible_to

_LIMIT: Final = 12
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class TicketSource:
    """Tickets whose notes the actor reads, found by their reference or words of their subject."""

    def suggest(self, actor: Actor, text: str, ticket: Ticket | None = None) -> list[Ticket]:
        """The latest that fit, the requester's own before others; without a word only the requester's."""
        text = clean_line(text)[:_LONGEST]
        rows = _rows(actor, ticket).select_related("requester")
        fits = _fitting(text) if text else Q()
        own = list(_latest(rows.filter(fits, requester=ticket.requester_id))) if ticket else []
        if len(own) >= _LIMIT or (ticket is not None and not text):
            return own
        others = rows.exclude(requester=ticket.requester_id) if ticket else rows
        return [*own, *_latest(others.filter(fits))[: _LIMIT - len(own)]]

    def find(self, actor: Actor, typed: str, ticket: Ticket | None = None) -> Ticket:
        """The one that is meant, by the reference that the text begins with. Raises ValueError with words."""
        words = clean_line(typed)[:_LONGEST].split()
        number = parse_ref(words[0]) if words else None
        if ticket is not None and number == ticket.number:
            raise ValueError(_("This is the same ticket. Choose another one."))
        found = _rows(actor, ticket).filter(number=number).first() if number is not None else None
        if found is None:
            raise ValueError(_("There is no ticket %(ref)s, or it is not yours to see.") % {"ref": " ".join(words)})
        return found

    @staticmethod
    def option(ticket: Ticket) -> dict[str, str]:
        """A suggestion: what is sent, what is read, and what tells it from others."""
        hint = f"{ticket.requester} · {Status(ticket.status).label}"
        return {"value": ticket.ref, "label": str(ticket), "hint": hint}


def _rows(actor: Actor, ticket: Ticket | None) -> QuerySet[Ticket]:
    rows = visible_to(actor, Right.READ_NOTES)
    return rows.exclude(pk=ticket.pk) if ticket is not None else rows


def _fitting(text: str) -> Q:
    words, number = Q(subject__icontains=text), parse_ref(text)
    return words if number is None else words | Q(number=number)


def _latest(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.order_by("-updated_at", "-pk")[:_LIMIT]
