"""Spans of working time as they are typed and told."""

from datetime import timedelta

import pytest

from helpdesk.domain.spans import span_in, typed
from helpdesk.errors import DomainError


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4 h", 240), ("4h", 240), ("90 min", 90), ("1 h 30 min", 90), ("1:30", 90), ("1,5 Std.", 90), ("0.25 h", 15),
        (" 2 hours ", 120), ("45 Minuten", 45), ("168 h", 10_080), ("1 Stunde 5 Min.", 65), ("0 h", 0),
    ],
)  # fmt: skip
def test_span_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert span_in(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "soon", "4", "3 d", "1 week", "-1 h", "1:75", "10000 h", "٣ h", "1 h 1 h"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        span_in(text)


@pytest.mark.parametrize("minutes", [0, 5, 60, 90, 4320])
def test_span_is_typed_as_it_is_read(minutes: int) -> None:
    assert span_in(typed(timedelta(minutes=minutes))) == timedelta(minutes=minutes)
