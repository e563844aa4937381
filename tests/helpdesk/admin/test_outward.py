"""Announcements and roles in the set-up."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Announcement, AuditEvent, StaffRole, User
from tests.factories import AnnouncementFactory, StaffRoleFactory, UserFactory
from tests.helpdesk.admin.conftest import save
from tests.helpdesk.admin.test_setup import change, said

pytestmark = pytest.mark.django_db
ADD = "/admin/helpdesk/announcement/add/"


def test_announcement_runs_in_the_zone_of_its_writer(as_grace: Client, grace: User) -> None:
    grace.time_zone = "Asia/Singapore"
    grace.save()
    assert "In your time zone, Asia/Singapore." in said(as_grace.get(ADD))
    typed = {"starts_at": "2026-03-02T17:00", "ends_at": "2026-03-02T18:30"}
    assert save(as_grace, ADD, title="Mail is slow", level="warning", **typed).status_code == 302
    row = Announcement.objects.get()
    assert row.starts_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert 'value="2026-03-02T17:00"' in as_grace.get(change(row)).content.decode()
    assert AuditEvent.objects.get().data["values"]["starts_at"] == [None, "2026-03-02T09:00:00+00:00"]


def test_announcement_that_ends_before_it_starts_is_refused_and_kept(as_grace: Client) -> None:
    page = save(as_grace, ADD, title="Works", starts_at="2026-03-02T10:00", ends_at="2026-03-02T09:00")
    assert said(page).count("It has to end after it starts.") == 1
    assert 'value="Works"' in page.content.decode()
    assert 'value="2026-03-02T09:00"' in page.content.decode()
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_announcement_is_at_a_moment_that_everybody_can_be_shown(as_grace: Client, grace: User, zone: str) -> None:
    grace.time_zone = zone
    grace.save()
    for_ever = {"starts_at": "2026-03-02T10:00", "ends_at": "9999-12-31T23:59"}
    assert "Choose a year between 2000 and 2999." in said(save(as_grace, ADD, title="For ever", **for_ever))
    assert "Choose a year between" in said(save(as_grace, ADD, title="Ever since", starts_at="0001-01-02T00:00"))
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.MANAGER, True), (Role.HEAD_OF_SUPPORT, True), (Role.PROCESS_LEAD, False), (Role.AUDITOR, False)],
)
def test_those_who_lead_announce(as_role: Callable[[Role], Client], role: Role, may: bool) -> None:
    row, client = AnnouncementFactory.create(title="Old"), as_role(role)
    assert client.get(change(row)).status_code == 200
    data = {"title": "New", "level": "info", "starts_at": "2026-03-02T10:00", "seen": "x"}
    assert (client.post(change(row), data).status_code == 403) is not may
    assert (save(client, change(row), title="New").status_code == 302) if may else True
    row.refresh_from_db()
    assert row.title == ("New" if may else "Old")


def test_list_says_which_announcements_are_shown(as_grace: Client) -> None:
    AnnouncementFactory.create(title="Old works", ends_at=datetime(2026, 3, 3, tzinfo=UTC))
    AnnouncementFactory.create(title="Far away", starts_at=datetime(2999, 1, 1, tzinfo=UTC))
    AnnouncementFactory.create(title="Taken back", is_active=False)
    AnnouncementFactory.create(title="Running")
    page = said(as_grace.get("/admin/helpdesk/announcement/"))
    for state in ("Over", "Coming", "Withdrawn", "Shown now"):
        assert page.count(state) == 1


def test_ladder_that_leads_back_is_refused(as_grace: Client) -> None:
    top = StaffRoleFactory.create()
    middle = StaffRoleFactory.create(escalates_to=top)
    low = StaffRoleFactory.create(escalates_to=middle)
    assert "would lead back to where it begins" in said(save(as_grace, change(top), escalates_to=low.pk))
    assert "would lead back to where it begins" in said(save(as_grace, change(top), escalates_to=top.pk))
    assert save(as_grace, change(low), escalates_to=top.pk).status_code == 302
    assert StaffRole.objects.get(pk=top.pk).escalates_to is None


def test_role_is_filled_by_two_different_people_of_the_desk(as_grace: Client) -> None:
    role, mara, ida = StaffRoleFactory.create(), UserFactory.create(role=Role.AGENT), UserFactory.create(name="Ida")
    assert "Ida does not work for the desk." in said(save(as_grace, change(role), primary=ida.pk))
    assert "The backup has to be somebody else." in said(save(as_grace, change(role), primary=mara.pk, backup=mara.pk))
    assert save(as_grace, change(role), primary=mara.pk).status_code == 302
    role.refresh_from_db()
    assert role.primary == mara


def test_closed_rows_are_not_suggested(as_grace: Client) -> None:
    StaffRoleFactory.create(name="Lead of old", is_active=False)
    StaffRoleFactory.create(name="Lead of new")
    query = {"app_label": "helpdesk", "model_name": "staffrole", "field_name": "escalates_to", "term": "lead"}
    found = as_grace.get("/admin/autocomplete/", query).json()["results"]
    assert [row["text"] for row in found] == ["Lead of new"]
