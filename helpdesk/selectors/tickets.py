"""Tickets as an actor may see them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from helpdesk.actors import Actor
from helpdesk.choices import Status, Visibility
from helpdesk.domain.references import parse_ref
from helpdesk.domain.words import MAX_SUBJECT, clean_line
from helpdesk.models import Message, Tag, Ticket, Watcher
from helpdesk.permissions import ANYBODY, Right, Scope, may, scope
from helpdesk.prepared import fill, prepared
from helpdesk.selectors.paging import collected

FIRST_WORDS: Final = 400
# So many tickets with some words are collected, rather than met on the way through a list in its order.
_MANY: Final = 20_000


def visible_to(actor: Actor, right: Right = Right.VIEW) -> QuerySet[Ticket]:
    """The tickets on which the actor holds the right, in no order. Every list and every object comes from here."""
    return Ticket.objects.filter(scope(actor, right).as_q())


def requested_by(actor: Actor) -> QuerySet[Ticket]:
    """What the portal lists: the tickets that the actor asked for, or an organisation that they manage."""
    # Who may say that a ticket is solved is on the side that asked for it.
    return visible_to(actor, Right.CONFIRM)


def followed_by(actor: Actor) -> QuerySet[Ticket]:
    """The tickets that the actor watches."""
    return visible_to(actor).filter(pk__in=_watched(actor).values("ticket"))


def concerning(actor: Actor) -> QuerySet[Ticket]:
    """What the portal searches: the tickets that the actor asked for, those of an organisation that they manage, and
    those that they watch. Collected along an index each, since they are few among many.
    """
    return gathered(actor.person_id, scope(actor, Right.VIEW))


def gathered(person: int, seen: Scope) -> QuerySet[Ticket]:
    """The same, of somebody who sees so much: by a token that only reads they see no less of it."""
    requested, *others = (Ticket.objects.filter(way).order_by().values("pk") for way in ways_to_ones_own(person, seen))
    return Ticket.objects.filter(pk__in=requested.union(*others, all=True))


def ways_to_ones_own(person: int, seen: Scope) -> list[Q]:
    """What leads to these, one condition for each index: some tickets fit several."""
    # What is private is not among those of an organisation, also for who belongs to its circle.
    private = seen.barred_ids | seen.category_ids
    asked = replace(
        seen,
        everywhere=False,
        queue_ids=frozenset(),
        category_ids=frozenset(),
        barred_ids=private,
        watcher_id=None,
    )
    ways = [replace(asked, organization_ids=frozenset()).as_q()]
    if asked.organization_ids:
        ways.append(replace(asked, requester_id=None).as_q())
    return [*ways, seen.as_q() & Q(pk__in=Watcher.objects.filter(user=person).values("ticket"))]


def _watched(actor: Actor) -> QuerySet[Watcher]:
    return Watcher.objects.filter(user=actor.person)


def matching(tickets: QuerySet[Ticket], text: str, *, with_words: bool) -> QuerySet[Ticket]:
    """Those of the tickets that `text` names by their reference, or that say it in their subject.

    `with_words` looks into all that was said to everybody too, which no index helps: for what one person asked for.
    """
    words = clean_line(text)[:MAX_SUBJECT]
    if not words:
        return tickets
    found = Q(subject__icontains=words)
    if (number := parse_ref(words)) is not None:
        found |= Q(number=number)
    if with_words:
        said = Message.objects.filter(ticket=OuterRef("pk"), visibility=Visibility.PUBLIC, body__icontains=words)
        found |= Q(Exists(said))
    return tickets.filter(found)


def sought(tickets: QuerySet[Ticket], words: Q) -> QuerySet[Ticket]:
    """Those of the tickets that the condition fits, for lists to collect them where they are not too many.

    PostgreSQL knows about how many tickets have some words, and neither how many of these somebody sees nor where they
    stand in an order: on the way along it, it may go through most tickets for one page.
    """
    (guess,) = json.loads(Ticket.objects.filter(words).order_by().values("pk").explain(format="json"))
    found = tickets.filter(words)
    return collected(found) if guess["Plan"]["Plan Rows"] <= _MANY else found


def unclosed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of the tickets that somebody still waits for, or has to confirm."""
    return tickets.exclude(status=Status.CLOSED)


def counted(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of the tickets that a number counts: a matter that was merged is counted where it goes on."""
    return tickets.filter(merged_into__isnull=True)


def merged_into(number: int) -> int | None:
    """The id of the ticket into which the one of this number was merged, whoever asks: it tells nobody more."""
    return Ticket.objects.filter(number=number, merged_into__isnull=False).values_list("merged_into", flat=True).first()


def follow_ups(actor: Actor, ticket: Ticket) -> QuerySet[Ticket]:
    """The references of the tickets that late answers to this one started, as far as the actor may see them."""
    return _following(actor.person_id, ticket.pk, held=scope(actor, Right.VIEW).of(ANYBODY))


@prepared
def _following(person: int, ticket: int, *, held: Scope) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(held.of(person).as_q(), follows=ticket)
    return rows.only("number", "subject").order_by("pk")


def followed(actor: Actor, ticket: Ticket) -> Ticket | None:
    """The ticket that this one goes on from, where the actor may see it."""
    before = ticket.follows
    return before if before is not None and may(actor, Right.VIEW, before) else None


def one_seen(actor: Actor, **one: int) -> Ticket | None:
    """The ticket of this number or id, with all that its page shows of its columns, if the actor may see it."""
    held = scope(actor, Right.VIEW).of(ANYBODY)
    ((by, value),) = one.items()
    return next(iter(_one_of(actor.person_id, value, by=by, held=held)), None)


@prepared
def _one_of(person: int, value: int, *, by: str, held: Scope) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(held.of(person).as_q(), **{by: value})
    rows = rows.select_related("requester", "organization", "assignee", "problem", "follows", "waits__partner")
    return with_relatives(rows)


def with_relatives(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The same with the numbers of the tickets that they go on from, and in which they go on."""
    return rows.annotate(follows_number=F("follows__number"), merged_number=F("merged_into__number"))


def with_tags(rows: Iterable[Ticket]) -> list[Ticket]:
    """The same with their tags: one query for all."""
    tickets = list(rows)
    tags: dict[int, list[Tag]] = {ticket.pk: [] for ticket in tickets}
    for one in _tags_on(list(tags)) if tags else ():
        tags[one.ticket_id].append(one.tag)
    for ticket in tickets:
        fill(ticket, "tags", tags[ticket.pk], Tag)
    return tickets


@prepared
def _tags_on(tickets: Sequence[int]) -> QuerySet[Any]:
    through = Ticket.tags.through.objects
    return through.filter(ticket__among=tickets).select_related("tag").order_by("tag__name", "tag")


def with_people(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The same with what a row of a list shows, in one query."""
    return tickets.select_related("requester", "organization", "queue", "tier", "assignee", "waits__partner")


def with_last_words(tickets: QuerySet[Ticket], *, with_notes: bool) -> QuerySet[Ticket]:
    """The same with `last_words`, how the newest message begins that the reader may see."""
    return tickets.annotate(last_words=newest_words(with_notes=with_notes))


def newest_words(*, with_notes: bool) -> Subquery:
    """How a ticket's newest message begins; the rest of it stays in the database."""
    messages = Message.objects.filter(ticket=OuterRef("pk"))
    if not with_notes:
        messages = messages.filter(visibility=Visibility.PUBLIC)
    newest = messages.order_by("-created_at", "-pk")
    return Subquery(newest.values(start=Left("body", FIRST_WORDS))[:1])
