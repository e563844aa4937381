"""What rows of lists show beside the tickets themselves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from helpdesk.actions import conversation, watching
from helpdesk.choices import Channel
from helpdesk.models import Ticket
from helpdesk.selectors import paging, tickets
from helpdesk.selectors.conversation import public_messages
from helpdesk.selectors.my_tickets import choices_of
from tests.factories import NOW, QueueFactory, TeamFactory, UserFactory, actor, make_agent, make_ticket
from tests.world import make_world


@pytest.mark.django_db
def test_last_words_are_those_that_the_reader_may_see() -> None:
    team = TeamFactory.create()
    ticket = make_ticket(queue=QueueFactory.create(teams=[team]))
    conversation.add_note(ticket=ticket, body="Secret.", by=actor(make_agent(team), Channel.DESK), now=NOW)
    rows = Ticket.objects.all()
    assert tickets.with_last_words(rows, with_notes=True).get().last_words == "Secret."
    assert tickets.with_last_words(rows, with_notes=False).get().last_words == "It smokes since nine."


@pytest.mark.django_db
def test_last_words_are_no_more_than_a_row_shows() -> None:
    make_ticket(body="long " * 10_000)
    assert len(tickets.with_last_words(Ticket.objects.all(), with_notes=False).get().last_words) == 400


def plan(rows: QuerySet[Ticket]) -> str:
    """How PostgreSQL finds the rows where it avoids to read whole tables, as it does once they are large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.django_db
def test_search_finds_references_and_words_of_the_subject_whatever_their_case() -> None:
    one, two = make_ticket(subject="Printer 100 % dead"), make_ticket(subject="The scanner")
    every = Ticket.objects.all()
    for text, found in (
        ("PRINTER", {one}), (" 100 %  DEAD ", {one}), ("_rinter", set()), (two.ref.lower(), {two}),
        (str(two.number), {two}), ("smokes", set()), ("\x00", {one, two}), (" ", {one, two}),
    ):  # fmt: skip
        assert set(tickets.matching(every, text, with_words=False)) == found, text


@pytest.mark.django_db
def test_search_looks_into_public_words_only_and_where_it_is_told() -> None:
    team = TeamFactory.create()
    ticket = make_ticket(queue=QueueFactory.create(teams=[team]))
    conversation.add_note(ticket=ticket, body="Secret.", by=actor(make_agent(team), Channel.DESK), now=NOW)
    every = Ticket.objects.all()
    assert list(tickets.matching(every, "SMOKES", with_words=True)) == [ticket]
    assert not tickets.matching(every, "secret", with_words=True).exists()
    assert not tickets.matching(every, "smokes", with_words=False).exists()


@pytest.mark.django_db
def test_search_goes_along_the_index_of_words() -> None:
    assert "ticket_subject_words" in plan(tickets.matching(Ticket.objects.all(), "printer", with_words=False))


@pytest.mark.django_db
def test_portal_finds_what_concerns_somebody_along_indexes() -> None:
    ida, bob = UserFactory.create(), UserFactory.create()
    asked, watched, _other = make_ticket(bob), make_ticket(ida), make_ticket()
    watching.add_watcher(ticket=watched, email=bob.email, by=actor(ida), now=NOW)
    me = actor(bob)
    assert set(tickets.concerning(me)) == {asked, watched}
    assert list(tickets.followed_by(me)) == [watched]
    assert list(tickets.requested_by(me)) == [asked]
    everything = choices_of(me)[-1].tickets
    assert set(everything) == {asked, watched}
    for rows in (everything, tickets.concerning(me), tickets.followed_by(me), tickets.requested_by(me)):
        assert "Seq Scan on helpdesk_ticket" not in plan(rows)
        assert "Seq Scan on helpdesk_watcher" not in plan(rows)


@pytest.mark.django_db
def test_words_stand_in_the_order_of_the_record_whoever_had_to_wait_for_the_other() -> None:
    ticket = make_ticket()
    for words, moment in (("First.", timedelta(seconds=2)), ("Second.", timedelta(seconds=1))):
        conversation.reply(ticket=ticket, body=words, by=actor(ticket.requester), now=NOW + moment)
    said = [message.body for message in public_messages(ticket)]
    assert said == ["It smokes since nine.", "First.", "Second."]


@pytest.mark.django_db
@pytest.mark.parametrize("many", [20_000, -1])
def test_words_are_found_whichever_way_they_are_looked_up(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(tickets, "_MANY", many)
    world = make_world()
    other = make_ticket(world.people["owner"], world.queue, subject="The scanner hums")
    for name in ("owner", "agent", "manager"):
        seen = tickets.visible_to(actor(world.people[name]))
        for word in ("PRINTER", "scanner", "%", "it's"):
            words = Q(subject__icontains=word)
            for order in paging.DESK_ORDERS.values():
                found = tickets.sought(seen, words)
                assert order.first(found, 9) == order.first(seen.filter(words), 9), (name, word, order.name)
                assert [*order.sort(found, backwards=True)] == [*order.sort(found)][::-1], (name, word, order.name)
    assert other in tickets.sought(tickets.visible_to(actor(world.people["owner"])), Q(subject__icontains="SCANNER"))
