"""What the portal lists: whose tickets, in which state, and what we said last on each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import Status
from helpdesk.domain.lifecycle import SOLVED
from helpdesk.errors import Text
from helpdesk.keeping import kept
from helpdesk.models import Message, Organization, Ticket, Watcher
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import prepared
from helpdesk.selectors import paging
from helpdesk.selectors.clocks import answers_due
from helpdesk.selectors.conversation import from_desk, public
from helpdesk.selectors.tickets import (
    FIRST_WORDS,
    concerning,
    followed_by,
    requested_by,
    with_last_words,
)

WAITING: Final = "waiting"
MINE: Final = ""
FOLLOWED: Final = "followed"
EVERYTHING: Final = "all"
# Counted no further: beyond it the number tells nobody more.
MOST_COUNTED: Final = 99

# Whose turn is the requester's: a question of ours, or a solution to be confirmed.
_THEIR_TURN: Final = Q(status__in=(Status.PENDING, Status.RESOLVED))


@dataclass(frozen=True, slots=True)
class State:
    """Some of one's tickets, by where they stand."""

    name: str
    label: Text
    condition: Q


STATES: Final = {
    state.name: state
    for state in (
        State("", _("All"), Q()),
        State("open", _("Open"), ~Q(status=Status.CLOSED)),
        State(WAITING, _("Waiting for your answer"), _THEIR_TURN),
        State("solved", _("Solved"), Q(status__in=sorted(SOLVED))),
    )
}


@dataclass(frozen=True, slots=True)
class Whose:
    """A set of tickets to look at: one's own, those that one follows, an organisation's, or all of these."""

    name: str
    label: Text
    tickets: QuerySet[Ticket]
    # Whether it is small enough to look into what was said; no index helps there.
    is_small: bool
    # The same in parts, each with an index of its own.
    parts: tuple[QuerySet[Ticket], ...] = ()


def choices_of(actor: Actor) -> list[Whose]:
    """What the reader can choose from, their own first. A person who manages nothing and follows nothing has no choice.

    Two queries for who manages an organisation, one for everybody else.
    """
    own = requested_by(actor).filter(requester=actor.person)
    followed = followed_by(actor)
    managed = _managed(actor)
    found = [Whose(MINE, _("Mine"), own, is_small=True)]
    if list(_one_followed(actor.person_id, held=scope(actor, Right.VIEW).of(ANYBODY))):
        found.append(Whose(FOLLOWED, _("I follow"), followed, is_small=True))
    found += [Whose(str(one.pk), one.name, _of(actor, one), is_small=False) for one in managed]
    if len(found) > 1:
        parts = tuple(one.tickets for one in found)
        found.append(Whose(EVERYTHING, _("All of these"), concerning(actor), is_small=not managed, parts=parts))
    return found


@prepared
def _one_followed(person: int, *, held: Scope) -> QuerySet[Ticket, Any]:
    watched = Watcher.objects.filter(user=person).values("ticket")
    return Ticket.objects.filter(held.of(person).as_q(), pk__in=watched).values_list("pk")[:1]


def _managed(actor: Actor) -> Sequence[Organization]:
    ids = actor.standing.managed_organization_ids
    return kept(("managed", ids), lambda: list(Organization.objects.filter(pk__in=ids))) if ids else []


def _of(actor: Actor, organization: Organization) -> QuerySet[Ticket]:
    """What the organisation's people asked, by that part alone of what the actor may see: an index leads there."""
    held = scope(actor, Right.CONFIRM)
    part = replace(held, queue_ids=frozenset(), requester_id=None, watcher_id=None)
    return Ticket.objects.filter(part.as_q(), organization=organization)


def waiting_for(actor: Actor) -> int:
    """How many of their own tickets wait for the reader, counted up to `MOST_COUNTED` and one more."""
    return len(_own_waiting(actor.person_id, held=scope(actor, Right.CONFIRM).of(ANYBODY)))


@prepared
def _own_waiting(person: int, *, held: Scope) -> QuerySet[Ticket, Any]:
    return _own(person, held, WAITING).values_list("pk")[: MOST_COUNTED + 1]


def _own(person: int, held: Scope, state: str) -> QuerySet[Ticket]:
    return Ticket.objects.filter(held.of(person).as_q(), STATES[state].condition, requester=person)


def own_page(actor: Actor, state: State, order: paging.Order) -> paging.Page[Ticket]:
    """The first page of what the reader asked for themselves, by queries that are built once."""
    found = paging.dressed(own_keys(actor, state, order, paging.PAGE_SIZE + 1), rows)
    return paging.cut(found, order, paging.PAGE_SIZE, is_on=False)


def own_keys(actor: Actor, state: State, order: paging.Order, size: int) -> QuerySet[Ticket, Any]:
    """What orders the first of these tickets; the last of each row is the id."""
    held = scope(actor, Right.CONFIRM).of(ANYBODY)
    return _own_keys(actor.person_id, held=held, state=state.name, order=order.name, size=size)


@prepared
def _own_keys(person: int, *, held: Scope, state: str, order: str, size: int) -> QuerySet[Ticket, Any]:
    return paging.PORTAL_ORDERS[order].keys_of((_own(person, held, state),), size)


def for_home(actor: Actor, size: int) -> list[Ticket]:
    """The reader's own tickets that are not closed: those that wait for them first, then the latest news."""
    mine = requested_by(actor).filter(STATES["open"].condition, requester=actor.person)
    turn = Case(When(_THEIR_TURN, then=Value(0)), default=Value(1))
    return list(shown(mine).order_by(turn, "-public_at", "-pk")[:size])


def rows(ids: Sequence[int]) -> QuerySet[Ticket]:
    """These tickets with what a row shows, see `shown`."""
    return _rows(ids)


@prepared
def _rows(ids: Sequence[int]) -> QuerySet[Ticket]:
    return shown(Ticket.objects.filter(pk__among=ids))


def shown(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The same with what a row shows: people, how the newest words begin, and `answer_id`, our newest message."""
    ours = public(Message.objects.filter(ticket=OuterRef("pk"))).filter(from_desk())
    newest = ours.order_by("-created_at", "-pk").values("pk")[:1]
    asked = tickets.select_related("requester", "organization")
    return with_last_words(asked, with_notes=False).annotate(answer_id=Subquery(newest))


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of a list, our newest message on it, with `start`, how that begins, and when our next one is due."""

    ticket: Ticket
    answer: Message | None
    due: datetime | None


def with_answers(tickets: Sequence[Ticket]) -> list[Row]:
    """These tickets as rows: one query for all that we said, and one for what we promised."""
    ids = [pk for ticket in tickets if (pk := getattr(ticket, "answer_id", None)) is not None]
    answers = {message.ticket_id: message for message in _starts(ids)} if ids else {}
    dues = answers_due(tickets)
    return [Row(ticket, answers.get(ticket.pk), dues.get(ticket.pk)) for ticket in tickets]


@prepared
def _starts(messages: Sequence[int]) -> QuerySet[Message]:
    said = Message.objects.filter(pk__among=messages).select_related("author__merged_into")
    return said.annotate(start=Left("body", FIRST_WORDS)).defer("body")
