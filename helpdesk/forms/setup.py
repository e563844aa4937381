"""Fields of set-up pages that are more than their column."""

from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import Priority

_PRIORITIES: Final = tuple(Priority)


def languages() -> list[tuple[str, str]]:
    """The languages that the desk speaks."""
    return list(settings.LANGUAGES)


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
