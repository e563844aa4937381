"""The world of the demo: true to its plan, in every state, never in the future, and with work for every login."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, Q
from pytest_django import DjangoDbBlocker

from config.demo_world import causes, plan, script
from config.demo_world.people import DEMO_LOGINS, PEOPLE, Person
from config.demo_world.plan import on_duty
from config.demo_world.script import Telling, span
from helpdesk.choices import Metric, Status
from helpdesk.models import (
    Announcement,
    ApiToken,
    AuditEvent,
    Delivery,
    Integration,
    Message,
    NoticeRow,
    PendingEvent,
    Problem,
    SLACycle,
    StaffRole,
    Team,
    Ticket,
    TicketEvent,
    User,
    Webhook,
)

# A Tuesday morning in Europe; things happen in Asia, and America sleeps.
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
SHARE = "0.05"


@pytest.fixture(scope="module")
def told_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[tuple[Any, ...]]]:
    """What was told when the world was seeded before; then it is seeded once for all tests of this file."""
    with django_db_blocker.unblock():
        with kept_open():
            seed()
            before = told()
        with kept_open():
            seed()
            yield before


@contextmanager
def kept_open() -> Iterator[None]:
    """A transaction that is undone at its end and in which actions may run, as in Django's own test cases."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(told_once: list[tuple[Any, ...]], db: None) -> None:
    """The world."""


def seed(now: datetime = NOW) -> None:
    call_command("seed_demo", f"--share={SHARE}", f"--now={now.isoformat()}")


def unsolved(**filters: Any) -> Any:
    return Ticket.objects.exclude(status__in=[Status.RESOLVED, Status.CLOSED]).filter(**filters)


def test_demo_has_tickets_in_every_state_on_every_tier_and_a_login_for_every_role(world: None) -> None:
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Ticket.objects.values_list("tier__level", flat=True)) == {1, 2, 3, 4}
    assert set(Ticket.objects.values_list("queue__code", flat=True)) >= {"support", "accounts", "platform", "feedback"}
    assert {"requester", "agent", "manager", "administrator", "auditor"} <= set(
        User.objects.values_list("role", flat=True)
    )
    places = set(Team.objects.values_list("tier__level", "region__code"))
    assert {(1, region) for region in ("americas", "apac", "europe", "latam")} <= places
    assert {level for level, _ in places} == {1, 2, 3, 4}


def test_every_login_finds_something_to_do(world: None) -> None:
    ida = Ticket.objects.filter(requester__email="ida@example.org")
    assert ida.filter(status=Status.PENDING).exists()
    assert ida.filter(status=Status.RESOLVED).exists()
    assert Ticket.objects.filter(organization__name="Harbour Clinic").count() > 8
    for name in ("mara", "tom", "lea", "sam"):
        assert unsolved(assignee__email=f"{name}@example.org").count() > 1, name
    assert unsolved(assignee=None, queue__code="support").count() > 1
    for _role, email, password in DEMO_LOGINS:
        assert User.objects.get(email=email).check_password(password)


def test_nothing_happened_in_the_future_and_nothing_waits_that_was_due(world: None) -> None:
    for model, column in ((Ticket, "updated_at"), (Message, "created_at"), (TicketEvent, "effective_at")):
        assert model.objects.aggregate(latest=Max(column))["latest"] <= NOW, model  # type: ignore[attr-defined]
    assert AuditEvent.objects.exclude(kind="presets_loaded").latest("effective_at").effective_at <= NOW
    assert not Ticket.objects.filter(close_due_at__lte=NOW + timedelta(minutes=5)).exists()
    assert Ticket.objects.earliest("created_at").created_at > NOW - timedelta(days=plan.DAYS + 3)


def test_clock_warns_and_another_is_breached_minutes_after_it_is_opened(world: None) -> None:
    soon = NOW + timedelta(minutes=5)
    next_ones = SLACycle.objects.filter(metric=Metric.FIRST_RESPONSE, next_due_at__gt=NOW, next_due_at__lt=soon)
    assert next_ones.filter(due_at__gt=soon).exists(), "one that warns"
    assert next_ones.filter(due_at__lt=soon).exists(), "one that is breached"


def test_roles_are_filled_and_announcements_stand(world: None) -> None:
    assert StaffRole.objects.get(code="support-agent").primary == User.objects.get(email="mara@example.org")
    assert StaffRole.objects.exclude(primary=None).exclude(backup=None).count() == 17
    assert Announcement.objects.filter(starts_at__lte=NOW, ends_at__gt=NOW).count() == 3


def test_tickets_have_tags_answers_watchers_and_changed_priorities(world: None) -> None:
    kinds = set(TicketEvent.objects.values_list("kind", flat=True))
    assert {"tags_changed", "watcher_added", "priority_changed", "escalated", "rejected"} <= kinds
    asked = Ticket.objects.filter(category__fields__is_required=True)
    assert not asked.filter(field_values=None, channel="portal", follows=None).exists()


