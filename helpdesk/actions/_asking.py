"""For whom a ticket is filed: oneself, somebody for whom one may file, or somebody by their address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _people
from helpdesk.actors import Actor
from helpdesk.choices import Role
from helpdesk.domain.events import TicketCreated
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError, Text
from helpdesk.models import Organization, TicketEvent, User
from helpdesk.permissions import Right, holds
from helpdesk.selectors import people

# What somebody who manages an organisation may file for others within a day.
MAX_A_DAY: Final = 50
_NOT_YOURS: Final = _(
    "You can file for the members of the organisation that you manage, and for addresses of its mail domains."
)
_CLOSED: Final = _("This person's account is closed.")
_FIELD: Final = "requester"


@dataclass(frozen=True, slots=True)
class ByAddress:
    """Somebody by their address; the name is for who is new."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ById:
    """Somebody by their id. Whether there is such a person hears nobody who may not file for anybody."""

    pk: int


Whom = User | ByAddress | ById


def asking_for(
    by: Actor, whom: Whom | None, now: datetime, organization: Organization | None = None
) -> tuple[User, Organization | None]:
    """Inside an action: who asks, and the organisation where it is not simply theirs.

    Whoever manages an organisation files within it; its ticket they see, and nothing else of the person. Who files for
    anybody may name one of those that the person belongs to.
    """
    if organization is not None:
        return _of_theirs(by, whom, now, organization)
    if whom is None or whom in {by.user, ById(by.person_id)}:
        return by.person, None
    if holds(by, Right.FILE_FOR_OTHERS):
        return _anybody(by, whom, now), None
    if holds(by, Right.FILE_FOR_COLLEAGUES):
        return _colleague(by, whom, now)
    raise DomainError(_("You may file tickets for yourself only."), Code.FORBIDDEN, field=_FIELD)


def _of_theirs(by: Actor, whom: Whom | None, now: datetime, organization: Organization) -> tuple[User, Organization]:
    if not holds(by, Right.FILE_FOR_OTHERS):
        raise DomainError(_("You may file tickets for yourself only."), Code.FORBIDDEN, field="organization")
    person = by.person if whom is None else _anybody(by, whom, now)
    place = people.places_of(person).filter(pk=organization.pk).first()
    if place is None:
        raise DomainError(_people.NOT_THEIRS % {"name": person}, Code.STALE, field="organization")
    return person, place


def _anybody(by: Actor, whom: Whom, now: datetime) -> User:
    if isinstance(whom, ByAddress):
        person = _found_or_added(by, whom, now)
    else:
        person = _somebody(by, whom, _("There is no such person."))
    if not person.is_active:
        raise DomainError(_CLOSED, Code.WRONG, field=_FIELD)
    return person


def _colleague(by: Actor, whom: Whom, now: datetime) -> tuple[User, Organization | None]:
    _refuse_too_many_a_day(by, now)
    if not isinstance(whom, ByAddress):
        person = _somebody(by, whom, _NOT_YOURS)
        return person, _place(by, person, "")
    known = people.known_by(_people.clean_address(whom.email, _FIELD))
    if known is not None and known == by.user:
        return by.person, None
    place = _place(by, known, whom.email)
    return _found_or_added(by, whom, now), place


def _place(by: Actor, known: User | None, address: str) -> Organization:
    """In which of the organisations that they manage. The same words for all who are none of theirs, whether or not
    the desk knows them.
    """
    place = people.place_among_managed(by, known, address)
    if place is None:
        raise DomainError(_NOT_YOURS, Code.WRONG, field=_FIELD)
    if known is not None and not (known.is_active and known.role == Role.REQUESTER):
        raise DomainError(_people.NOT_THIS_ADDRESS, Code.WRONG, field=_FIELD)
    return place


def _somebody(by: Actor, whom: User | ById, words: Text) -> User:
    """The person; refused with these words where there is none of this id, or another system."""
    if isinstance(whom, User):
        return whom
    found = people.person_of(whom.pk)
    if found is None or (found.is_integration and found != by.user):
        raise DomainError(words, Code.WRONG, field=_FIELD)
    return found


def _found_or_added(by: Actor, whom: ByAddress, now: datetime) -> User:
    address = _people.clean_address(whom.email, _FIELD)
    me = by.person
    name = _people.clean_name(whom.name) if clean_line(whom.name) else ""
    new = User(name=name, email=address, role=Role.REQUESTER, language=me.language, time_zone=me.time_zone)
    return _people.found_or_added(new, by=by, now=now)


def _refuse_too_many_a_day(by: Actor, now: datetime) -> None:
    """Let nobody have the desk write to others without end. Two requests of one person wait for each other here."""
    me = User.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    lately = TicketEvent.objects.filter(actor=me, kind=TicketCreated.kind, effective_at__gt=now - timedelta(days=1))
    if lately.exclude(data__requester_id=me.pk).count() >= MAX_A_DAY:
        raise DomainError(
            _("You filed %(count)d tickets for others today. File the next ones tomorrow, or ask us to do it.")
            % {"count": MAX_A_DAY},
            Code.WRONG,
            field=_FIELD,
        )
