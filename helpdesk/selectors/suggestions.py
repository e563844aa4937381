"""Rows that somebody chooses from by typing: a few that fit what was typed, of those that they may see.

Each kind of them is a `Source`; a field that suggests and the field's check ask the same one, so that nothing can be
chosen that is not offered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actors import Actor
from helpdesk.choices import ProblemState, Role
from helpdesk.domain.ids import id_in
from helpdesk.domain.references import PROBLEM, parse_ref
from helpdesk.domain.words import clean_line
from helpdesk.errors import Text
from helpdesk.models import (
    FieldValue,
    Organization,
    OrganizationMembership,
    Partner,
    Queue,
    StaffRole,
    Tag,
    Team,
    TeamMembership,
    Ticket,
    User,
)
from helpdesk.permissions import Right, holds, scope
from helpdesk.selectors import problems
from helpdesk.selectors.mentions import mentionable
from helpdesk.selectors.people import assignable_to, colleagues, people_here
from helpdesk.selectors.ticket_suggestions import TicketSource
from helpdesk.selectors.tickets import visible_to

LIMIT: Final = 20
_NAMED: Final = 3
_LONGEST: Final = 120

Rows = QuerySet[Any]


def _colleagues(actor: Actor, ticket: Ticket | None) -> Rows:
    """Who may be given the ticket; without one, who works the queues that the actor sees."""
    me = Q(pk=actor.person.pk)
    if ticket is not None:
        # Who may work everywhere is in no team, and takes tickets all the same.
        own = Q(pk=ticket.assignee_id) if ticket.assignee_id else Q(pk__in=())
        return User.objects.filter(Q(pk__in=assignable_to(ticket).order_by().values("pk")) | me | own)
    places = TeamMembership.objects.filter(is_active=True, team__is_active=True)
    seen = scope(actor, Right.VIEW).worked_queue_ids
    if seen is not None:
        places = places.filter(team__queues__in=sorted(seen))
    return colleagues().filter(Q(pk__in=places.values("user")) | me)


def people(actor: Actor, ticket: Ticket | None) -> Rows:
    """Whom somebody may name in an answer: everybody for who sees the people, the staff for the staff, and otherwise
    those of one's own organisations, or of the ticket's.
    """
    active = people_here()
    if holds(actor, Right.SEE_PEOPLE):
        return active
    places = OrganizationMembership.objects.filter(is_active=True, organization__is_active=True)
    own = places.filter(user=actor.person).values("organization")
    near = Q(organization=ticket.organization_id) if ticket and ticket.organization_id else Q(organization__in=own)
    known = Q(pk=actor.person.pk) | Q(pk__in=places.filter(near).values("user"))
    if ticket is not None:
        known |= Q(pk=ticket.requester_id)
    elif actor.person.is_staff:
        # For lists: whom an answer names already.
        named = FieldValue.objects.filter(person__isnull=False, ticket__in=visible_to(actor).order_by().values("pk"))
        known |= Q(pk__in=named.values("person"))
    if actor.person.is_staff:
        known |= Q(pk__in=_colleagues(actor, None).order_by().values("pk"))
    return active.filter(known)


def members(actor: Actor, _ticket: Ticket | None = None) -> Rows:
    """For whom somebody who manages an organisation may file: those who belong to it."""
    places = OrganizationMembership.objects.filter(
        is_active=True, organization__in=sorted(actor.standing.managed_organization_ids)
    )
    return people_here().filter(role=Role.REQUESTER, pk__in=places.values("user"))


def _askers(actor: Actor, _ticket: Ticket | None) -> Rows:
    """For whom the desk may file: everybody whose account is open."""
    everybody = people_here()
    return everybody if holds(actor, Right.FILE_FOR_OTHERS) else everybody.none()


def _accounts(actor: Actor, _ticket: Ticket | None) -> Rows:
    """Who asks for help, for those who see people's accounts."""
    asking = people_here().filter(role=Role.REQUESTER)
    return asking if holds(actor, Right.SEE_PEOPLE) else asking.none()


def _organizations(actor: Actor, _ticket: Ticket | None) -> Rows:
    """All of them for who sees the set-up, and otherwise those whose tickets the actor sees."""
    if holds(actor, Right.SEE_SETUP):
        return Organization.objects.all()
    seen = visible_to(actor).filter(organization=OuterRef("pk"))
    return Organization.objects.filter(Exists(seen))


def _requesters(actor: Actor, _ticket: Ticket | None) -> Rows:
    """Who asked for a ticket that the actor sees."""
    return User.objects.filter(Exists(visible_to(actor).filter(requester=OuterRef("pk"))))


def _teams(actor: Actor, _ticket: Ticket | None) -> Rows:
    """The teams that work the queues that the actor sees."""
    seen = scope(actor, Right.VIEW).worked_queue_ids
    teams = Team.objects.filter(is_active=True)
    if seen is None:
        return teams
    worked = Queue.objects.filter(pk__in=sorted(seen))
    return teams.filter(pk__in=worked.values("teams"))


def _tags(_actor: Actor, _ticket: Ticket | None) -> Rows:
    """Tags are words of the whole desk."""
    return Tag.objects.filter(is_active=True)


def _staff(actor: Actor, _ticket: Ticket | None) -> Rows:
    """Who works for the desk, for those who say in the set-up whom it tells what."""
    staff = colleagues()
    return staff if holds(actor, Right.CHANGE_SETUP) else staff.none()


