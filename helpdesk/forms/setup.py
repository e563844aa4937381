"""Fields of set-up pages that are more than their column."""

from functools import cache
from typing import Any, ClassVar, Final
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Priority
from helpdesk.domain.words import clean_line

_PRIORITIES: Final = tuple(Priority)


def languages() -> list[tuple[str, str]]:
    """The languages that the desk speaks."""
    return list(settings.LANGUAGES)


class SeenForm(forms.Form):
    """A change that was looked at. `seen` is the state that the page showed."""

    seen = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


class LanguageField(forms.ChoiceField):
    """One of the desk's languages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lazy(languages, list)(), label=_("Language"), initial=settings.LANGUAGE_CODE, **kwargs)


class PlanWidget(forms.MultiWidget):
    """A line for each priority."""

    template_name = "desk/setup/plan.html"

    def __init__(self, line: forms.TextInput) -> None:
        super().__init__({f"p{p.value}": type(line)(attrs=dict(line.attrs)) for p in _PRIORITIES})

    def decompress(self, value: Any) -> list[str]:
        plan = value if isinstance(value, dict) else {}
        return [", ".join(str(level) for level in plan.get(str(p.value), [])) for p in _PRIORITIES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for priority, line in zip(_PRIORITIES, context["widget"]["subwidgets"], strict=True):
            line["label"] = priority.label
        return context


class PlanField(forms.Field):
    """The tiers for each priority, typed as levels with commas between them."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "levels": _("Write levels with commas between them, such as “1, 2”.")
    }

    def to_python(self, value: Any) -> dict[str, list[int]] | None:
        lines = [(line or "").strip() for line in value or []]
        if not any(lines):
            return None
        try:
            typed = [[int(level) for level in line.split(",")] if line else [] for line in lines]
        except ValueError as error:
            raise ValidationError(self.error_messages["levels"], code="levels") from error
        return {str(p.value): levels for p, levels in zip(_PRIORITIES, typed, strict=True)}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class LinesField(forms.CharField):
    """A list of short texts, typed one a line."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "twice": _("“%(line)s” stands there twice."),
        "long": _("“%(line)s” is longer than %(limit)d characters."),
        "many": _("These are %(count)d lines; the limit is %(limit)d."),
    }
    longest: Final = 120
    most: Final = 50

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override] # lines, where Django has one text
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [clean for line in lines if (clean := clean_line(line))]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise self._complaint("many", count=len(value), limit=self.most)
        for place, line in enumerate(value):
            if line in value[:place]:
                raise self._complaint("twice", line=line)
            if len(line) > self.longest:
                raise self._complaint("long", line=f"{line[:30]}…", limit=self.longest)

    def run_validators(self, value: Any) -> None:
        """None: Django's look at one text."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != self.to_python(initial)

    def _complaint(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class ZoneWidget(forms.Widget):
    """A field for a time zone that suggests the names of all while somebody types; `line` draws the field itself."""

    template_name = "desk/setup/zone.html"

    def __init__(self, line: forms.TextInput) -> None:
        super().__init__(dict(line.attrs))
        self.line = line

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        suggestions = f"{context['widget']['attrs'].get('id', name)}-zones"
        own = {**context["widget"]["attrs"], "list": suggestions, "autocomplete": "off"}
        line = self.line.get_context(name, value, own)["widget"]
        return {**context, "line": line, "suggestions": suggestions, "zones": zones()}


@cache
def zones() -> list[str]:
    """The time zones that are named after places, and UTC."""
    places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right")))
    return ["UTC", *sorted(places)]
