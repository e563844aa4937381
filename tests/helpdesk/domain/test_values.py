"""References, places in lists, file names, first tiers, waits and markup."""

import html
import re
import string
import unicodedata
from datetime import UTC, datetime, timedelta

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain import backoff, first_tier, keyset, markup
from helpdesk.domain.events import EVENT_TYPES, parse
from helpdesk.domain.filenames import MAX_LENGTH, safe_name, served_type
from helpdesk.domain.markup import first_words, to_html
from helpdesk.domain.references import PROBLEM, format_ref, parse_ref, split_refs

# Microseconds since 1970 to the end of the calendar.
MOMENTS = st.integers(0, 253_402_300_799_999_999).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


@given(st.integers(1, 10**18 - 1))
def test_reference_survives_the_way_people_type_it(number: int) -> None:
    ref = format_ref(number)
    assert parse_ref(ref) == parse_ref(ref.lower()) == parse_ref(f" {number} ") == number


def test_reference_of_one_kind_names_nothing_of_another() -> None:
    assert parse_ref(format_ref(12, PROBLEM), PROBLEM) == parse_ref("12", PROBLEM) == 12
    assert parse_ref("WD-12", PROBLEM) is parse_ref("PRB-12") is None
    assert split_refs(" WD-1, wd-2;WD-1\nWD-3 ") == ["WD-1", "wd-2", "WD-3"]
    assert split_refs(" ,; ") == []


@pytest.mark.parametrize(
    "text",
    ["", "WD-", "WD-0", "WD-01", "WD--1", "XX-1", "WD-1 OR 1=1", "WD-" + "9" * 30, "١"],
)
def test_reference_that_names_nothing_is_none(text: str) -> None:
    assert parse_ref(text) is None


@given(st.lists(MOMENTS | st.integers(0, 10**18 - 1), min_size=1, max_size=4))
def test_place_survives_its_address(values: list[datetime | int]) -> None:
    place = keyset.Place(tuple(values))
    assert keyset.decode(place.encode()) == place


@given(st.text(max_size=40))
def test_place_from_a_stranger_is_a_place_or_nothing(text: str) -> None:
    place = keyset.decode(text)
    assert place is None or keyset.decode(place.encode()) == place


