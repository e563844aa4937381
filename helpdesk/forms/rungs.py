"""A step of a policy's ladder as administrators fill it in."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import Deed, Metric, Priority, Reached
from helpdesk.domain.ids import id_in
from helpdesk.domain.sla_rules import Act, Rung
from helpdesk.domain.spans import span_in, typed
from helpdesk.errors import RULE_PROBLEMS, DomainError
from helpdesk.forms.pick import PickField
from helpdesk.models import StaffRole, User

# Whom a notice reaches without being named.
TOLD: Final = (Reached.ASSIGNEE, Reached.TEAM_LEADS, Reached.MANAGERS)
# What is done without saying more.
_PLAIN: Final = (Deed.RAISE_TIER, Deed.RAISE_PRIORITY, Deed.CALL_ONCALL)
_MOST_PEOPLE: Final = 20
_SHARE: Final = re.compile(r"(\d{1,5})\s*(?:%|per ?cent|prozent)", re.ASCII | re.IGNORECASE)
_PLACES: Final = {"no_priorities": "priorities", "no_acts": "told"}


def told_by(acts: Iterable[Act]) -> list[str]:
    """Which of `TOLD` these acts tell."""
    return [act.reached.value for act in acts if act.deed is Deed.NOTIFY and act.reached in TOLD]


def telling(chosen: Iterable[str]) -> list[Act]:
    """The acts that tell these."""
    return [Act(Deed.NOTIFY, Reached(value)) for value in chosen]


class ToldField(forms.MultipleChoiceField):
    """Whom a step tells, without names."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(one.value, one.label) for one in TOLD]
        super().__init__(required=False, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class Names:
    """The people and the roles that a policy names, by their ids, read at once."""

    def __init__(self, people: Iterable[int], roles: Iterable[int] = ()) -> None:
        wanted, steps = set(people), set(roles)
        self.people: Mapping[int, User] = User.objects.in_bulk(wanted) if wanted else {}
        self.roles: Mapping[int, StaffRole] = StaffRole.objects.in_bulk(steps) if steps else {}

    @classmethod
    def of(cls, acts: Iterable[Act], more: Iterable[int] = ()) -> "Names":
        """Those that the acts name, and more people."""
        people, roles = list(more), list[int]()
        for act in acts:
            (roles if act.deed is Deed.CLIMB else people).extend(act.ids)
        return cls(people, roles)


class RungForm(forms.Form):
    """A threshold and what is done when it is reached. One in which nothing is filled in is none."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    metric = forms.ChoiceField(label=_("Clock"), choices=Metric.choices)
    at = forms.CharField(
        label=_("When"),
        required=False,
        max_length=40,
        help_text=_("A share of the time, such as “80 %” or “150 %”, or a working time since the start: “30 min”."),
    )
    priorities = forms.TypedMultipleChoiceField(
        label=_("For"), required=False, choices=Priority.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    told = ToldField(label=_("Tell"))
    people = forms.TypedMultipleChoiceField(
        label=_("Tell by name"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    person = PickField("staff", required=False, max_length=120)
    deeds = forms.MultipleChoiceField(
        label=_("Do"),
        required=False,
        choices=[(deed.value, deed.label) for deed in _PLAIN],
        widget=forms.CheckboxSelectMultiple,
    )
    give_to = PickField("staff", required=False, max_length=120)
    climb = PickField("role", required=False, max_length=120)
    despite = forms.BooleanField(label=_("Also when somebody has acknowledged the ticket"), required=False)
    remove = forms.BooleanField(label=_("Take this step out"), required=False)

    def __init__(self, data: Any, *, place: int, rung: Rung | None, names: Names, actor: Actor) -> None:
        self.place, self.names, self.stored = place, names, rung
        super().__init__(data, prefix=f"rung-{place}", initial=_initial(rung))
        for name in ("person", "give_to", "climb"):
            field = self.fields[name]
            assert isinstance(field, PickField)
            field.ask(actor)
        people = self.fields["people"]
        assert isinstance(people, forms.TypedMultipleChoiceField)
        there = people_in(data, place) if data is not None else self.initial.get("people", [])
        people.choices = [(pk, str(names.people[pk])) for pk in there if pk in names.people]

    @property
    def suggesting(self) -> dict[str, dict[str, str]]:
        """What the fields that suggest show: the words, and the id that these stand for."""
        found = {}
        for name, rows in (("person", self.names.people), ("give_to", self.names.people), ("climb", self.names.roles)):
            value = str(self[name].value() or "")
            row = rows.get(id_in(value) or 0)
            found[name] = {"text": value if row is None else str(row), "value": "" if row is None else value}
        return found

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: one that is new, or in which something is wrong."""
        return self.stored is None or bool(self.is_bound and self.errors)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_left_out:
            self.errors.clear()
            return cleaned
        percent, after = None, None
        try:
            percent, after = _threshold(cleaned.get("at", ""))
        except DomainError as refusal:
            self.add_error("at", str(refusal))
        rung = self._made(percent, after)
        for code in rung.problems():
            place = _PLACES.get(code, "at")
            if place not in self.errors:
                self.add_error(place, str(RULE_PROBLEMS[code]))
        cleaned["rung"] = rung
        return cleaned

    @property
    def is_left_out(self) -> bool:
        """Whether it shall not be there: it was taken out, or nobody filled it in."""
        said = self.cleaned_data
        filled = ("at", "priorities", "told", "people", "person", "deeds", "give_to", "climb")
        is_empty = not any(said.get(name) for name in filled) and not self.errors.keys() & set(filled)
        return bool(said.get("remove")) or (is_empty and not said.get("key"))

    def _made(self, percent: int | None, after: timedelta | None) -> Rung:
        said = self.cleaned_data
        acts = [Act(Deed(value)) for value in said.get("deeds", ())]
        if person := said.get("give_to"):
            acts.append(Act(Deed.REASSIGN, ids=(person.pk,)))
        if role := said.get("climb"):
            acts.append(Act(Deed.CLIMB, ids=(role.pk,)))
        acts += telling(said.get("told", ()))
        named = dict.fromkeys([*said.get("people", ()), *([said["person"].pk] if said.get("person") else [])])
        if named:
            acts.append(Act(Deed.NOTIFY, Reached.PEOPLE, tuple(named)))
        return Rung(
            key=said.get("key", ""),
            metric=Metric(said.get("metric") or Metric.FIRST_RESPONSE),
            priorities=frozenset(said.get("priorities", ())),
            acts=tuple(acts),
            percent=percent,
            after=after,
            despite_acknowledged=said.get("despite", False),
        )


def people_in(data: Any, place: int) -> list[int]:
    """The ids of whom a form names that was sent."""
    found = data.getlist(f"rung-{place}-people")
    return [pk for pk in map(id_in, found) if pk][:_MOST_PEOPLE]


def _threshold(text: str) -> tuple[int | None, timedelta | None]:
    """A share, or a span."""
    if not text:
        return None, None
    if found := _SHARE.fullmatch(text.strip()):
        return int(found[1]), None
    return None, span_in(text)


def _initial(rung: Rung | None) -> dict[str, Any]:
    if rung is None:
        return {"metric": Metric.FIRST_RESPONSE.value}
    ids = {act.deed: act.ids for act in rung.acts}
    named = [pk for act in rung.acts if act.reached is Reached.PEOPLE for pk in act.ids]
    return {
        "key": rung.key,
        "metric": rung.metric.value,
        "at": f"{rung.percent} %" if rung.after is None else typed(rung.after),
        "priorities": sorted(rung.priorities),
        "told": told_by(rung.acts),
        "people": named,
        "deeds": [act.deed.value for act in rung.acts if act.deed in _PLAIN],
        "give_to": next(iter(ids.get(Deed.REASSIGN, ())), ""),
        "climb": next(iter(ids.get(Deed.CLIMB, ())), ""),
        "despite": rung.despite_acknowledged,
    }
