"""The questions of a topic as fields of a form. The rules are the action's; here stands only what a field needs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.choices import FieldKind
from helpdesk.models import CustomField

# So many answers stand there to be chosen from; more are put into a list that opens.
_MANY: Final = 5
_PARTS: Final = (
    ("day", gettext_lazy("Day"), 2),
    ("month", gettext_lazy("Month"), 2),
    ("year", gettext_lazy("Year"), 4),
)


class DateParts(forms.MultiWidget):
    """Day, month and year, each in a box of its own: nobody has to guess an order or a sign between them."""

    template_name = "components/date_parts.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__([forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}) for _part in _PARTS])

    def decompress(self, value: Any) -> list[Any]:
        return [] if value is None else list(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (code, label, size) in zip(context["widget"]["subwidgets"], _PARTS, strict=True):
            part["label"] = label
            part["attrs"].update(maxlength=size, size=size)
            part["code"] = code
            # The group tells what its boxes are for, once.
            part["attrs"].pop("aria-describedby", None)
        return context


class DateField(forms.Field):
    """A date as its ISO text, empty where none was given."""

    widget = DateParts

    def clean(self, value: Any) -> str:
        day, month, year = (str(part or "").strip() for part in value or ("", "", ""))
        if not (day or month or year):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return ""
        missing = [
            str(label) for part, (_code, label, _size) in zip((day, month, year), _PARTS, strict=True) if not part
        ]
        if missing:
            raise forms.ValidationError(
                _("%(question)s: this is missing: %(parts)s.") % {"question": self.label, "parts": ", ".join(missing)}
            )
        if len(year) != 4:
            raise forms.ValidationError(
                _("%(question)s: write the year with four digits, such as %(year)s.")
                % {"question": self.label, "year": date.today().year}  # noqa: DTZ011 - an example
            )
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            raise forms.ValidationError(
                _("%(question)s: there is no day %(date)s in the calendar. Write it in numbers, such as 27 3 2026.")
                % {"question": self.label, "date": f"{day} {month} {year}"}
            ) from None


def name_of(question: CustomField) -> str:
    """The name of its field, by which the action refuses its answer too."""
    return f"answer-{question.code}"


def fields_for(questions: Sequence[CustomField]) -> dict[str, forms.Field]:
    """A field for each question, in their order."""
    return {name_of(question): _field_for(question) for question in questions}


def answers_in(cleaned: dict[str, Any], questions: Sequence[CustomField]) -> dict[str, str]:
    """What was answered, by the codes of the questions."""
    given = {question.code: cleaned.get(name_of(question), "") for question in questions}
    return {code: answer for code, answer in given.items() if answer}


def _field_for(question: CustomField) -> forms.Field:
    label = str(question.shown("label"))
    common: dict[str, Any] = {
        "label": label if question.is_required else _("%(question)s (optional)") % {"question": label},
        "help_text": question.shown("help_text"),
        "required": question.is_required,
        "error_messages": {"required": _("Answer this: %(question)s") % {"question": label}},
    }
    if question.kind == FieldKind.DATE:
        return DateField(**common)
    if question.kind == FieldKind.CHOICE:
        return _choice(question, common)
    if question.kind == FieldKind.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea({"rows": 4}), **common)
    return forms.CharField(**common)


def _choice(question: CustomField, common: dict[str, Any]) -> forms.Field:
    """The answers to choose from, in the reader's words; what is sent is the desk's own."""
    shown = question.shown("options")
    words = shown if len(shown) == len(question.options) else question.options
    choices = list(zip(question.options, words, strict=True))
    common["error_messages"]["required"] = common["error_messages"]["invalid_choice"] = _(
        "Choose an answer: %(question)s"
    ) % {"question": question.shown("label")}
    if len(choices) > _MANY:
        return forms.ChoiceField(choices=[("", _("Choose one")), *choices], **common)
    if not question.is_required:
        choices.append(("", _("No answer")))
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