@given(st.text(max_size=400))
def test_file_name_can_be_shown_and_saved_under(name: str) -> None:
    clean = safe_name(name)
    assert 0 < len(clean) <= MAX_LENGTH
    assert not re.search(r"[/\\:\r\n\0]", clean)
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in clean)
    assert clean not in {".", ".."}
    assert safe_name(clean) == clean


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.png", "photo.png"),
        ("in\u202egnp.exe", "ingnp.exe"),
        ("", "file"),
        ("...", "file"),
        ("a" * 200 + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_file_name_loses_what_could_deceive(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


def test_only_harmless_types_are_served_as_what_they_are() -> None:
    assert served_type("image/png") == "image/png"
    assert served_type("text/html") == served_type("image/svg+xml") == "application/octet-stream"


LEVELS = st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True)


@given(LEVELS, st.data())
def test_next_level_is_the_nearest_one_that_exists(levels: list[int], data: st.DataObject) -> None:
    current = data.draw(st.integers(0, 10))
    above, below = (
        [x for x in levels if x > current],
        [x for x in levels if x < current],
    )
    assert first_tier.next_level(levels, current, +1) == (min(above) if above else None)
    assert first_tier.next_level(levels, current, -1) == (max(below) if below else None)


@pytest.mark.parametrize(
    ("plan", "problems"),
    [
        ({"1": [4], "2": [3], "3": [2], "4": [1]}, []),
        ({"1": [1, 2, 3, 4], "2": [2], "3": [1, 2], "4": [1]}, []),
        ({"1": [4], "2": [3]}, ["shape"]),
        ([1, 2, 3, 4], ["shape"]),
        (None, ["shape"]),
        (
            {"1": [], "2": [3], "3": "2", "4": [1, 1]},
            ["priority:1", "priority:3", "priority:4"],
        ),
        ({"1": [9], "2": [3], "3": [2], "4": [True]}, ["level:9", "level:True"]),
        ({"1": [[4]], "2": [{}], "3": [2], "4": [1]}, ["level:[4]", "level:{}"]),
    ],
)
def test_plan_for_first_tiers_says_what_is_wrong_with_it(plan: object, problems: list[str]) -> None:
    assert first_tier.problems(plan, frozenset({1, 2, 3, 4})) == problems


def test_waits_grow_and_end() -> None:
    waits = [backoff.delay(attempts) for attempts in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=8)
    assert [backoff.is_exhausted(n) for n in (22, 23, 24)] == [False, True, True]
    assert sum(waits[: backoff.MAX_ATTEMPTS - 1], timedelta()) > timedelta(days=4)


def test_event_of_before_the_first_release_is_read_under_its_present_name() -> None:
    assert parse("waits_on_partner", {"partner_id": 1, "wait_id": 2}).kind == "partner_awaited"


IRREGULAR = {
    "breach_withdrawn",
    "followed_up",
    "ladder_told",
    "policy_chosen",
    "sub_task_done",
    "time_spent",
    "took_in",
}


def test_event_kinds_are_past_tense_and_carry_no_words() -> None:
    for kind, data in EVENT_TYPES.items():
        assert kind.split("_")[-1].endswith("ed") or kind in IRREGULAR, kind
        assert not {"text", "body", "name", "email", "subject"} & set(data.__dataclass_fields__)


def test_event_payload_comes_back_typed() -> None:
    data = EVENT_TYPES["escalated"](from_tier=1, to_tier=2, message_id=5)  # type: ignore[call-arg]
    assert parse("escalated", data.as_json()) == data


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="x" onclick="alert(1)" x-data="{}" hx-get="/" id="a" class="b" style="c" data-x="1">x</a>',
    "![pixel](https://elsewhere.example/pixel.png)",
    "<svg><script>alert(1)</script></svg>",
    '<div x-init="alert(1)" @click="alert(1)"></div>',
    "```html\n<script>alert(1)</script>\n```",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_markup_lets_nothing_through_that_acts(text: str) -> None:
    html = to_html(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not any(re.search(r"script|img|svg|\son|javascript:|data:|x-|@|hx-|class|style|\sid=", tag) for tag in tags)


@given(st.text(max_size=300))
def test_markup_of_any_text_holds_known_tags_only(text: str) -> None:
    names = {name.lower() for name in re.findall(r"</?([a-zA-Z][a-zA-Z0-9-]*)", to_html(text))}
    assert names <= {
        "p", "br", "hr", "em", "strong", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip


def test_markup_keeps_what_people_mean() -> None:
    assert to_html("one\ntwo") == "<p>one<br>\ntwo</p>\n"
    link = to_html("[help](https://example.org)")
    assert 'href="https://example.org"' in link
    assert "noopener" in link


@pytest.mark.parametrize("mark", [*string.punctuation, "\n"])
def test_text_of_too_many_marks_is_shown_as_it_was_typed(mark: str) -> None:
    assert to_html(f"a{mark}" * 3001).startswith("<pre>")


def test_headings_of_a_message_stand_below_those_of_the_page() -> None:
    assert to_html("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n"


def test_first_words_are_one_line_of_bounded_length() -> None:
    assert first_words("a\n\n b") == "a b"
    assert len(first_words("word " * 100, 50)) <= 50


@given(st.text(alphabet="ab 1.)-+=\n\t\r *_#>:/!~`&<|\\\u00a0\u2028\x0b\x0c\x85\ufeff\0", max_size=40))
def test_first_words_are_those_of_the_whole_text_whatever_was_saved_on_the_way(text: str) -> None:
    slow = html.unescape(nh3.clean(markup._markdown.render(text), tags=set()))
    assert first_words(text) == " ".join(slow.split())
