"""What a list of tickets can be narrowed to and ordered by: an allow-list, each value checked before it is used."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from helpdesk.actors import Actor
from helpdesk.api import parameters
from helpdesk.api.parameters import Choice, CommaList, ListParameters, Moment, Somebody, described
from helpdesk.api.problems import WrongParameter
from helpdesk.api.telling import TicketForm
from helpdesk.choices import Channel, Priority, Status
from helpdesk.domain.references import parse_ref
from helpdesk.models import Ticket
from helpdesk.selectors import api, catalogue
from helpdesk.selectors.narrowing import BREACHED, DUE, PAUSED, SOON, Narrowing, of_people, tagged
from helpdesk.selectors.tickets import sought

_CLOCKS: Final = (BREACHED, SOON, PAUSED, DUE)
# Narrowing and ordering by these leaves tickets out whose notes the caller does not read.
DESK_ONLY: Final = frozenset(
    {"priority", "queue", "kind", "tier", "assignee", "tag", "sla", "updated_after", "updated_before"}
)
DESK_ORDERS: Final = frozenset(api.ORDERS) - frozenset(api.PUBLIC_ORDERS)


class TicketParameters(TicketForm, ListParameters):
    """Which tickets, in which order. Several values of one parameter mean any of them."""

    q = serializers.CharField(
        required=False, max_length=200, help_text="A reference, or words of the subject.", trim_whitespace=True
    )
    status = parameters.choice(Status.choices)
    channel = parameters.choice(Channel.choices)
    category = parameters.words(help_text="Codes of categories.")
    requester = CommaList(Somebody(), required=False, help_text="Ids of people; `me`.")
    organization = parameters.numbers(help_text="Ids of organisations.")
    created_after = Moment(required=False, help_text="From this moment on.")
    created_before = Moment(required=False, help_text="Before this moment.")
    ordering = Choice(choices=sorted(api.ORDERS), required=False, default="-updated_at")
    # What the desk alone knows.
    priority = parameters.choice([(str(value), str(value)) for value in Priority.values])
    queue = parameters.words(help_text="Codes of queues.")
    kind = parameters.words(help_text="Codes of kinds.")
    tier = parameters.numbers(help_text="Levels of tiers.")
    assignee = CommaList(Somebody(), required=False, help_text="Ids of people; `me`; `none`.")
    tag = parameters.words(help_text="Names of tags.")
    sla = parameters.choice([(name, name) for name in _CLOCKS], help_text="How the clocks stand.")
    updated_after = Moment(required=False)
    updated_before = Moment(required=False)


# All but these make a list a part of all that the caller sees.
_FORM: Final = frozenset(one.name for kind in (TicketForm, ListParameters) for one in described(kind)) | {"ordering"}


def is_narrowed(asked: Mapping[str, Any]) -> bool:
    """Whether the list is only a part of all that the caller sees."""
    return not _FORM.issuperset(asked)


def asks_the_desk(asked: Mapping[str, Any]) -> bool:
    """Whether the list is narrowed or ordered by what the desk alone knows."""
    return bool(DESK_ONLY & set(asked)) or asked["ordering"] in DESK_ORDERS


def narrowed(tickets: QuerySet[Ticket], asked: Mapping[str, Any], actor: Actor) -> QuerySet[Ticket]:
    """Those of the tickets that fit all parameters. Raises a problem (400) for a code that nothing has.

    Who is not at the desk finds nothing by it then: they learn of no code whether there is such a row.
    """
    me, at_desk = actor.person_id, api.is_at_desk(actor)
    ways = Narrowing()
    ways.me, ways.own_queues, ways.now = me, frozenset(), timezone.now()
    for name in ("status", "channel", "priority", "created_after", "created_before", "updated_after", "updated_before"):
        if name in asked:
            tickets = tickets.filter(_plain(name, asked[name]))
    for name, rows in _ROWS.items():
        if name in asked:
            tickets = tickets.filter(**{f"{name}__in": _ids(name, rows(), asked[name], is_told=at_desk)})
    for name in ("requester", "assignee"):
        if name in asked:
            tickets = tickets.filter(of_people(name, asked[name], me))
    if "organization" in asked:
        tickets = tickets.filter(organization__in=asked["organization"])
    if "tag" in asked:
        tickets = tickets.filter(tagged(tag__name__in=asked["tag"]))
    if "sla" in asked:
        tickets = ways.by_clock(tickets, "sla", asked["sla"])
    return sought(tickets, _words(asked["q"])) if asked.get("q") else tickets


# Of what is kept of the set-up in each process: by which attribute the address names a row.
_ROWS: Final[Mapping[str, Any]] = {
    "queue": catalogue.queues,
    "category": catalogue.categories,
    "kind": catalogue.kinds,
    "tier": catalogue.tiers,
}


def _ids(name: str, rows: Any, wanted: list[Any], *, is_told: bool) -> list[int]:
    key = "level" if name == "tier" else "code"
    known = {getattr(row, key): row.pk for row in rows}
    missing = [one for one in wanted if one not in known]
    if missing and is_told:
        words = _("There is no “%(value)s”.") % {"value": missing[0]}
        raise WrongParameter((name, words))
    return sorted(known[one] for one in wanted if one in known)


def _plain(name: str, value: Any) -> Q:
    """A column in a list of codes, or a span of time."""
    if not isinstance(value, datetime):
        return Q(**{f"{name}__in": sorted(value)})
    column, _underscore, way = name.partition("_")
    return Q(**{f"{column}_at__{'gte' if way == 'after' else 'lt'}": value})


def _words(text: str) -> Q:
    number = parse_ref(text)
    fits = Q(subject__icontains=text)
    return fits if number is None else fits | Q(number=number)
