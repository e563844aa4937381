"""Working hours as administrators type them: a line a day, holidays a line each."""

from datetime import date
from functools import cache
from typing import Any, Final

from babel import Locale
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Weekday
from helpdesk.domain.public_holidays import countries, public_holidays
from helpdesk.domain.week_lines import LONGEST_LINE, Week, lines_of, week_of
from helpdesk.domain.words import clean_line
from helpdesk.errors import DomainError
from helpdesk.forms.setup import ZoneWidget
from helpdesk.models import CalendarVersion

_LONGEST_NAME: Final = 120
_MOST_YEARS: Final = 10
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def country_choices() -> list[tuple[str, str]]:
    """The countries whose holidays are known, in the reader's language."""
    return [("", ""), *_named(get_language() or "en")]


@cache
def _named(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language, sep="-").territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda choice: choice[1])


def holiday_lines(holidays: dict[date, str]) -> str:
    """Holidays as they are typed."""
    return "\n".join(f"{day.isoformat()} {name}" for day, name in sorted(holidays.items()))


class HoursForm(forms.Form):
    """The hours of a calendar, and by a button of its own public holidays to add to the list."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=ZoneWidget(forms.TextInput()),
        help_text=_("Its clocks decide what counts. Type a city, such as “Berlin”, and choose."),
    )
    holidays = forms.CharField(
        label=_("Holidays"),
        required=False,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("Days off, one a line, with their names: “2026-12-25 Christmas Day”."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    part = forms.CharField(
        label=_("Part of the country"),
        required=False,
        max_length=10,
        help_text=_("By its code, such as “BY” for Bavaria. Empty: what is off in the whole country."),
    )
    years = forms.CharField(
        label=_("Years"),
        required=False,
        max_length=100,
        help_text=_("Such as “2026, 2027”."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # How many days off were just added to the list; None where nobody asked for any.
    added: int | None = None

    def __init__(self, data: Any = None, *, version: CalendarVersion | None, seen: str) -> None:
        initial: dict[str, Any] = {"time_zone": "UTC", "seen": seen}
        lines = dict.fromkeys(Weekday.values, "")
        if version is not None:
            lines = lines_of(version.week)
            initial["time_zone"] = version.time_zone
            initial["holidays"] = holiday_lines(dict(version.holidays.values_list("day", "name")))
        year = timezone.localdate().year
        super().__init__(data, initial={**initial, **lines, "years": f"{year}, {year + 1}"})
        for day in Weekday:
            self.fields[day] = forms.CharField(label=day.label, required=False, max_length=LONGEST_LINE)

    @property
    def days(self) -> list[forms.BoundField]:
        """The lines of the seven days."""
        return [self[day] for day in Weekday]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        lines = {day: cleaned.get(day, "") for day in Weekday.values}
        self.cleaned_data["week"] = Week()
        for day in Weekday:
            # Each line by itself first, so that every mistake stands beside its own.
            try:
                week_of({day: lines[day]})
            except DomainError as refusal:
                self.add_error(day, str(refusal))
        if not any(self.errors.get(day) for day in Weekday.values):
            try:
                self.cleaned_data["week"] = week_of(lines)
            except DomainError as refusal:
                self.add_error(None, str(refusal))
        return self.cleaned_data

    def clean_holidays(self) -> dict[date, str]:
        """The holidays of the lines. The first that is none is named."""
        found: dict[date, str] = {}
        for line in self.cleaned_data["holidays"].splitlines():
            written, _blank, name = clean_line(line).partition(" ")
            if not written:
                continue
            try:
                day = date.fromisoformat(written)
            except ValueError:
                words = _("“%(line)s” begins with no date like 2026-12-25.")
                raise forms.ValidationError(words % {"line": line[:40]}) from None
            if day in found:
                raise forms.ValidationError(_("%(day)s stands there twice.") % {"day": written})
            if not name or len(name) > _LONGEST_NAME:
                words = _("Write a name after %(day)s, of up to %(limit)d characters.")
                raise forms.ValidationError(words % {"day": written, "limit": _LONGEST_NAME})
            found[day] = name
        return found

    def fill(self, language: str) -> "HoursForm | None":
        """The same form with the public holidays of the chosen country added to the list; None where none are found.

        What is wrong is said at its field. What stands there keeps its name.
        """
        if not self.is_valid() and self.errors.keys() & {"holidays", "country", "part", "years"}:
            return None
        said = self.cleaned_data
        try:
            years = self._years(said.get("years", ""))
            new = public_holidays(said.get("country", ""), said.get("part", "").upper(), years, language)
        except DomainError as refusal:
            self.add_error(refusal.field, str(refusal))
            return None
        except forms.ValidationError as error:
            self.add_error("years", error)
            return None
        data = dict(self.data.items())
        data["holidays"] = holiday_lines({**{day: clean_line(name) for day, name in new.items()}, **said["holidays"]})
        filled = HoursForm(data, version=None, seen="")
        filled.added = len(new.keys() - said["holidays"].keys())
        return filled

    def _years(self, line: str) -> list[int]:
        words = _("Write up to %(most)d years with commas between them, such as “2026, 2027”.")
        try:
            years = sorted({int(year) for year in line.split(",") if year.strip()})
        except ValueError:
            raise forms.ValidationError(words % {"most": _MOST_YEARS}) from None
        if not 0 < len(years) <= _MOST_YEARS or years[0] < _FIRST_YEAR or years[-1] > _LAST_YEAR:
            raise forms.ValidationError(words % {"most": _MOST_YEARS})
        return years


class InForceForm(forms.Form):
    """From when on a draft counts."""

    valid_from = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        words = _("In your time zone, %(zone)s. Empty: at once.")
        self.fields["valid_from"].help_text = words % {"zone": timezone.get_current_timezone_name()}
