"""What is in force stays as it is, also for who writes past the actions."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from helpdesk.models import CalendarVersion, PolicyVersion
from tests.factories import NOW
from tests.promises import HOUR, make_calendar, make_policy

pytestmark = pytest.mark.django_db
TAKEN_BACK = "UPDATE helpdesk_policyversion SET valid_from = NULL, planned_for = valid_from, taken_back_at = now()"


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "never changes" in str(error)
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE helpdesk_policyversion SET rules = '{}'",
        "UPDATE helpdesk_policyversion SET valid_from = NULL",
        "UPDATE helpdesk_policyversion SET calendar_id = calendar_id",
        f"{TAKEN_BACK} WHERE valid_from < now()",
        f"{TAKEN_BACK}, rules = '{{}}'",
        "DELETE FROM helpdesk_policyversion",
        "UPDATE helpdesk_calendarversion SET week = '{}'",
        "UPDATE helpdesk_calendarversion SET valid_from = valid_from - interval '1 day'",
        "DELETE FROM helpdesk_calendarversion",
        "UPDATE helpdesk_holiday SET day = day + 1",
        "DELETE FROM helpdesk_holiday",
        "INSERT INTO helpdesk_holiday (version_id, day, name) SELECT version_id, day + 1, name FROM helpdesk_holiday",
    ],
)
def test_what_is_in_force_or_planned_is_changed_by_nobody(statement: str) -> None:
    for since in (NOW, NOW + 24 * 365 * 50 * HOUR):
        calendar = make_calendar(holidays=(date(2026, 12, 25),), since=since)
        make_policy(calendar=calendar, since=since)
    assert refused(statement)
    assert (PolicyVersion.objects.count(), CalendarVersion.objects.count()) == (2, 2)


def test_holiday_moves_into_no_version_in_force_and_a_draft_is_free() -> None:
    calendar = make_calendar(holidays=(date(2026, 12, 25),))
    draft = CalendarVersion.objects.create(calendar=calendar, number=2, made_at=NOW).pk
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO helpdesk_holiday (version_id, day, name) VALUES (%s, '2026-01-01', 'x')", [draft])
        cursor.execute("UPDATE helpdesk_holiday SET name = 'y' WHERE version_id = %s", [draft])
    first = CalendarVersion.objects.get(number=1).pk
    assert refused(f"UPDATE helpdesk_holiday SET version_id = {first} WHERE version_id = {draft}")  # noqa: S608 - ids
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM helpdesk_holiday WHERE version_id = %s", [draft])
        cursor.execute("DELETE FROM helpdesk_calendarversion WHERE id = %s", [draft])
    assert CalendarVersion.objects.count() == 1


def test_what_was_taken_back_stays_as_it_was_planned() -> None:
    later = NOW + 24 * 365 * 50 * HOUR
    make_policy(calendar=make_calendar(holidays=(date(2026, 12, 25),), since=later), since=later)
    for statement in (TAKEN_BACK, TAKEN_BACK.replace("policy", "calendar")):
        with connection.cursor() as cursor:
            cursor.execute(statement)
    for table in ("helpdesk_policyversion", "helpdesk_calendarversion"):
        assert refused(f"UPDATE {table} SET valid_from = planned_for, planned_for = NULL, taken_back_at = NULL")  # noqa: S608 - names of ours
        assert refused(f"DELETE FROM {table}")  # noqa: S608 - the same
    assert refused("DELETE FROM helpdesk_holiday")
