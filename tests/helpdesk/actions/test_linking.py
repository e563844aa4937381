"""How tickets stand to each other: told on both, no circles, each reader's sight respected, also two at once."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest

from helpdesk.actions.linking import link, unlink
from helpdesk.actors import Actor
from helpdesk.choices import Channel, Relation
from helpdesk.errors import Code, DomainError
from helpdesk.models import Ticket, TicketEvent, TicketLink
from helpdesk.selectors.links import links_of
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.helpdesk.actions.desk import LATER, Desk
from tests.together import together

pytestmark = pytest.mark.django_db


def more(d: Desk, count: int) -> list[Ticket]:
    return [make_ticket(d.requester, d.queue) for _n in range(count)]


def join(d: Desk, ticket: Ticket, relation: Relation, other: Ticket, by: Actor | None = None) -> Ticket:
    return link(ticket=ticket, other=other, relation=relation, by=by or d.desk(), now=LATER)


def shown(by: Actor, ticket: Ticket) -> dict[str, list[str]]:
    return {group.relation.value: [one.ref for one in group.tickets] for group in links_of(by, ticket)}


@pytest.mark.parametrize(
    ("relation", "back"),
    [
        (Relation.BLOCKS, "blocked_by"),
        (Relation.BLOCKED_BY, "blocks"),
        (Relation.PARENT_OF, "child_of"),
        (Relation.DUPLICATES, "duplicated_by"),
        (Relation.RELATES, "relates"),
    ],
)
def test_link_is_seen_from_both_sides_and_taken_away(d: Desk, relation: Relation, back: str) -> None:
    [other] = more(d, 1)
    join(d, d.ticket, relation, other)
    assert shown(d.desk(), d.ticket) == {relation.value: [other.ref]}
    assert shown(d.desk(), other) == {back: [d.ticket.ref]}
    unlink(ticket=other, other=d.ticket, relation=Relation(back), by=d.desk(), now=LATER)
    assert shown(d.desk(), d.ticket) == shown(d.desk(), other) == {}
    for ticket in (d.ticket, other):
        kinds = TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("kind", flat=True)
        assert list(kinds)[1:] == ["linked", "unlinked"]


def test_link_that_is_there_already_is_told_once(d: Desk) -> None:
    [other] = more(d, 1)
    join(d, d.ticket, Relation.RELATES, other)
    join(d, other, Relation.RELATES, d.ticket)
    unlink(ticket=d.ticket, other=other, relation=Relation.BLOCKS, by=d.desk(), now=LATER)
    assert TicketLink.objects.count() == 1
    assert d.record() == ["ticket_created", "linked"]


@pytest.mark.parametrize("relation", [Relation.BLOCKS, Relation.PARENT_OF, Relation.DUPLICATES])
def test_circles_are_refused_however_long(d: Desk, relation: Relation) -> None:
    chain = [d.ticket, *more(d, 3)]
    for one, next_one in pairwise(chain):
        join(d, one, relation, next_one)
    for end in chain[1:]:
        with pytest.raises(DomainError) as refused:
            join(d, end, relation, chain[0])
        assert refused.value.field == "other"
    # The other way round it closes nothing; a part of two it would be.
    if relation is not Relation.PARENT_OF:
        join(d, chain[0], relation, chain[3])


def test_ticket_is_a_part_of_one_other(d: Desk) -> None:
    one, two = more(d, 2)
    join(d, d.ticket, Relation.CHILD_OF, one)
    with pytest.raises(DomainError, match="another parent already"):
        join(d, d.ticket, Relation.CHILD_OF, two)


def test_ticket_is_not_linked_with_itself(d: Desk) -> None:
    with pytest.raises(DomainError, match="same ticket"):
        join(d, d.ticket, Relation.RELATES, d.ticket)


def test_only_who_works_on_one_and_reads_the_other_links_them(d: Desk) -> None:
    elsewhere = make_ticket(queue=QueueFactory.create(teams=[TeamFactory.create()]))
    [other] = more(d, 1)
    for by, far in ((d.desk(), elsewhere), (d.me(), other)):
        with pytest.raises(DomainError) as refused:
            join(d, d.ticket, Relation.RELATES, far, by)
        assert refused.value.code is Code.FORBIDDEN


def test_of_a_ticket_out_of_sight_only_that_there_is_one_is_told(d: Desk) -> None:
    team = TeamFactory.create()
    elsewhere = make_ticket(queue=QueueFactory.create(teams=[team]), subject="A secret matter")
    both = actor(make_agent(team, d.teams[0]), Channel.DESK)
    join(d, d.ticket, Relation.BLOCKED_BY, elsewhere, both)
    [group] = links_of(d.desk(), d.ticket)
    assert (group.tickets, group.hidden) == ([], 1)
    [group] = links_of(both, d.ticket)
    assert (group.tickets, group.hidden) == ([elsewhere], 0)


def test_watching_the_other_shows_it(d: Desk) -> None:
    # Whom nothing but watching helps sees it too: what a link shows is what can be opened.
    team = TeamFactory.create()
    mine = make_agent(d.teams[0])
    elsewhere = make_ticket(mine, QueueFactory.create(teams=[team]))
    join(d, d.ticket, Relation.RELATES, elsewhere, actor(make_agent(team, d.teams[0]), Channel.DESK))
    assert shown(actor(mine), d.ticket) == {"relates": [elsewhere.ref]}
    assert shown(actor(UserFactory.create()), d.ticket) == {"relates": []}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [3, pytest.param(300, marks=pytest.mark.long)])
def test_circle_of_four_is_not_closed_by_two_who_share_no_ticket(rounds: int) -> None:
    d = Desk()
    by: Callable[[], Actor] = d.desk
    for _round in range(rounds):
        a, b, c, e = more(d, 4)
        join(d, b, Relation.BLOCKS, c)
        join(d, e, Relation.BLOCKS, a)
        results = together(
            partial(link, ticket=a, other=b, relation=Relation.BLOCKS, by=by(), now=NOW),
            partial(link, ticket=c, other=e, relation=Relation.BLOCKS, by=by(), now=NOW),
            partial(link, ticket=e, other=c, relation=Relation.BLOCKED_BY, by=by(), now=NOW),
        )
        kinds = {type(result) for result in results}
        assert kinds == {DomainError, Ticket}, results
        assert TicketLink.objects.filter(source__in=(a, b, c, e)).count() == 3
