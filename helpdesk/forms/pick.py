"""Fields whose row is typed or picked from suggestions: `templates/components/combobox.html` shows them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from helpdesk.actors import Actor
from helpdesk.models import Ticket
from helpdesk.selectors.suggestions import SOURCES


class PickField(forms.CharField):
    """One row of a source of suggestions; its value is the row, or None where nothing was typed.

    It takes the row's id, which the script sends for what was picked, and its name, which is sent without a script.
    Before the form is checked it has to be told who asks: `field.ask(actor, ticket)`.
    """

    def __init__(self, source: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.actor: Actor | None = None
        self.ticket: Ticket | None = None

    def ask(self, actor: Actor, ticket: Ticket | None = None) -> None:
        """Say who chooses, and for which ticket: nobody picks what they would not be offered."""
        self.actor, self.ticket = actor, ticket

    def clean(self, value: Any) -> Model | None:
        text = super().clean(value)
        if not text:
            return None
        assert self.actor is not None
        try:
            found: Model = SOURCES[self.source].find(self.actor, text, self.ticket)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return found
