"""The pages of working hours: what one types, sees and puts into force."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.actions.calendars import newest, state_of
from helpdesk.choices import Role
from helpdesk.models import Calendar
from tests.factories import UserFactory, make_ticket
from tests.helpdesk.views.desk.pages import text_of
from tests.promises import make_calendar, make_policy, promise_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=Role.ADMINISTRATOR))
    return client


def typed(calendar: Calendar, **fields: str) -> dict[str, Any]:
    return {"time_zone": "Europe/Berlin", "seen": state_of(newest(calendar)), **fields}


def test_new_calendar_goes_from_its_name_to_its_hours(client: Client) -> None:
    answer = client.post("/admin/helpdesk/calendar/add/", {"name": "Night desk", "code": "night", "is_active": "on"})
    calendar = Calendar.objects.get()
    assert answer["Location"] == f"/admin/calendars/{calendar.pk}/edit/"
    assert "no hours yet" in text_of(client.get(f"/admin/calendars/{calendar.pk}/"))
    saved = client.post(answer["Location"], typed(calendar, mon="22-6", holidays="2026-12-25 Christmas Day\n"))
    assert saved["Location"] == f"/admin/calendars/{calendar.pk}/preview/"
    shown = text_of(client.get(saved["Location"]))
    assert "22:00–06:00" in shown
    assert "Christmas Day" in shown
    assert "No open ticket has a clock that goes by it." in shown
    client.post(saved["Location"], {"seen": state_of(newest(calendar))})
    page = text_of(client.get(f"/admin/calendars/{calendar.pk}/"))
    assert "in force since" in page
    assert calendar.versions.get().week == {"mon": [["22:00", "24:00"]], "tue": [["00:00", "06:00"]]}
    assert "Europe/Berlin" in text_of(client.get("/admin/helpdesk/calendar/"))
    assert "Working hours put into force" in text_of(client.get(f"/admin/helpdesk/calendar/{calendar.pk}/history/"))


def test_public_holidays_are_added_to_what_stands_there(client: Client) -> None:
    calendar = make_calendar()
    fields = {"mon": "9-17", "holidays": "2026-12-25 Ours", "country": "DE", "part": "by", "years": "2026", "fill": "1"}
    answer = client.post(f"/admin/calendars/{calendar.pk}/edit/", typed(calendar, **fields))
    form = answer.context["form"]
    lines = form["holidays"].value().splitlines()
    assert lines[0] == "2026-01-01 New Year's Day"
    assert "2026-12-25 Ours" in lines
    assert any(line.startswith("2026-01-06") for line in lines)
    assert f"{len(lines) - 1} days off were added" in text_of(answer)
    assert form["mon"].value() == "9-17"
    assert newest(calendar).is_draft is False  # type: ignore[union-attr] # there is one


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"mon": "all day"}, "Monday: “all day” are no hours."),
        ({"mon": "22-6", "tue": "5-9"}, "Tuesday: 00:00–06:00 and 05:00–09:00 overlap."),
        ({"tue": "9-9"}, "the end has to be later than the start"),
        ({}, "These working hours have no open time"),
        ({"mon": "9-17", "time_zone": "Berlin"}, "“Berlin” is not a time zone"),
        ({"mon": "9-17", "holidays": "Christmas"}, "“Christmas” begins with no date like 2026-12-25."),
        ({"mon": "9-17", "holidays": "2026-12-25"}, "Write a name after 2026-12-25"),
        ({"mon": "9-17", "holidays": "2026-12-25 a\n2026-12-25 b"}, "2026-12-25 stands there twice."),
        ({"fill": "1", "country": "DE", "part": "XX", "years": "2026"}, "“XX” is no part of that country"),
        ({"fill": "1", "country": "", "years": "2026"}, "Choose a country from the list."),
        ({"fill": "1", "country": "DE", "years": "soon"}, "Write up to 10 years"),
        ({"mon": "9-17", "seen": "other"}, "Somebody else changed these working hours meanwhile."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(client: Client, fields: dict[str, str], words: str) -> None:
    calendar = make_calendar()
    answer = client.post(f"/admin/calendars/{calendar.pk}/edit/", typed(calendar, **fields))
    assert answer.status_code in {409, 422}
    assert words in text_of(answer)
    assert calendar.versions.count() == 1
    for name, value in fields.items():
        if name in {"mon", "tue", "holidays", "time_zone"}:
            assert answer.context["form"][name].value() == value


def test_preview_names_who_would_be_late_and_what_changes(client: Client) -> None:
    calendar = make_calendar({"mon": [["03:00", "03:01"]]})
    promise_all(make_policy(calendar=calendar))
    ticket = make_ticket(subject="A slow one", now=timezone.now() - timedelta(hours=3))
    every = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "0-24")
    client.post(f"/admin/calendars/{calendar.pk}/edit/", typed(calendar, **every))
    shown = text_of(client.get(f"/admin/calendars/{calendar.pk}/preview/"))
    assert "1 open ticket has clocks that go by it; those of 1 would change." in shown
    assert "A slow one" in shown
    assert ticket.ref in shown
    assert "By the clocks of Europe/Berlin instead of UTC" in shown
    answer = client.post(
        f"/admin/calendars/{calendar.pk}/preview/",
        {"seen": state_of(newest(calendar)), "valid_from": "2001-01-01T10:00"},
    )
    assert answer.status_code == 422
    assert "What was is past" in text_of(answer)


def test_draft_is_thrown_away(client: Client) -> None:
    calendar = make_calendar()
    client.post(f"/admin/calendars/{calendar.pk}/edit/", typed(calendar, mon="9-17"))
    assert "not in force yet" in text_of(client.get(f"/admin/calendars/{calendar.pk}/"))
    client.post(f"/admin/calendars/{calendar.pk}/discard/", {"seen": state_of(newest(calendar))})
    assert calendar.versions.count() == 1
    gone = client.get(f"/admin/calendars/{calendar.pk}/preview/", follow=True)
    assert "There is no draft any more." in text_of(gone)