def test_tickets_are_numbered_in_the_order_of_time(world: None) -> None:
    times = list(Ticket.objects.order_by("number").values_list("created_at", flat=True))
    assert times == sorted(times)


def test_only_the_news_of_the_last_day_leave_as_mails(world: None) -> None:
    assert not PendingEvent.objects.exists()
    mails = Delivery.objects.all()
    assert 0 < mails.count() < 120
    assert not mails.filter(Q(created_at__lt=NOW - timedelta(hours=17)) | Q(created_at__gt=NOW)).exists()


def told() -> list[tuple[Any, ...]]:
    tickets = Ticket.objects.order_by("created_at", "subject")
    rows = tickets.values_list("subject", "requester__email", "status", "assignee__email", "created_at", "updated_at")
    words = Message.objects.order_by("created_at", "body").values_list("body", "author__email", "created_at")
    return [*rows, *words]


def test_another_system_comes_by_tokens_and_nothing_is_called(world: None) -> None:
    row = Integration.objects.get()
    assert {token.is_valid(NOW) for token in ApiToken.objects.filter(user=row.pk)} == {True}
    assert not row.user.last_login
    assert not Webhook.objects.get().is_active
    assert not Delivery.objects.filter(webhook__isnull=False).exists()


def test_demo_is_the_same_each_time(told_once: list[tuple[Any, ...]], world: None) -> None:
    assert told() == told_once


def test_seeding_it_again_on_another_day_adds_nothing(world: None) -> None:
    before = (told(), User.objects.count())
    seed(NOW + timedelta(days=40))
    assert (told(), User.objects.count()) == before


def test_the_whole_of_it_is_some_hundred_tickets_of_many_people() -> None:
    tales = plan.tales(script.stories(), NOW)
    assert 250 < len(tales) < 380
    assert len({(tale.who.email, tale.subject) for tale in tales}) == len(tales)
    assert all(NOW - timedelta(days=plan.DAYS + 3) < tale.began < NOW for tale in tales)
    recent = sum(tale.began > NOW - timedelta(days=30) for tale in tales)
    assert recent > len(tales) / 2
    at_weekends = Counter(tale.began.weekday() > 4 for tale in tales)
    assert 0 < at_weekends[True] < at_weekends[False] / 6


def test_stories_have_no_open_places_and_no_lost_letters() -> None:
    for tale in plan.tales(script.stories(), NOW):
        words = [tale.subject, tale.telling.words(tale.story.body)]
        tale.telling.facts["agent"] = "Mara"
        words += [tale.telling.words(step.text) for step in tale.steps]
        for text in words:
            assert "{" not in text.replace("{{", "").replace('{"', "").replace("{\n", ""), text


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-03T06:30", "2026-03-03T08:17"),
        ("2026-03-03T11:30", "2026-03-03T11:30"),
        ("2026-03-03T18:30", "2026-03-04T08:17"),
        ("2026-03-07T11:30", "2026-03-09T08:17"),
    ],
)
def test_people_work_in_the_hours_of_their_place(at: str, expected: str) -> None:
    person = Person("Ana Sol", "ana@example.org", time_zone="UTC")
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert on_duty(person, moment, (8, 17), weekends=False).isoformat()[:16] == expected


@pytest.mark.long
@pytest.mark.django_db
def test_whole_demo_plays_to_its_end() -> None:
    call_command("seed_demo", f"--now={NOW.isoformat()}")
    assert Ticket.objects.count() > 280


def test_words_keep_to_their_facts_and_leave_code_alone() -> None:
    telling = Telling(plan._rng(1), {"first": "Ida"})
    assert telling.words("{first}: {room} is {room}.").partition(": ")[2].count(telling.facts["room"]) == 2
    assert telling.words('{"a": {one|one}} {unknown}') == '{"a": one} {unknown}'
    assert span("90m") == timedelta(minutes=90)
    with pytest.raises(ValueError, match="no length of time"):
        span("soon")


def test_everybody_has_an_address_of_their_own() -> None:
    addresses = [person.email for person in PEOPLE]
    assert len(set(addresses)) == len(addresses)
    assert all(address.isascii() and " " not in address for address in addresses)
    assert sum(person.role == "requester" for person in PEOPLE) >= 55


def test_one_known_problem_gathers_tickets_and_its_requesters_were_told(world: None) -> None:
    problem = Problem.objects.get(title=causes.TITLE)
    gathered = Ticket.objects.filter(problem=problem)
    assert gathered.exists()
    assert problem.state == "known"
    assert problem.published_at
    assert not NoticeRow.objects.filter(state="waiting").exists()
    assert TicketEvent.objects.filter(kind="time_spent").exists()
