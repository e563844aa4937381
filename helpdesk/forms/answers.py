"""The questions of a topic as fields of a form. The rules are the action's; here stands only what a field needs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actors import Actor
from helpdesk.choices import FieldKind
from helpdesk.domain.answers import Typed, field_of
from helpdesk.models import CustomField, Ticket
from helpdesk.selectors.answers import choices
from helpdesk.selectors.suggestions import people

# So many answers stand there to be chosen from; more are put into a list that opens.
_MANY: Final = 5
_MOST_PEOPLE: Final = 200
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
    return field_of(question.key)


def fields_for(
    questions: Sequence[CustomField],
    actor: Actor | None = None,
    ticket: Ticket | None = None,
    *,
    to_resolve: bool = False,
) -> dict[str, forms.Field]:
    """A field for each question, in their order. `actor` is who answers: they see whom they may name.

    `to_resolve`: none of them may stay without an answer, which the action says.
    """
    made = {name_of(question): _field_for(question, actor, ticket) for question in questions}
    for question in questions if to_resolve else ():
        field = made[name_of(question)]
        field.label, field.required = str(question.shown("label")), False
        if isinstance(field.widget, forms.RadioSelect):
            field.widget.choices = [one for one in field.widget.choices if one[0]]
    return made


def answers_in(cleaned: dict[str, Any], questions: Sequence[CustomField]) -> dict[str, Typed]:
    """What was answered, by the keys of the questions."""
    given = {question.key: cleaned.get(name_of(question), "") for question in questions}
    return {key: answer for key, answer in given.items() if answer}


def _field_for(question: CustomField, actor: Actor | None, ticket: Ticket | None) -> forms.Field:
    label = str(question.shown("label"))
    common: dict[str, Any] = {
        "label": label if question.is_required else _("%(question)s (optional)") % {"question": label},
        "help_text": question.shown("help_text"),
        "required": question.is_required,
        "error_messages": {"required": _("Answer this: %(question)s") % {"question": label}},
    }
    if question.kind == FieldKind.DATE:
        return DateField(**common)
    if question.kind in _CHOSEN:
        return _chosen(question, _offered(question, actor, ticket), common)
    if question.kind == FieldKind.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea({"rows": 4}), **common)
    if question.kind == FieldKind.NUMBER:
        return forms.CharField(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **common)
    return forms.CharField(**common)


_CHOSEN: Final = frozenset({FieldKind.CHOICE, FieldKind.MULTI, FieldKind.BOOLEAN, FieldKind.PERSON})


def _offered(question: CustomField, actor: Actor | None, ticket: Ticket | None) -> list[tuple[str, str]]:
    """The answers to choose from, in the reader's words; what is sent is the desk's own."""
    if question.kind == FieldKind.PERSON:
        rows = people(actor, ticket).order_by(Lower("name"), "pk")[:_MOST_PEOPLE] if actor else ()
        return [(str(row.pk), str(row)) for row in rows]
    return choices(question)


def _chosen(question: CustomField, offered: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    common["error_messages"]["required"] = common["error_messages"]["invalid_choice"] = _(
        "Choose an answer: %(question)s"
    ) % {"question": question.shown("label")}
    if question.kind == FieldKind.MULTI:
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
    if question.kind == FieldKind.PERSON or len(offered) > _MANY:
        return forms.ChoiceField(choices=[("", _("Choose one")), *offered], **common)
    if not question.is_required:
        offered = [*offered, ("", _("No answer"))]
    return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, **common)
