"""Working hours change by versions that are looked at before they count."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from helpdesk.actions.calendars import Hours, discard_draft, draft_hours, newest, put_into_force, state_of
from helpdesk.actions.recounts import recount_due
from helpdesk.choices import Metric, Role
from helpdesk.errors import Code, DomainError
from helpdesk.models import AuditEvent, Calendar, CalendarVersion, Recount, SLACycle
from helpdesk.selectors.calendars import preview
from tests.factories import NOW, UserFactory, actor, make_ticket
from tests.promises import LONG_AGO, make_calendar, make_policy, promise_all
from tests.together import together

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# NOW is nine o'clock on a Monday.
AFTERNOONS = Hours("UTC", {day: [("13:00", "17:00")] for day in DAYS}, {date(2026, 3, 2): "A day off"})
MORNINGS = Hours("UTC", {day: [("08:00", "12:00")] for day in DAYS}, {})


@pytest.fixture
def by() -> Any:
    return actor(UserFactory.create(role=Role.ADMINISTRATOR))


def draft(calendar: Calendar, hours: Hours, by: Any, now: datetime = NOW) -> CalendarVersion:
    return draft_hours(calendar=calendar, hours=hours, seen=state_of(newest(calendar)), by=by, now=now)


def force(calendar: Calendar, by: Any, now: datetime = NOW, **given: Any) -> CalendarVersion:
    given = {"valid_from": None, "seen": state_of(newest(calendar)), **given}
    return put_into_force(calendar=calendar, by=by, now=now, **given)


def test_draft_counts_nothing_until_it_is_put_into_force(by: Any) -> None:
    calendar = make_calendar()
    promise_all(make_policy(calendar=calendar))
    ticket = make_ticket()
    clock = ticket.cycles.get(metric=Metric.FIRST_RESPONSE)
    written = draft(calendar, AFTERNOONS, by)
    assert recount_due(now=NOW) == 0
    assert SLACycle.objects.get(pk=clock.pk).due_at == NOW + HOUR
    force(calendar, by, NOW + HOUR / 2)
    while recount_due(now=NOW + HOUR / 2):
        pass
    moved = SLACycle.objects.get(pk=clock.pk)
    assert moved.due_at == datetime.fromisoformat("2026-03-03T14:00Z")
    assert moved.calendar_version_id == written.pk
    kinds = AuditEvent.objects.filter(subject_type="calendar").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["calendar_drafted", "calendar_in_force"]


def test_draft_is_written_over_and_thrown_away(by: Any) -> None:
    calendar = make_calendar()
    first = draft(calendar, AFTERNOONS, by)
    second = draft(calendar, MORNINGS, by, NOW + HOUR)
    assert first.pk == second.pk
    assert (second.number, second.holidays.count()) == (2, 0)
    discard_draft(calendar=calendar, seen=state_of(second), by=by, now=NOW)
    assert [version.number for version in calendar.versions.all()] == [1]


def test_version_in_force_is_never_touched(by: Any) -> None:
    calendar = make_calendar(holidays=(date(2026, 1, 1),))
    old = newest(calendar)
    assert old
    draft(calendar, AFTERNOONS, by)
    force(calendar, by)
    draft(calendar, MORNINGS, by, NOW + HOUR)
    assert [row.number for row in calendar.versions.order_by("number")] == [1, 2, 3]
    again = CalendarVersion.objects.get(pk=old.pk)
    assert (again.week, again.valid_from, again.holidays.count()) == (old.week, LONG_AGO, 1)


def test_planned_version_waits_for_its_moment(by: Any) -> None:
    calendar = make_calendar()
    promise_all(make_policy(calendar=calendar))
    clock = make_ticket().cycles.get(metric=Metric.FIRST_RESPONSE)
    draft(calendar, AFTERNOONS, by)
    force(calendar, by, valid_from=NOW + 24 * HOUR)
    assert recount_due(now=NOW + HOUR) == 0
    assert Recount.objects.get().valid_from == NOW + 24 * HOUR
    assert SLACycle.objects.get(pk=clock.pk).due_at == NOW + HOUR


@pytest.mark.django_db(transaction=True)
def test_two_who_put_it_into_force_at_once_do_it_once(by: Any) -> None:
    calendar = make_calendar()
    seen = state_of(draft(calendar, MORNINGS, by))
    results = together(*[partial(force, calendar, by, seen=seen)] * 2)
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [refusal.code for refusal in refused] == [Code.ILLEGAL_MOVE]
    assert Recount.objects.count() == 1


@pytest.mark.parametrize(
    ("hours", "field", "words"),
    [
        (Hours("UTC", {}, {}), "week", "no open time"),
        (Hours("Mars/Olympus", OFFICE := {"mon": [("09:00", "17:00")]}, {}), "time_zone", "not a time zone"),
        (Hours("UTC", {"mon": [("09:00", "24:01")]}, {}), "week", "Monday: “24:01” is not a time"),
        (
            Hours("UTC", OFFICE, {date(2026, 1, 1) + n * timedelta(days=1): "x" for n in range(1001)}),
            "holidays",
            "1001",
        ),
    ],
)
def test_hours_by_which_nobody_can_count_are_refused(by: Any, hours: Hours, field: str, words: str) -> None:
    calendar = make_calendar()
    with pytest.raises(DomainError, match=words) as refused:
        draft(calendar, hours, by)
    assert refused.value.field == field
    assert not calendar.versions.filter(valid_from__isnull=True).exists()


def test_who_looked_at_something_else_is_told_so(by: Any) -> None:
    calendar = make_calendar()
    seen = state_of(newest(calendar))
    mine = draft(calendar, AFTERNOONS, by)
    for act in (
        lambda: draft_hours(calendar=calendar, hours=MORNINGS, seen=seen, by=by, now=NOW),
        lambda: force(calendar, by, seen=seen),
        lambda: discard_draft(calendar=calendar, seen=seen, by=by, now=NOW),
    ):
        with pytest.raises(DomainError, match="Somebody else changed") as refused:
            act()
        assert refused.value.code == Code.STALE
    force(calendar, by, seen=state_of(mine))
    # Pressed twice: there is no draft any more.
    with pytest.raises(DomainError) as refused:
        force(calendar, by)
    assert refused.value.code == Code.ILLEGAL_MOVE


def test_nobody_else_may(by: Any) -> None:
    calendar, other = make_calendar(), actor(UserFactory.create(role=Role.AGENT))
    for act in (lambda: draft(calendar, MORNINGS, other), lambda: force(calendar, other)):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == Code.FORBIDDEN


def test_the_past_stays(by: Any) -> None:
    calendar = make_calendar()
    draft(calendar, MORNINGS, by)
    for moment in (NOW - timedelta(seconds=1), NOW.replace(year=3000)):
        with pytest.raises(DomainError) as refused:
            force(calendar, by, valid_from=moment)
        assert refused.value.field == "valid_from"


def test_preview_says_what_would_move_and_what_would_be_late(by: Any) -> None:
    calendar = make_calendar({day: [["14:00", "18:00"]] for day in DAYS})
    promise_all(make_policy(calendar=calendar))
    late, fresh = make_ticket(priority=1), make_ticket(priority=2)
    found = preview(draft(calendar, MORNINGS, by), by, NOW + 2 * HOUR)
    assert (found.open, found.looked_at, found.changed, found.hidden) == (2, 2, 2, 0)
    assert {(one.ticket, one.metric) for one in found.late} == {(late, "First response"), (fresh, "First response")}
    assert found.late[0].due_after == NOW + HOUR
    early = preview(draft(calendar, MORNINGS, by), by, NOW)
    assert (early.changed, early.late) == (2, [])
    same = Hours("UTC", {day: [("14:00", "18:00")] for day in DAYS}, {})
    assert preview(draft(calendar, same, by), by, NOW).changed == 0


def test_preview_takes_the_same_queries_for_one_ticket_and_for_three(by: Any, django_assert_num_queries: Any) -> None:
    calendar = make_calendar({day: [["14:00", "18:00"]] for day in DAYS})
    promise_all(make_policy(calendar=calendar))
    make_ticket()
    written = draft(calendar, MORNINGS, by)
    preview(written, by, NOW)
    with django_assert_num_queries(8):
        preview(written, by, NOW + 2 * HOUR)
    make_ticket(), make_ticket()
    with django_assert_num_queries(8):
        preview(written, by, NOW + 2 * HOUR)
