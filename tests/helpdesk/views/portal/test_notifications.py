"""The page on which people choose what they are told of, and when they are left in peace."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from helpdesk.actions import preferences
from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.models import NotificationPreference, QuietHours, User
from tests.factories import actor
from tests.helpdesk.views.portal.conftest import text_of
from tests.together import together

pytestmark = pytest.mark.django_db

PAGE = "/profile/notifications/"
HOURS = {"weekdays": ["1", "5"], "starts": "19:00", "ends": "07:30", "whole_days": ["6"]}


@pytest.fixture
def as_mara(client_of: Callable[[User], Client], mara: User) -> Client:
    return client_of(mara)


def shown(page: Any) -> dict[str, list[str]]:
    """All boxes that are ticked, as the page would send them."""
    found: dict[str, list[str]] = {}
    for _title, rows in page.context["choices"].groups:
        for row in rows:
            for cell in row.cells:
                if cell.is_on and cell.is_offered and not cell.is_always:
                    found.setdefault(cell.name, []).append(cell.channel.value)
    return found


def test_requester_chooses_about_mails_of_their_own_tickets(as_ada: Client, ada: User) -> None:
    page = as_ada.get(PAGE)
    assert "Answers and solutions on tickets that you asked for Always by mail" in text_of(page)
    for of_desk in ("Inbox", "Sub-tasks", "Critical notices"):
        assert of_desk not in text_of(page)
    assert shown(page) == {"receipts": ["email"], "progress": ["email"], "watched": ["email"]}
    answer = as_ada.post(PAGE, {"progress": ["email"], "watched": ["email"]}, follow=True)
    assert "Your choice is saved." in text_of(answer)
    assert shown(answer) == {"progress": ["email"], "watched": ["email"]}
    # A forged box of the desk's, or of a channel that is not offered, changes nothing.
    assert as_ada.post(PAGE, {"progress": ["inbox"]}).status_code == 422
    as_ada.post(PAGE, {"progress": ["email"], "watched": ["email"], "notes": ["inbox"], "user": "1"})
    assert [(row.user, row.occasion) for row in NotificationPreference.objects.all()] == [(ada, "receipts")]


def test_who_works_here_chooses_between_inbox_and_mail(as_mara: Client, mara: User) -> None:
    sent = shown(as_mara.get(PAGE))
    assert sent["words"] == ["inbox", "email"]
    assert sent["update_owed"] == ["inbox"]
    sent |= {"words": ["inbox"], "ladder": []}
    refused = as_mara.post(PAGE, sent)
    assert refused.status_code == 422
    assert "Leave one way to tell you of this: “Escalations to you” can be critical." in text_of(refused)
    assert shown(refused)["words"] == ["inbox"]
    assert not NotificationPreference.objects.exists()
    as_mara.post(PAGE, sent | {"ladder": ["inbox"]})
    assert NotificationPreference.objects.filter(user=mara, on=False).count() == 2


def test_quiet_hours_are_kept_as_they_were_typed(as_ada: Client, ada: User) -> None:
    answer = as_ada.post(f"{PAGE}quiet/", HOURS, follow=True)
    assert "Your quiet hours are saved." in text_of(answer)
    row = QuietHours.objects.get(user=ada)
    assert (row.weekdays, row.whole_days, row.starts, row.ends) == ([1, 5], [6], time(19), time(7, 30))
    body = answer.content.decode()
    assert 'value="19:00"' in body
    assert body.count("checked") == 3 + 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"starts": ""}, "Write a time of the day, such as 19:00."),
        ({"ends": "25:00"}, "Write a time of the day, such as 19:00."),
        ({"weekdays": ["8"]}, "Select a valid choice."),
        ({"whole_days": [str(day) for day in range(1, 8)]}, "Leave some time of the week"),
        ({"weekdays": [str(day) for day in range(1, 8)], "ends": "19:00"}, "Leave some time of the week"),
    ],
)
def test_wrong_hours_get_a_sentence_and_stay_in_the_form(as_ada: Client, wrong: dict[str, Any], words: str) -> None:
    refused = as_ada.post(f"{PAGE}quiet/", HOURS | wrong)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert not QuietHours.objects.exists()
    assert 'value="07:30"' in refused.content.decode() or "ends" in wrong


@pytest.mark.parametrize(
    ("choice", "ends"),
    [
        ("hour", datetime(2026, 3, 27, 13, tzinfo=UTC)),
        # In Berlin the clocks go ahead in the night to Sunday.
        ("morning", datetime(2026, 3, 28, 7, tzinfo=UTC)),
        ("monday", datetime(2026, 3, 30, 6, tzinfo=UTC)),
        ("weeks", datetime(2026, 4, 10, 12, tzinfo=UTC)),
    ],
)
def test_quiet_from_now_on_ends_on_the_readers_own_clock(
    client_of: Callable[[User], Client], ada: User, choice: str, ends: datetime
) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Europe/Berlin")
    with time_machine.travel(datetime(2026, 3, 27, 12, tzinfo=UTC), tick=False):
        client = client_of(ada)
        page = client.post(f"{PAGE}mute/", {"until": choice}, follow=True)
        assert QuietHours.objects.get(user=ada).muted_until == ends
        assert "You get no mails; that ends in" in text_of(page)
        page = client.post(f"{PAGE}mute/", {"end": "1"}, follow=True)
        assert "Mails come again." in text_of(page)
        assert QuietHours.objects.get(user=ada).muted_until is None
        assert client.post(f"{PAGE}mute/", {"until": "ever"}).status_code == 422


def test_page_costs_as_many_queries_whatever_was_chosen(
    as_mara: Client, queries_of: Callable[[Client, str], int]
) -> None:
    before = queries_of(as_mara, PAGE)
    as_mara.post(PAGE, {"clock_breached": ["inbox"], "ladder": ["inbox"]})
    as_mara.post(f"{PAGE}quiet/", HOURS)
    assert queries_of(as_mara, PAGE) == before <= 8


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_for_one_person_both_come_through(mara: User) -> None:
    def choose(on: bool) -> Callable[[], None]:
        cells = dict.fromkeys(((one, DeliveryChannel.EMAIL) for one in (Occasion.WORDS, Occasion.NOTES)), on)
        return lambda: preferences.choose(choices=cells, by=actor(mara), now=datetime.now(UTC))

    def be_quiet(day: int) -> Callable[[], QuietHours]:
        return lambda: preferences.set_quiet_hours(
            weekdays=[day], starts=time(19), ends=time(7), whole_days=(), by=actor(mara), now=datetime.now(UTC)
        )

    came = together(choose(on=False), choose(on=True), choose(on=False), be_quiet(1), be_quiet(2))
    assert not [one for one in came if isinstance(one, Exception)]
    assert NotificationPreference.objects.filter(user=mara).count() in {0, 2}
    assert QuietHours.objects.get(user=mara).weekdays in ([1], [2])
