"""Texts that administrators write for requesters, in the desk's language and in others."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Translated(models.Model):
    """A row whose texts people read in their own language: `translations` is `{language: {column: text}}`.

    The columns themselves hold the text in the desk's language, which is shown where there is no other.
    """

    translations = models.JSONField(_("in other languages"), default=dict, blank=True)

    class Meta:
        abstract = True

    def shown(self, column: str) -> Any:
        """The column in the reader's language."""
        return self.translations.get(get_language() or "", {}).get(column) or getattr(self, column)

    @property
    def shown_name(self) -> str:
        """The row's name in the reader's language."""
        return str(self.shown("name"))

    @property
    def shown_description(self) -> str:
        """Its description, likewise."""
        return str(self.shown("description"))
