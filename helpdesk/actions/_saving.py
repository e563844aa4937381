"""A row of the set-up that is being saved, and how one refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2999


@dataclass(frozen=True, slots=True)
class Saving:
    """A row about to be saved (or just saved); `before` is None for a new one, `fields` are those that change."""

    row: Model
    before: Model | None
    fields: Sequence[str]
    by: Actor
    now: datetime


def refuse(words: object, field: str) -> DomainError:
    """What is wrong with one of its fields."""
    return DomainError(str(words), Code.WRONG, field=field)


def check_span(saving: Saving) -> None:
    """A moment has to be one in every zone: the first and the last days that there are cannot be shown to everybody."""
    for name in ("starts_at", "ends_at"):
        moment = getattr(saving.row, name)
        if moment is not None and not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            words = _("Choose a year between %(first)d and %(last)d.")
            raise refuse(words % {"first": _FIRST_YEAR, "last": _LAST_YEAR}, name)
