"""Colleagues who are mentioned in notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from helpdesk.actors import Actor
from helpdesk.choices import Channel, Role
from helpdesk.domain.mentions import meant, spoken
from helpdesk.models import Mention, TeamMembership, Ticket, User
from helpdesk.permissions import ANYBODY, RIGHTS, Reach, Right, Scope, may, scope
from helpdesk.prepared import prepared
from helpdesk.selectors.people import colleagues, works_it
from helpdesk.selectors.privacy import is_private

_EVERYWHERE: Final = sorted(
    hat.value for hat, reach in RIGHTS[Right.READ_NOTES].items() if reach is Reach.ALL and hat.value in Role.values
)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a text names: those who may read the ticket's notes, and those who may not."""

    readers: Sequence[User]
    others: Sequence[User]


def named(text: str, ticket: Ticket) -> Named:
    """The colleagues whom the text names by their whole name, or by what stands before the @ of their address."""
    mentions = spoken(text)
    if not mentions:
        return Named([], [])
    phrases = {phrase for one in mentions for phrase in one}
    handles = {phrase for phrase in phrases if " " not in phrase}
    by_address = Q(pk__in=())
    for handle in sorted(handles):
        by_address |= Q(email__istartswith=f"{handle}@")
    staff = colleagues().order_by("pk")
    people = {user.pk: user for user in staff.alias(lower=Lower("name")).filter(Q(lower__in=phrases) | by_address)}
    known: dict[str, list[int]] = {}
    for user in people.values():
        for name in {user.name.lower(), user.email.lower().partition("@")[0]}:
            known.setdefault(name, []).append(user.pk)
    found = [people[pk] for pk in meant(mentions, known)]
    readers = [user for user in found if may(Actor(user, Channel.DESK), Right.READ_NOTES, ticket)]
    # Of two of one name the one is meant who can read it.
    names = {user.name.lower() for user in readers}
    return Named(readers, [user for user in found if user not in readers and user.name.lower() not in names])


def mentionable(ticket: Ticket) -> QuerySet[User]:
    """Who is suggested: those who work the ticket and, unless it is private, those who read all."""
    places = TeamMembership.objects.filter(works_it(ticket), is_active=True, team__is_active=True)
    can = Q(pk__in=places.values("user"))
    if not is_private(ticket):
        can |= Q(role__in=_EVERYWHERE)
    return colleagues().filter(can)


def unseen(actor: Actor, most: int) -> QuerySet[Mention]:
    """Where the actor is mentioned and was not since, the latest first, on tickets whose notes they may still read."""
    return _unseen(actor.person_id, held=scope(actor, Right.READ_NOTES).of(ANYBODY), most=most)


@prepared
def _unseen(person: int, *, held: Scope, most: int) -> QuerySet[Mention]:
    readable = Ticket.objects.filter(held.of(person).as_q())
    mine = Mention.objects.filter(user=person, seen_at__isnull=True, message__ticket__in=readable)
    return mine.select_related("message__ticket", "message__author").order_by("-pk")[:most]
