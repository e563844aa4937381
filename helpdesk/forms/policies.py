"""What a policy promises as administrators type it: a time for each clock and priority, and the ladder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.policies import Terms, field_of
from helpdesk.actors import Actor
from helpdesk.choices import Metric, Priority, Status, WorkState
from helpdesk.domain.ids import id_in
from helpdesk.domain.sla_rules import WARNED, Act, Rules, Rung
from helpdesk.domain.spans import span_in, typed
from helpdesk.errors import RULE_PROBLEMS, DomainError
from helpdesk.forms.rungs import Names, RungForm, ToldField, people_in, telling, told_by
from helpdesk.models import Calendar, PolicyVersion

MOST_RUNGS: Final = 40
# The clocks that have one time for each priority, in the order in which they are told.
TIMED: Final = tuple(metric for metric in Metric if metric in WARNED)
# In what is solved nothing runs.
_PAUSING: Final = tuple(status for status in Status if status not in {Status.RESOLVED, Status.CLOSED})
_MOST_WARNINGS: Final = 10


class SpanField(forms.CharField):
    """A working time; None where nothing is promised."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=40)

    def clean(self, value: Any) -> timedelta | None:
        text = str(super().clean(value)).strip()
        try:
            return span_in(text) if text else None
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class SharesField(forms.CharField):
    """Shares of a time, with commas between them."""

    def clean(self, value: Any) -> tuple[int, ...]:
        parts = [part.strip(" %\u00a0") for part in str(super().clean(value)).split(",")]
        shares = [part for part in parts if part]
        if not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in shares):
            raise forms.ValidationError(_("Write whole numbers with commas between them, such as “75, 90”."))
        if len(shares) > _MOST_WARNINGS:
            raise forms.ValidationError(_("Ten warnings are enough for a clock."))
        return tuple(sorted({int(part) for part in shares}))


