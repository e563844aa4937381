"""Fields whose rows are typed or picked from suggestions: `templates/components/combobox.html` shows them."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.errors import Text
from helpdesk.models import Ticket
from helpdesk.selectors.suggestions import SOURCES

_MOST: Final = 20


class _Asking(forms.Field):
    """A field whose rows are a source's. Before its form is checked it has to be told who asks."""

    def __init__(self, source: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.actor: Actor | None = None
        self.ticket: Ticket | None = None

    def ask(self, actor: Actor, ticket: Ticket | None = None) -> None:
        """Say who chooses, and for which ticket: nobody picks what they would not be offered."""
        self.actor, self.ticket = actor, ticket

    def find(self, text: str) -> Model:
        """The row that is meant."""
        assert self.actor is not None
        try:
            found: Model = SOURCES[self.source].find(self.actor, text, self.ticket)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return found


class PickField(_Asking, forms.CharField):
    """One row of a source of suggestions; its value is the row, or None where nothing was typed.

    It takes the row's id, which the script sends for what was picked, and its name, which is sent without a script.
    Tell it who asks before the form is checked: `form.fields["to"].ask(actor, ticket)`.
    """

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.find(text) if text else None


class RowsField(_Asking):
    """Any number of rows of a source, or of some words that mean something else; its value is a list of them."""

    widget = forms.SelectMultiple

    def __init__(self, source: str, words: Mapping[str, Text] | None = None, most: int = _MOST, **kwargs: Any) -> None:
        super().__init__(source, **kwargs)
        self.words: Final = words or {}
        self.most: Final = most
        # What each value of the sent form came to, for the page that names them.
        self.found: dict[str, Any] = {}

    def clean(self, value: Any) -> list[Any]:
        # Django copies a form's fields, and what they hold not with them.
        self.found = {}
        texts = [text for text in dict.fromkeys(str(one).strip() for one in value or ()) if text]
        if len(texts) > self.most:
            raise ValidationError(_("Choose %(limit)d at most.") % {"limit": self.most})
        problems: list[ValidationError] = []
        for text in texts:
            try:
                self.found[text] = text if text in self.words else self.find(text)
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return list(self.found.values())
