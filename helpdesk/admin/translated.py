"""Texts that administrators write for requesters: a field for each of the desk's other languages."""

import types
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.db.models import Model, TextField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from helpdesk.forms.setup import LinesField, languages

F = TypeVar("F", bound=forms.ModelForm)  # type: ignore[type-arg] # forms of rows of every kind


def other_languages() -> list[tuple[str, str]]:
    """Every language that the desk speaks beside its own."""
    return [(code, name) for code, name in languages() if code != settings.LANGUAGE_CODE]


class TranslatedTexts(forms.ModelForm):  # type: ignore[type-arg] # for rows of every kind
    """A form that also takes its texts in other languages; where one is left empty the desk's own is shown."""

    translated: ClassVar[Sequence[str]] = ()
    derived: ClassVar[Sequence[str]] = ("translations",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, code, name in self._places():
            self.initial.setdefault(name, self.instance.translations.get(code, {}).get(column))

    def _places(self) -> list[tuple[str, str, str]]:
        """Column, language and name of each field there is for a translation."""
        found = [(text, code, field_name(text, code)) for text in self.translated for code, _name in other_languages()]
        return [place for place in found if place[2] in self.fields]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        texts = {code: dict(columns) for code, columns in self.instance.translations.items()}
        for column, code, name in self._places():
            if name not in typed:
                continue
            of_language = texts.setdefault(code, {})
            of_language.pop(column, None)
            if typed[name]:
                of_language[column] = typed[name]
                self._check_length(column, name)
        self.instance.translations = {code: columns for code, columns in texts.items() if columns}
        return cleaned

    def _check_length(self, column: str, name: str) -> None:
        """Answers are translated one by one: who picks the second picks the second in every language."""
        original, other = self.cleaned_data.get(column), self.cleaned_data[name]
        if isinstance(other, list) and isinstance(original, list) and len(other) != len(original):
            words = _("Write as many lines as there are answers above, in the same order: %(count)d.")
            self.add_error(name, forms.ValidationError(words, params={"count": len(original)}))


def field_name(column: str, code: str) -> str:
    """The name of the field for a text in a language."""
    return f"{column}_in_{code}"


def with_languages(form: type[F], model: type[Model]) -> type[F]:
    """The form with a field for each of its texts in each other language."""
    made = {
        field_name(column, code): _field(model, column, name)
        for column in getattr(form, "translated", ())
        for code, name in other_languages()
    }
    return types.new_class(form.__name__, (form,), exec_body=lambda space: space.update(made)) if made else form


def _field(model: type[Model], column: str, language: str) -> forms.Field:
    original = model._meta.get_field(column)
    label = _("%(text)s (%(language)s)") % {"text": str(original.verbose_name).capitalize(), "language": language}  # type: ignore[union-attr] # a column, no relation
    help_text = _("For readers of this language. Empty: they read the words above.")
    common: dict[str, Any] = {"label": label, "required": False, "help_text": help_text}
    if column == "options":
        return LinesField(widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), **common)
    widget = UnfoldAdminTextareaWidget if isinstance(original, TextField) else UnfoldAdminTextInputWidget
    return forms.CharField(max_length=getattr(original, "max_length", None), widget=widget(), **common)


class InLanguages:
    """For pages and inlines: each text is followed by its translations, for those who may change them."""

    form: Any
    model: Any

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The fields in order, each text with its translations behind it."""
        fields = super().get_fields(request, obj)  # type: ignore[misc] # Django's, which this stands before
        if not self.has_change_permission(request, obj):  # type: ignore[attr-defined] # Django's too
            return list(fields)
        ordered: list[Any] = []
        for name in fields:
            ordered.append(name)
            if name in self.form.translated:
                ordered += [field_name(name, code) for code, _name in other_languages()]
        return ordered