class RulesForm(forms.Form):
    """All that a version of a policy says."""

    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.none(),
        empty_label=None,
        help_text=_("Every clock of this policy counts in its working hours."),
        error_messages={"required": _("Choose a calendar."), "invalid_choice": _("Choose a calendar from the list.")},
    )
    warn_at = SharesField(
        label=_("Warn at"),
        required=False,
        max_length=100,
        help_text=_("Shares of the time in per cent, such as “75, 90”. Empty: nobody is warned."),
    )
    warned = ToldField(label=_("Whom a warning tells"))
    breached = ToldField(label=_("Whom a broken promise tells"))
    owed = ToldField(label=_("Whom an update that is owed tells"))
    rungs = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, version: PolicyVersion | None, seen: str, actor: Actor) -> None:
        rules = version.parsed() if version is not None else _blank()
        self.stored = rules
        # Of the version that this becomes.
        self.number = 1 if version is None else version.number + (not version.is_draft)
        initial = {**_initial(rules), "seen": seen, "calendar": version.calendar_id if version else None}
        super().__init__(data, initial=initial)
        offered = Q(is_active=True, versions__valid_from__isnull=False)
        if version is not None:
            offered |= Q(pk=version.calendar_id)
        calendar = self.fields["calendar"]
        assert isinstance(calendar, forms.ModelChoiceField)
        calendar.queryset = Calendar.objects.filter(offered).distinct()
        for key in (*TIMED, *WorkState):
            for priority in Priority:
                self.fields[f"{key.value}_{priority.value}"] = SpanField(f"{key.label}, {priority.label}")
        for metric in Metric:
            self.fields[f"pauses_{metric.value}"] = forms.MultipleChoiceField(
                label=metric.label,
                required=False,
                choices=[(status.value, status.label) for status in _PAUSING],
                widget=forms.CheckboxSelectMultiple,
            )
        self.steps = self._steps(data, rules, actor)

    def _steps(self, data: Any, rules: Rules, actor: Actor) -> list[RungForm]:
        """The steps of the ladder; of a form that was sent those that it has, and one more where that was asked for."""
        stored = {rung.key: rung for rung in rules.rungs}
        places: Sequence[Rung | None] = rules.rungs
        named: list[int] = []
        if data is not None:
            sent = range(min(id_in(data.get("rungs")) or 0, MOST_RUNGS))
            places = [stored.get(data.get(f"rung-{place}-key", "")) for place in sent]
            named = [pk for place in sent for pk in people_in(data, place)]
            if "add" in data and len(sent) < MOST_RUNGS:
                places = [*places, None]
        names = Names.of((act for rung in rules.rungs for act in rung.acts), named)
        return [RungForm(data, place=place, rung=rung, names=names, actor=actor) for place, rung in enumerate(places)]

    @property
    def targets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The lines of times for answers and solutions."""
        return [self._line(metric) for metric in TIMED]

    @property
    def updates(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The lines of times between updates."""
        return [self._line(state) for state in WorkState]

    def _line(self, key: Metric | WorkState) -> tuple[str, list[forms.BoundField]]:
        return str(key.label), [self[f"{key.value}_{priority.value}"] for priority in Priority]

    @property
    def pauses(self) -> list[forms.BoundField]:
        """In which statuses each clock stands."""
        return [self[f"pauses_{metric.value}"] for metric in Metric]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        are_right = [step.is_valid() for step in self.steps]
        if not all(are_right):
            self.add_error(None, _("Something is wrong with a step of the ladder. Look at the steps below."))
        rules = self._rules()
        for place, code in rules.problems():
            field = field_of(place)
            # What is wrong with a step is told there, and what could not be read at all is told already.
            is_told = place.startswith("rungs:") or (field is not None and field in self.errors)
            is_unread = code == "no_targets" and any(self.errors.get(name) for name in self._timed)
            if not is_told and not is_unread:
                self.add_error(field, str(RULE_PROBLEMS[code]))
        cleaned["rules"] = rules
        return cleaned

    @property
    def _timed(self) -> list[str]:
        return [field.name for _label, line in self.targets for field in line]

    def terms(self) -> Terms:
        """What the valid form says."""
        return Terms(self.cleaned_data["calendar"], self.cleaned_data["rules"])

    def _rules(self) -> Rules:
        said, stored = self.cleaned_data, self.stored
        rungs = [step.cleaned_data["rung"] for step in self.steps if "rung" in getattr(step, "cleaned_data", {})]
        return Rules(
            targets=self._table(TIMED),
            updates=self._table(tuple(WorkState)),
            pauses=dict(self._pauses()),
            warn_at=said.get("warn_at", ()),
            warned=_told(said, "warned", stored.warned),
            breached=_told(said, "breached", stored.breached),
            owed=_told(said, "owed", stored.owed),
            rungs=tuple(_keyed(rungs, {rung.key for rung in stored.rungs}, self.number)),
        )

    def _pauses(self) -> Iterator[tuple[Metric, frozenset[Status]]]:
        for metric in Metric:
            chosen = set(map(Status, self.cleaned_data.get(f"pauses_{metric.value}", ())))
            if statuses := chosen | (self.stored.paused(metric) - set(_PAUSING)):
                yield metric, frozenset(statuses)

    def _table(self, keys: Sequence[Any]) -> dict[Any, dict[int, timedelta]]:
        found = {}
        for key in keys:
            spans = {priority.value: self.cleaned_data.get(f"{key.value}_{priority.value}") for priority in Priority}
            if row := {priority: span for priority, span in spans.items() if span is not None}:
                found[key] = row
        return found


def _keyed(rungs: Sequence[Rung], stored: set[str], number: int) -> list[Rung]:
    """The steps with their keys: each that was there keeps its own, by which clocks know it as done; others get one
    that no step had before.
    """
    found, taken = list[Rung](), set[str]()
    fresh = (key for place in count(1) if (key := f"{number}-{place}") not in stored)
    for rung in rungs:
        key = rung.key if rung.key in stored and rung.key not in taken else next(fresh)
        taken.add(key)
        found.append(replace(rung, key=key))
    return found


def _told(said: Mapping[str, Any], name: str, stored: Sequence[Act]) -> tuple[Act, ...]:
    """Whom it tells, with what else is done then."""
    shown = telling(told_by(stored))
    return (*telling(said.get(name, ())), *(act for act in stored if act not in shown))


def _blank() -> Rules:
    """From what a policy begins that says nothing yet."""
    waiting = frozenset({Status.PENDING, Status.ON_HOLD})
    return Rules(pauses={metric: waiting for metric in Metric if metric is not Metric.FIRST_RESPONSE}, warn_at=(75, 90))


def _initial(rules: Rules) -> dict[str, Any]:
    tables = [*((metric, rules.targets.get(metric, {})) for metric in TIMED), *rules.updates.items()]
    return {
        "warn_at": ", ".join(map(str, rules.warn_at)),
        "warned": told_by(rules.warned),
        "breached": told_by(rules.breached),
        "owed": told_by(rules.owed),
        **{f"pauses_{metric.value}": sorted(rules.paused(metric)) for metric in Metric},
        **{f"{key.value}_{priority}": typed(span) for key, row in tables for priority, span in row.items()},
    }
