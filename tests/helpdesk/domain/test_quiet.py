"""Quiet hours against a slow clock that looks at the wall every minute; and what of occasions can be chosen."""

from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.domain.occasions import TERMS, channels, differences, offered, silenced
from helpdesk.domain.quiet import Hours, quiet_until

EMAIL, INBOX = DeliveryChannel.EMAIL, DeliveryChannel.INBOX
MINUTE = timedelta(minutes=1)
EVERY_DAY = frozenset(range(1, 8))
NIGHTS = Hours(EVERY_DAY, time(22), time(7))
# With a change in the night, of half an hour, at midnight, without any, and one that skipped a day.
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "Pacific/Apia",
)  # fmt: skip
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 9, 6, 4, tzinfo=UTC), datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC),
)  # fmt: skip
clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
days = st.frozensets(st.integers(1, 7), max_size=6)
moments = st.builds(
    lambda change, minutes: change + minutes * MINUTE, st.sampled_from(CHANGES), st.integers(-3000, 3000)
)


def by_the_minute(hours: Hours, zone: str, now: datetime) -> datetime | None:
    """The first minute from now on at which the wall shows another time than the hours."""
    there = ZoneInfo(zone)
    for number in range(8 * 24 * 60):
        moment = now + number * MINUTE
        if not (hours.cover(moment.astimezone(there)) or (hours.muted_until and moment < hours.muted_until)):
            return moment if number else None
    return None


@given(days, clocks, clocks, days, st.none() | st.integers(1, 4000), st.sampled_from(ZONES), moments)
@example(EVERY_DAY, time(1), time(2, 30), frozenset(), None, "Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
@example(EVERY_DAY, time(22), time(2, 30), frozenset(), None, "Europe/Berlin", datetime(2026, 10, 25, 0, tzinfo=UTC))
@example(EVERY_DAY, time(22), time(2, 30), frozenset(), None, "Europe/Berlin", datetime(2026, 10, 25, 1, 5, tzinfo=UTC))
def test_quiet_lasts_as_long_as_the_wall_says(
    weekdays: frozenset[int],
    starts: time,
    ends: time,
    whole: frozenset[int],
    muted: int | None,
    zone: str,
    now: datetime,
) -> None:
    hours = Hours(weekdays, starts, ends, whole, None if muted is None else now + muted * MINUTE)
    if hours.are_endless:
        return
    assert quiet_until(hours, zone, now) == by_the_minute(hours, zone, now)


def test_night_before_a_quiet_day_and_the_night_after_it_are_one_quiet() -> None:
    weekend = Hours(frozenset({1, 2, 3, 4, 5}), time(19), time(8), frozenset({6, 7}))
    friday = datetime(2026, 3, 6, 20, tzinfo=ZoneInfo("Europe/Berlin"))
    assert quiet_until(weekend, "Europe/Berlin", friday) == datetime(2026, 3, 8, 23, tzinfo=UTC)


def test_nothing_is_quiet_without_hours_and_until_a_moment_all_is() -> None:
    now = datetime(2026, 3, 2, 9, 0, 0, 5, tzinfo=UTC)
    assert quiet_until(Hours(), "Europe/Berlin", now) is None
    until = now + timedelta(hours=1)
    assert quiet_until(Hours(muted_until=until), "Europe/Berlin", now) == until
    assert quiet_until(Hours(muted_until=until), "Europe/Berlin", until) is None


def test_what_never_ends_is_asked_about_again_within_a_week_or_so() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert Hours(whole_days=EVERY_DAY).are_endless
    assert not NIGHTS.are_endless
    end = quiet_until(Hours(whole_days=EVERY_DAY), "UTC", now)
    assert end is not None
    assert timedelta(days=6) < end - now < timedelta(days=9)


def test_who_chose_nothing_is_told_by_the_defaults() -> None:
    for occasion, terms in TERMS.items():
        assert channels(occasion, {}, has_inbox=True) == terms.on | terms.always


@pytest.mark.parametrize("has_inbox", [True, False])
def test_what_is_critical_comes_by_one_way_whatever_was_chosen(has_inbox: bool) -> None:
    cells = [(Occasion.LADDER, channel) for channel in DeliveryChannel]
    for size in range(len(cells) + 1):
        for off in combinations(cells, size):
            chosen = dict.fromkeys(off, False)
            assert channels(Occasion.LADDER, chosen, has_inbox=has_inbox, is_critical=True)
    assert silenced(dict.fromkeys(cells, False), has_inbox=True) is Occasion.LADDER
    assert silenced({(Occasion.LADDER, EMAIL): False}, has_inbox=True) is None
    assert silenced(dict.fromkeys(cells, False), has_inbox=False) is None


def test_who_asks_for_help_is_answered_by_mail_whatever_was_chosen() -> None:
    chosen = {(Occasion.ANSWERS, EMAIL): False, (Occasion.RECEIPTS, EMAIL): False, (Occasion.RECEIPTS, INBOX): True}
    assert channels(Occasion.ANSWERS, chosen, has_inbox=False) == {EMAIL}
    assert channels(Occasion.RECEIPTS, chosen, has_inbox=True) == frozenset()
    assert differences(chosen) == {(Occasion.RECEIPTS, EMAIL): False}


def test_who_does_not_work_here_chooses_about_their_own_tickets_and_mails_alone() -> None:
    assert list(offered(has_inbox=False)) == [
        Occasion.RECEIPTS, Occasion.ANSWERS, Occasion.PROGRESS, Occasion.WATCHED
    ]  # fmt: skip
    assert set().union(*offered(has_inbox=False).values()) == {EMAIL}
    assert set(offered(has_inbox=True)) == set(Occasion)
