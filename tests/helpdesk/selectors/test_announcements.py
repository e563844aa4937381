"""What the desk tells everybody, and when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from helpdesk.choices import Role
from helpdesk.models import Announcement, User
from helpdesk.selectors.announcements import current, for_staff
from tests.factories import NOW, OrganizationFactory, OrganizationMembershipFactory, UserFactory
from tests.helpdesk.admin.conftest import client_of

__all__ = ["client_of"]

pytestmark = pytest.mark.django_db


def tell(title: str, starts: int, ends: int | None = None, **values: object) -> Announcement:
    """An announcement from so many hours after now until so many."""
    until = None if ends is None else NOW + timedelta(hours=ends)
    return Announcement.objects.create(title=title, starts_at=NOW + timedelta(hours=starts), ends_at=until, **values)


def test_only_what_has_begun_and_not_ended_is_told() -> None:
    tell("over", -2, 0)
    tell("coming", 1)
    tell("withdrawn", -1, is_active=False)
    tell("old", -9, 1)
    tell("open", 0)
    assert [row.title for row in current(NOW)] == ["open", "old"]


def test_what_does_not_work_comes_first() -> None:
    tell("mail is slow", -5, level="warning")
    tell("new office", -1)
    assert [row.title for row in current(NOW)] == ["mail is slow", "new office"]


def test_each_reads_what_is_for_them() -> None:
    harbour = OrganizationFactory.create()
    ida, eve, left = (UserFactory.create() for _ in range(3))
    OrganizationMembershipFactory.create(user=ida, organization=harbour)
    OrganizationMembershipFactory.create(user=left, organization=harbour, is_active=False)
    tell("all", -4)
    tell("in", -3, audience="signed_in")
    tell("harbour", -2, audience="organization", organization=harbour)
    tell("desk", -1, audience="staff")
    read = {who: [row.title for row in current(NOW, who)] for who in (None, eve, left, ida)}
    assert read == {None: ["all"], eve: ["in", "all"], left: ["in", "all"], ida: ["harbour", "in", "all"]}
    assert [row.title for row in for_staff(NOW)] == ["desk", "in", "all"]


@pytest.mark.parametrize("values", [{"audience": "organization"}, {"audience": "nobody"}])
def test_audience_fits(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        tell("x", 0, **values)


def test_rooms_tell_what_belongs_there(client_of: Callable[[User], Client]) -> None:
    Announcement.objects.create(title="For the desk alone", audience="staff", starts_at=NOW)
    mara, ida = UserFactory.create(role=Role.AGENT), UserFactory.create()
    assert "For the desk alone" in client_of(mara).get("/admin/").content.decode()
    for client in (client_of(mara), client_of(ida), Client()):
        assert "For the desk alone" not in client.get("/").content.decode()
