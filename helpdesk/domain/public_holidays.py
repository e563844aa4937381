"""The public holidays of countries and of their parts, as the `holidays` library knows them."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from helpdesk.errors import NO_HOLIDAYS_KNOWN, NOT_A_PART, Code, DomainError

if TYPE_CHECKING:
    from holidays import HolidayBase

# What the library can tell where it does not know a desk's own language.
_OTHERWISE: Final = "en_"


@cache
def countries() -> tuple[str, ...]:
    """The codes of the countries that it knows, two letters each."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - it takes long to load, and few processes need it

    return tuple(sorted(codes[1] for codes in COUNTRIES.values()))


@cache
def parts(country: str) -> tuple[str, ...]:
    """The codes of the parts of a country that have holidays of their own."""
    return tuple(_known(country, None, (), "").subdivisions)


def public_holidays(country: str, part: str | None, years: Iterable[int], language: str) -> dict[date, str]:
    """The days off in a country, or in a part of it, with their names in a language where they are known in it.

    Raises DomainError for a country or a part of which nothing is known.
    """
    if country not in countries():
        raise DomainError(NO_HOLIDAYS_KNOWN % {"country": country}, Code.WRONG, field="country")
    if part and part not in parts(country):
        raise DomainError(
            NOT_A_PART % {"part": part, "parts": ", ".join(parts(country)) or "–"}, Code.WRONG, field="part"
        )
    found = _known(country, part or None, tuple(years), language)
    return {day: found[day] for day in sorted(found)}


def _known(country: str, part: str | None, years: tuple[int, ...], language: str) -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415 - as above

    spoken = country_holidays(country).supported_languages
    begins = (f"{language}_", language, _OTHERWISE) if language else (_OTHERWISE,)
    chosen = next((one for begin in begins for one in spoken if one == begin or one.startswith(begin)), None)
    return country_holidays(country, subdiv=part, years=years, language=chosen, expand=False)
