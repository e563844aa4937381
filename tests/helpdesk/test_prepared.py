"""Queries whose text is built once find what they would find if it were built each time."""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.actors import Actor
from helpdesk.choices import Channel, Role
from helpdesk.models import Message, Tag, Ticket
from helpdesk.permissions import ANYBODY, Right, Scope, scope
from helpdesk.prepared import fill, prepared, sql_of
from helpdesk.selectors.tickets import one_seen, visible_to
from tests.factories import NOW, UserFactory, actor, make_ticket
from tests.together import together

BUILT: list[str] = []


@prepared
def said_on(ticket: int, since: datetime, *, newest_first: bool = False) -> QuerySet[Message]:
    BUILT.append(f"newest first: {newest_first}")
    rows = Message.objects.filter(ticket=ticket, created_at__gte=since).select_related("author")
    return rows.order_by("-pk" if newest_first else "pk")


@prepared
def subjects_of(ids: Sequence[int]) -> QuerySet[Ticket, tuple[int, str]]:
    return Ticket.objects.filter(pk__among=ids).order_by("pk").values_list("pk", "subject")


@prepared
def on_either(ids: Sequence[int], number: int | None) -> QuerySet[Ticket]:
    return Ticket.objects.filter(Q(requester__among=ids) | Q(number=number)).order_by("pk")


@prepared
def open_ones(ids: Sequence[int], *, number: int | None) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(pk__among=ids, number=number, status__in=("new", "open"))
    return rows.exclude(subject__startswith="nobody%s")


@prepared
def nothing(_ticket: int) -> QuerySet[Ticket]:
    return Ticket.objects.filter(pk__in=())


@pytest.mark.django_db
def test_text_is_built_once_for_all_values_and_once_more_for_another_shape() -> None:
    BUILT.clear()
    one, two = make_ticket(body="First."), make_ticket(body="Second.")
    for ticket, words in ((one, "First."), (two, "Second."), (one, "First.")):
        (message,) = said_on(ticket.pk, NOW - timedelta(days=9))
        assert message.body == words
        assert message.author == ticket.requester, "Which came along."
    assert list(said_on(one.pk, NOW + timedelta(days=9))) == []
    assert BUILT == ["newest first: False"]
    assert [m.body for m in said_on(two.pk, NOW - timedelta(days=9), newest_first=True)] == ["Second."]
    assert BUILT == ["newest first: False", "newest first: True"]


@pytest.mark.django_db
def test_database_reads_a_text_once_for_all_values_and_knows_what_never_changes() -> None:
    tickets = [make_ticket(body="100 %"), make_ticket()]
    for _time in range(3):
        for number in (1, 40_000, 3_000_000_000):
            for ticket in tickets:
                rows = open_ones([ticket.pk, number], number=ticket.number)
                assert list(rows) == [ticket]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, parameter_types::text[] FROM pg_prepared_statements WHERE statement ~ 'nobody'"
        )
        kept = cursor.fetchall()
    assert [(types, "'open'" in text, "$1" in text) for text, types in kept] == [(["bigint[]"], True, True)] * 2


@pytest.mark.django_db
def test_what_is_asked_once_and_what_is_taken_back_push_nothing_out() -> None:
    ticket = make_ticket()

    def ask() -> None:
        assert list(on_either([], ticket.number)) == [ticket]

    def is_kept() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'requester_id. = ANY'")
            return bool(cursor.fetchone()[0])

    ask()
    ask()
    with connection.cursor() as cursor:
        for number in range(600):
            cursor.execute("SELECT %s", [number])
    ask()
    assert is_kept()
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        ask()
        raise ZeroDivisionError
    ask()
    assert is_kept()


@pytest.mark.django_db
def test_lists_and_nothing_are_values_like_others() -> None:
    one, two = make_ticket(subject="A “1”"), make_ticket(subject="B'; --")
    assert list(subjects_of([two.pk, one.pk])) == [(one.pk, one.subject), (two.pk, two.subject)]
    assert list(subjects_of([])) == []
    assert list(on_either([], None)) == []
    assert list(on_either([one.requester_id], two.number)) == [one, two]
    assert list(nothing(one.pk)) == []
    assert sql_of(nothing(one.pk)) is None
    assert sql_of(Ticket.objects.none()) is None


@pytest.mark.django_db
def test_who_narrows_further_gets_what_an_ordinary_queryset_finds() -> None:
    one, two = make_ticket(), make_ticket()
    rows = on_either([one.requester_id, two.requester_id], None)
    assert list(rows.filter(pk=two.pk)) == [two]
    assert rows.count() == 2
    assert rows.filter(pk=one.pk).exists()
    assert rows.last() == two
    assert list(Ticket.objects.filter(pk__in=rows.values("pk")).order_by("pk")) == [one, two]
    assert list(rows[1:]) == [two]
    assert list(rows) == [one, two], "It is what it was."


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_text_and_no_values() -> None:
    tickets = [make_ticket(subject=f"Subject {n}") for n in range(6)]
    found = together(*(lambda t=t: [list(subjects_of([t.pk])) for _time in range(20)] for t in tickets))
    assert found == [[[(t.pk, t.subject)]] * 20 for t in tickets]


@pytest.mark.django_db
def test_nobody_gets_what_another_ones_text_was_built_for() -> None:
    ada, bob = UserFactory.create(), UserFactory.create()
    theirs = {person: make_ticket(person) for person in (ada, bob)}
    manager = UserFactory.create(role=Role.MANAGER)
    for person, ticket in theirs.items():
        others = next(one for one in theirs.values() if one != ticket)
        assert one_seen(actor(person), pk=ticket.pk) == ticket
        assert one_seen(actor(person), pk=others.pk) is None
        assert one_seen(actor(manager), number=ticket.number) == ticket
        assert one_seen(Actor(None, Channel.SYSTEM), pk=ticket.pk) == ticket, "The desk itself is nobody, and sees all."


@pytest.mark.django_db
def test_scope_of_anybody_is_the_scope_of_whoever_asks() -> None:
    ada = UserFactory.create()
    held = scope(actor(ada), Right.VIEW)
    assert held.of(ANYBODY) == scope(actor(UserFactory.create()), Right.VIEW).of(ANYBODY)
    assert held.of(ANYBODY).of(ada.pk) == held
    assert Scope(everywhere=True).of(ada.pk) == Scope(everywhere=True)
    ticket = make_ticket(ada)
    assert list(visible_to(actor(ada))) == [ticket]


@pytest.mark.django_db
def test_filled_relation_is_not_asked_for_again(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def] # a fixture
    ticket, tag = make_ticket(), Tag.objects.create(name="vpn")
    fill(ticket, "tags", [tag], Tag)
    with django_assert_num_queries(0):
        assert list(ticket.tags.all()) == [tag]
    fill(ticket, "tags", [], Tag)
    with django_assert_num_queries(0):
        assert list(ticket.tags.all()) == []


@pytest.mark.django_db
@settings(max_examples=30)
@given(picks=st.lists(st.integers(-2, 3), max_size=4), number=st.none() | st.integers(-1, 3))
def test_finds_what_the_same_query_finds_when_it_is_built_each_time(picks: list[int], number: int | None) -> None:
    known = list(Ticket.objects.order_by("pk")) or [make_ticket() for _n in range(3)]
    people = [known[pick].requester_id if 0 <= pick < 3 else pick for pick in picks]
    wanted = known[number].number if number is not None and 0 <= number < 3 else number
    rows = Ticket.objects.filter(Q(requester__in=people) | Q(number=wanted)).order_by("pk")
    assert list(on_either(people, wanted)) == list(rows)
