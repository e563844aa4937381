from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from helpdesk.templatetags.desk import age, exactly, first_words, initials, lasting, markup, until, when

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_berlin():
    with time_machine.travel(NOON, tick=False), timezone.override("Europe/Berlin"):
        yield


def test_time_is_shown_in_the_readers_zone_and_names_it_on_hover():
    html = when(NOON)
    assert 'datetime="2026-03-02T12:00:00+00:00"' in html
    assert "today, 13:00" in html
    assert 'title="Monday 2 March 2026, 13:00 Europe/Berlin"' in html


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(hours=13, minutes=30), "yesterday, 23:30"),
        (timedelta(days=20), "10 Feb, 13:00"),
        (timedelta(days=400), "26 Jan 2025"),
    ],
)
def test_older_times_name_their_day(back, words):
    assert words in when(NOON - back)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=59), ">now<"),
        (timedelta(minutes=59), ">59 min<"),
        (timedelta(hours=23), ">23 h<"),
        (timedelta(days=1), ">1 day<"),
        (timedelta(days=9), ">9 days<"),
    ],
)
def test_age_is_one_number_and_its_unit(back, words):
    assert words in age(NOON - back)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=20), "in 1 min (13:00)"),
        (timedelta(hours=2, minutes=5), "in 2 h (15:05)"),
        (timedelta(days=1, hours=1), "in 1 day (Tue 14:00)"),
        (timedelta(days=20), "in 20 days (22 Mar 13:00)"),
        (timedelta(hours=-3), "3 h ago (10:00)"),
    ],
)
def test_moment_to_come_is_told_as_distance_and_hour(ahead, words):
    assert f">{words}<" in until(NOON + ahead)


def test_waiting_is_told_as_how_long():
    assert ">for 2 h<" in lasting(NOON - timedelta(hours=2, minutes=50))
    assert ">for 1 min<" in lasting(NOON)
    assert until(None) == lasting(None) == ""


def test_zone_is_named_while_the_readers_is_not_known():
    with timezone.override("UTC"):
        assert "today, 12:00 UTC<" in when(NOON)


def test_no_time_shows_nothing():
    assert when(None) == age(None) == exactly(None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Silva", "MS"), ("Ada", "A"), ("Jean Luc de la Tour", "JT"), ("", ""), ("<b> Ola", "O")],
)
def test_initials_are_of_first_and_last_name(name, letters):
    assert initials(name) == letters


def test_script_in_a_message_does_nothing():
    assert "<script" not in markup("<script>alert(1)</script> **bold**")
    assert "<strong>bold</strong>" in markup("**bold**")


@pytest.mark.parametrize("piece", ["[", "*a ", "|a", "a\n", "- a\n", "`", "&", "<b>"])
def test_text_that_would_cost_the_parser_seconds_is_shown_as_it_was_typed(piece):
    typed = piece * (100_000 // len(piece))
    html = markup(typed)
    assert html.startswith("<pre>")
    assert unescape(html.removeprefix("<pre>").removesuffix("</pre>")) == typed
    assert "<b>" not in html


def test_first_words_stand_on_one_line():
    assert first_words("one\n\n  two") == "one two"
    assert (
        first_words("see **this** [page](https://example.org/)\n\n> really\n\n- `a < b` & c")
        == "see this page really a < b & c"
    )
    assert first_words(None) == ""
