"""What people say about how they want to be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from helpdesk.choices import DeliveryChannel, Occasion
from helpdesk.domain import occasions
from helpdesk.domain.occasions import TERMS, Chosen

_HINTS: Final = {
    Occasion.RECEIPTS: _("That your report has reached us, with its number."),
    Occasion.ANSWERS: _("Always by mail: we wait for your answer, and you for ours."),
    Occasion.PROGRESS: _("That somebody works on it, that it has to wait, that it was closed."),
    Occasion.WATCHED: _("What is said there, and how it ends."),
    Occasion.ASSIGNED: _("By a colleague, or by an escalation."),
    Occasion.WORDS: _("What requesters and colleagues write to everybody on tickets that are yours."),
    Occasion.STATUS: _("That somebody else changed the status of a ticket that is yours, or merged it."),
    Occasion.NOTES: _("Notes on tickets that are yours, and notes in which somebody names you."),
    Occasion.SUB_TASKS: _("That one was given to you."),
    Occasion.CLOCK_WARNED: _("A ticket of yours comes near to its deadline."),
    Occasion.CLOCK_BREACHED: _("A ticket of yours is over its deadline. Can be critical."),
    Occasion.LADDER: _("You are asked to step in because others could not. Can be critical."),
    Occasion.UPDATE_OWED: _("Requesters of a ticket of yours wait for a word on how it goes."),
}
_DAYS: Final = [(str(number + 1), name) for number, name in WEEKDAYS.items()]
_MORNING: Final = time(8)
_NO_TIME: Final = _("Write a time of the day, such as 19:00.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to be told of one occasion: a box to tick, something that is always so, or nothing."""

    channel: DeliveryChannel
    name: str
    is_offered: bool
    is_always: bool
    is_on: bool

    @property
    def key(self) -> str:
        """What ties the box to its words."""
        return f"id_{self.name}_{self.channel}"


@dataclass(frozen=True, slots=True)
class Row:
    """An occasion with its cells."""

    occasion: Occasion
    hint: Any
    field: forms.BoundField
    cells: list[Cell]


class NotificationsForm(forms.Form):
    """A field for each occasion that somebody may choose about; its values are the channels that are on."""

    def __init__(self, *args: Any, chosen: Chosen, has_inbox: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = occasions.offered(has_inbox=has_inbox)
        self.columns = [way for way in DeliveryChannel if any(way in ways for ways in self.offered.values())]
        for occasion, ways in self.offered.items():
            free = [way for way in self.columns if way in ways - TERMS[occasion].always]
            self.fields[occasion.value] = forms.MultipleChoiceField(
                label=occasion.label,
                required=False,
                choices=[(way.value, way.label) for way in free],
                initial=occasions.channels(occasion, chosen, has_inbox=has_inbox),
            )

    @property
    def groups(self) -> Iterator[tuple[Any, list[Row]]]:
        """The rows: what one asked for, then what one works on."""
        titles = ((_("Your own requests"), False), (_("Your work in the desk"), True))
        for title, is_for_desk in titles:
            if rows := [self._row(one) for one in self.offered if TERMS[one].is_for_desk is is_for_desk]:
                yield title, rows

    def _row(self, occasion: Occasion) -> Row:
        field = self[occasion.value]
        on, always = field.value() or (), TERMS[occasion].always
        cells = [
            Cell(way, occasion.value, way in self.offered[occasion], way in always, way in always or way in on)
            for way in self.columns
        ]
        return Row(occasion, _HINTS[occasion], field, cells)

    @property
    def choices(self) -> dict[tuple[Occasion, DeliveryChannel], bool]:
        """What was chosen, of every box that was there."""
        return {
            (occasion, way): way.value in self.cleaned_data[occasion.value]
            for occasion, ways in self.offered.items()
            for way in ways
        }


class QuietHoursForm(forms.Form):
    """The hours of the week in which somebody is left in peace."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        help_text=_("A night belongs to the day on which it begins."),
        choices=_DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": _NO_TIME, "invalid": _NO_TIME},
    )
    ends = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": _NO_TIME, "invalid": _NO_TIME},
    )
    whole_days = forms.TypedMultipleChoiceField(
        label=_("All day on"), choices=_DAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )


class MuteForm(forms.Form):
    """For how long somebody is left in peace from now on."""

    until = forms.ChoiceField(
        label=_("No mails"),
        choices=(
            ("hour", _("for an hour")),
            ("hours", _("for four hours")),
            ("morning", _("until tomorrow, 8:00")),
            ("monday", _("until next Monday, 8:00")),
            ("week", _("for a week")),
            ("weeks", _("for two weeks")),
        ),
        error_messages={"required": _("Choose how long."), "invalid_choice": _("Choose how long.")},
    )

    def moment(self, now: datetime) -> datetime:
        """When it is over, on the reader's own clock."""
        today = timezone.localtime(now)
        spans = {"hour": timedelta(hours=1), "hours": timedelta(hours=4)}
        spans |= {"week": timedelta(weeks=1), "weeks": timedelta(weeks=2)}
        chosen = self.cleaned_data["until"]
        if chosen in spans:
            return now + spans[chosen]
        days = 1 if chosen == "morning" else 8 - today.isoweekday()
        return datetime.combine(today.date() + timedelta(days=days), _MORNING, today.tzinfo)