def _roles(actor: Actor, _ticket: Ticket | None) -> Rows:
    """The steps of management, for the same."""
    roles = StaffRole.objects.filter(is_active=True)
    return roles if holds(actor, Right.CHANGE_SETUP) else roles.none()


def _partners(_actor: Actor, _ticket: Ticket | None) -> Rows:
    """Partners are known to the whole desk."""
    return Partner.objects.filter(is_active=True)


def _mentionable(_actor: Actor, ticket: Ticket | None) -> Rows:
    return mentionable(ticket) if ticket is not None else User.objects.none()


def _problems(actor: Actor, _ticket: Ticket | None) -> Rows:
    """Those under which something can be gathered."""
    return problems.visible_to(actor).exclude(state=ProblemState.CLOSED)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of rows. `none` is what to say of typed words that fit none of them.

    `column` names a row among people. Rows with references of a `prefix` are chosen by their number, all others by id.
    """

    rows: Callable[[Actor, Ticket | None], Rows]
    none: Text
    by_address: bool = False
    column: str = "name"
    prefix: str = ""

    def _like(self, text: str) -> Q:
        words = Q((f"{self.column}__icontains", text))
        return words | Q(email__istartswith=text) if self.by_address else words

    def option(self, row: Any) -> dict[str, str]:
        """A suggestion: what is sent, what is read, and what tells it from others."""
        return {
            "value": str(row.ref if self.prefix else row.pk),
            "label": str(row),
            "hint": row.email if isinstance(row, User) else "",
        }

    def _named(self, text: str) -> Q | None:
        """The row that the text names without its name."""
        if self.prefix:
            number = parse_ref(text, self.prefix)
            return None if number is None else Q(number=number)
        pk = id_in(text)
        return None if pk is None else Q(pk=pk)

    def suggest(self, actor: Actor, text: str, ticket: Ticket | None = None) -> list[Any]:
        """The first rows, by name, that fit what was typed; the first of all where nothing was."""
        text = clean_line(text)[:_LONGEST]
        rows = self.rows(actor, ticket)
        named = self._named(text) if self.prefix else None
        fits = self._like(text) if named is None else self._like(text) | named
        return list((rows.filter(fits) if text else rows).order_by(Lower(self.column), "pk")[:LIMIT])

    def find(self, actor: Actor, typed: str, ticket: Ticket | None = None) -> Any:
        """The one row that is meant: by its id, its name, or a part of its name that no other has.

        Raises ValueError with words for who typed it.
        """
        rows, text = self.rows(actor, ticket), clean_line(typed)[:_LONGEST]
        if (named := self._named(text)) is not None and (row := rows.filter(named).first()) is not None:
            return row
        whole = Q((f"{self.column}__iexact", text))
        if self.by_address:
            whole |= Q(email__iexact=text)
        for fits in (whole, self._like(text)):
            found = list(rows.filter(fits).order_by(Lower(self.column), "pk")[: _NAMED + 1])
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(_ambiguous(text, found))
        raise ValueError(self.none % {"text": text})


def _ambiguous(text: str, found: list[Model]) -> str:
    names = ", ".join(described(row) for row in found[:_NAMED])
    few, many = (
        _("“%(text)s” fits %(names)s. Write more of it."),
        _("“%(text)s” fits %(names)s and others. Write more."),
    )
    return (many if len(found) > _NAMED else few) % {"text": text, "names": names}


def described(row: Model) -> str:
    """A row's name; a person's with their address, which no other has."""
    return f"{row} ({row.email})" if isinstance(row, User) else str(row)


SOURCES: Final[dict[str, Source | TicketSource]] = {
    "assignee": Source(_colleagues, gettext_lazy("Nobody who works here is called “%(text)s”."), by_address=True),
    "person": Source(people, gettext_lazy("There is nobody “%(text)s” whom you can choose."), by_address=True),
    "account": Source(_accounts, gettext_lazy("Nobody who asks for help is called “%(text)s”."), by_address=True),
    "member": Source(members, gettext_lazy("Nobody in your organisation is called “%(text)s”."), by_address=True),
    "asker": Source(_askers, gettext_lazy("Nobody is called “%(text)s”."), by_address=True),
    "organization": Source(_organizations, gettext_lazy("There is no organisation “%(text)s”.")),
    "team": Source(_teams, gettext_lazy("There is no team “%(text)s”.")),
    "requester": Source(
        _requesters, gettext_lazy("Nobody called “%(text)s” asked for a ticket that you see."), by_address=True
    ),
    "problem": Source(
        _problems, gettext_lazy("There is no problem “%(text)s” that is not closed."), column="title", prefix=PROBLEM
    ),
    "tag": Source(_tags, gettext_lazy("There is no tag “%(text)s”.")),
    "ticket": TicketSource(),
    "mention": Source(_mentionable, gettext_lazy("Nobody who works here is called “%(text)s”."), by_address=True),
    "staff": Source(_staff, gettext_lazy("Nobody who works here is called “%(text)s”."), by_address=True),
    "role": Source(_roles, gettext_lazy("There is no role “%(text)s” in use.")),
    "partner": Source(_partners, gettext_lazy("There is no partner “%(text)s”. An administrator can add it.")),
}
