"""What the desk tells everybody, and when."""

from datetime import timedelta

import pytest

from helpdesk.models import Announcement
from helpdesk.selectors.announcements import current
from tests.factories import NOW

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
