"""The days off of countries."""

from datetime import date

import pytest

from helpdesk.domain.public_holidays import countries, parts, public_holidays
from helpdesk.errors import DomainError


def test_holidays_are_those_of_the_country_and_its_part_in_the_language_of_the_desk() -> None:
    bavaria = public_holidays("DE", "BY", [2026, 2027], "de")
    assert bavaria[date(2026, 1, 6)] == "Heilige Drei Könige"
    assert bavaria[date(2027, 10, 3)] == "Tag der Deutschen Einheit"
    assert {day.year for day in bavaria} == {2026, 2027}
    assert list(bavaria) == sorted(bavaria)
    germany = public_holidays("DE", None, [2026], "en")
    assert date(2026, 1, 6) not in germany
    assert germany[date(2026, 4, 3)] == "Good Friday"


def test_language_that_is_not_known_becomes_english() -> None:
    assert public_holidays("BR", "", [2026], "de")[date(2026, 4, 3)] == "Good Friday"


def test_countries_have_two_letters_and_parts() -> None:
    assert {"DE", "GB", "US", "SG", "BR"} <= set(countries())
    assert all(len(code) == 2 for code in countries())
    assert "BY" in parts("DE")


@pytest.mark.parametrize(
    ("country", "part", "field"), [("XX", "", "country"), ("", "", "country"), ("DE", "XX", "part")]
)
def test_unknown_places_are_refused(country: str, part: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        public_holidays(country, part, [2026], "en")
    assert refused.value.field == field
