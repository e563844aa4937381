"""What agents type where a priority follows: impact and urgency, or what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import judging
from helpdesk.choices import Impact, Pressure, Priority, PrioritySource
from helpdesk.domain import severity
from helpdesk.errors import Text
from helpdesk.forms.desk import DeskForm
from helpdesk.models import Criterion, Ticket
from helpdesk.selectors import priorities
from helpdesk.selectors.clock_effects import Effect


@dataclass(frozen=True, slots=True)
class Found:
    """What one row came to."""

    name: str
    priority: Priority


class JudgeForm(DeskForm):
    """Any of both. After `look` it shows what each row comes to, the priority of all together, and what that does."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title: Text = ""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticket = ticket
        self.found: list[Found] = []
        self.priority: Priority | None = None
        self.effects: Sequence[Effect] = ()

    def look(self) -> bool:
        """Find what the valid form comes to. Raises the action's refusals."""
        raise NotImplementedError


class WeighForm(JudgeForm):
    """How many people it stops, and how urgent it is."""

    title = _("Weigh impact and urgency")
    impact = forms.TypedChoiceField(
        label=_("How many people does it stop?"),
        choices=[("", _("Choose one")), *Impact.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("How urgent is it?"),
        choices=[("", _("Choose one")), *Pressure.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def look(self) -> bool:
        typed = self.cleaned_data
        if typed["impact"] and typed["urgency"]:
            self.priority = Priority(judging.weighed(self.ticket.queue, typed["impact"], typed["urgency"]))
        return True


class MeasureForm(JudgeForm):
    """What was measured, a field for each criterion; a box for each that is so or not."""

    title = _("Measure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = priorities.criteria()
        for criterion in self.criteria:
            self.fields[severity.field_of(criterion.code)] = _measure(criterion)

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the codes of the criteria."""
        typed = {one.code: self.cleaned_data.get(severity.field_of(one.code)) for one in self.criteria}
        return {code: "yes" if value is True else value or "" for code, value in typed.items()}

    def look(self) -> bool:
        found = judging.judged(self.criteria, self.values)
        names = {one.code: one.shown_name for one in self.criteria}
        self.found = [Found(names[verdict.scale.code], verdict.priority) for verdict in found]
        self.priority = severity.worst(found)
        return True


def _measure(criterion: Criterion) -> forms.Field:
    name = criterion.shown_name
    if criterion.is_case:
        return forms.BooleanField(label=name, required=False)
    label = _("%(name)s in %(unit)s") % {"name": name, "unit": criterion.unit} if criterion.unit else name
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "maxlength": 12})
    return forms.CharField(label=label, required=False, widget=widget)


def judge_form_of(ticket: Ticket) -> type[JudgeForm]:
    """The kind of form by which the ticket's queue sets priorities."""
    return MeasureForm if ticket.queue.priority_source == PrioritySource.MEASURED else WeighForm


def judge_form(ticket: Ticket, data: Any = None) -> JudgeForm:
    """The form by which the ticket's queue sets priorities."""
    return judge_form_of(ticket)(data, ticket=ticket)
