"""The questions about a ticket as the panel beside it shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from helpdesk.actions.fields import state_of
from helpdesk.choices import FieldKind
from helpdesk.models import CustomField
from helpdesk.selectors.answers import Asked, choices, picked
from helpdesk.views.desk.panels import Refused

_CHOSEN: Final = frozenset({FieldKind.CHOICE, FieldKind.BOOLEAN})


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the panel. `control` says what takes its answer, nothing where it is only read."""

    asked: Asked
    control: str = ""
    seen: str = ""
    text: str = ""
    options: Sequence[tuple[str, str, bool]] = ()
    problem: str = ""

    @property
    def name(self) -> str:
        """What tells its form from the page's others."""
        return form_name(self.asked.field)


def form_name(field: CustomField) -> str:
    """The name of the form that answers a question."""
    return f"field-{field.pk}"


def rows(asked: Sequence[Asked], refused: Refused | None, *, works: bool) -> list[Row]:
    """The questions as the panel shows them: forms for who works on the ticket, else what was answered."""
    return [
        _row(one, refused) if works and one.applies and one.field.is_active else Row(one)
        for one in asked
        if works or one.value is not None
    ]


def _row(one: Asked, refused: Refused | None) -> Row:
    field, problem, text = one.field, "", _typed(one)
    if refused is not None and refused.name == form_name(field):
        problem = " ".join(str(words) for errors in refused.form.errors.values() for words in errors)
        text = refused.form.data.get("to", text)
    kind = FieldKind(field.kind)
    control = "select" if kind in _CHOSEN else str(kind.value)
    return Row(one, control, state_of(one.value), text, _options(one), problem)


def _typed(one: Asked) -> str:
    if one.field.kind in (FieldKind.PERSON, FieldKind.NUMBER):
        return one.shown
    return one.value if isinstance(one.value, str) else ""


def _options(one: Asked) -> list[tuple[str, str, bool]]:
    """What can be chosen, with what was chosen once and is not offered any more."""
    if one.field.kind not in _CHOSEN | {FieldKind.MULTI}:
        return []
    offered, chosen = choices(one.field), picked(one.value)
    known = dict(offered)
    return [(code, words, code in chosen) for code, words in [*offered, *((c, c) for c in chosen if c not in known)]]
