"""What agents type on a ticket's page. The rules are the actions'; here stands only what a field needs."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import FieldKind, MoveName, ResolutionKind
from helpdesk.domain.answers import Typed
from helpdesk.domain.ids import id_in
from helpdesk.domain.lifecycle import Move
from helpdesk.errors import Text
from helpdesk.forms.answers import answers_in, fields_for, name_of
from helpdesk.forms.pick import PickField
from helpdesk.forms.tickets import MessageForm, OnceForm
from helpdesk.models import CustomField, Ticket
from helpdesk.models.times import MOST_MINUTES

_MINUTES: Final = _("Write minutes between 1 and 1440; more than a day is more than one entry.")
_WRONG_MINUTES: Final[dict[str, Any]] = dict.fromkeys(("invalid", "min_value", "max_value"), _MINUTES)


class DeskForm(OnceForm):
    """Any form on a ticket's page. `seen_version` is the ticket as its page showed it."""

    seen_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class WriteForm(MessageForm, DeskForm):
    """A reply or a note, and the minutes that went into it; a reply can go to others too, by their addresses."""

    cc = forms.CharField(
        label=_("Copy to"),
        required=False,
        max_length=2000,
        help_text=_("Addresses, separated by commas. They follow the ticket from now on and read what is public."),
        widget=forms.TextInput({"autocomplete": "off", "placeholder": "name@example.org"}),
    )

    minutes = forms.IntegerField(
        label=_("Minutes spent"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        error_messages=_WRONG_MINUTES,
    )

    def clean_cc(self) -> list[str]:
        """The addresses, as they were typed."""
        return [part.strip() for part in re.split(r"[,;\n]", self.cleaned_data["cc"]) if part.strip()]


def partner_fields(actor: Actor, *, label: Text, required: bool) -> dict[str, forms.Field]:
    """On whom a ticket waits, and the number that it has there."""
    partner = PickField("partner", label=label, required=required)
    partner.error_messages["required"] = _("Write which partner the ticket waits on.")
    partner.ask(actor)
    reference = forms.CharField(
        label=_("Their reference (optional)"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "maxlength": 60}),
    )
    return {"partner": partner, "partner_reference": reference}


class PartnerForm(DeskForm):
    """On whom a ticket on hold waits."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(partner_fields(actor, label=_("Which partner?"), required=True))


class TimeForm(DeskForm):
    """Minutes without a message, and what they were for."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        error_messages={"required": _("Write how many minutes it took."), **_WRONG_MINUTES},
    )
    what = forms.CharField(label=_("What for (optional)"), required=False, max_length=200)


class MoveForm(WriteForm):
    """A move through the ticket's life, with what it demands."""

    def __init__(
        self,
        *args: Any,
        move: Move,
        questions: Sequence[CustomField] = (),
        actor: Actor | None = None,
        ticket: Ticket | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.move = move
        if move.name is MoveName.HOLD and actor is not None:
            self.fields.update(partner_fields(actor, label=_("On a partner? (optional)"), required=False))
        # Whether words are missing, and in which words to say so, is the table's to tell.
        self.fields["text"].required = False
        asked = fields_for(questions, actor, ticket, to_resolve=True)
        self.fields.update(asked)
        self.questions = questions
        if move.needs_resolution_kind:
            self.fields["resolution_kind"] = forms.ChoiceField(
                label=_("How was it solved?"),
                choices=[("", _("Choose one")), *ResolutionKind.offered()],
                required=False,
            )

    @property
    def answers(self) -> dict[str, Typed]:
        """What was answered, by the keys of the questions."""
        return answers_in(self.cleaned_data, self.questions)

    @property
    def asked(self) -> list[forms.BoundField]:
        """What has to be answered before the move, on the page."""
        return [self[name_of(question)] for question in self.questions]

    @property
    def demanded(self) -> list[forms.BoundField]:
        """All that the move asks beside its words, on the page."""
        kinds = [self["resolution_kind"]] if "resolution_kind" in self.fields else []
        return [*kinds, *self.asked]


class AnswerForm(DeskForm):
    """An answer to one question. `seen` is the state of the answer that the page showed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, field: CustomField, actor: Actor, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        if field.kind == FieldKind.PERSON:
            pick = PickField("person", required=False)
            pick.ask(actor, ticket)
            self.fields["to"] = pick

    @property
    def typed(self) -> Typed:
        """What was typed or chosen, as it was sent; of a person the id."""
        if self.field.kind == FieldKind.PERSON:
            who = self.cleaned_data["to"]
            return None if who is None else str(who.pk)
        sent = self.data.getlist("to")  # type: ignore[attr-defined] # what a page sends
        return sent if len(sent) > 1 else "".join(sent)


class TierForm(DeskForm):
    """A step up or down the tiers, and why."""

    text = forms.CharField(label=_("Why?"), required=False, widget=forms.Textarea({"rows": 4}))


class AssignForm(DeskForm):
    """Who shall work on the ticket, and who had it on the page. Nobody typed is nobody, unless the form `wants` one."""

    to = PickField("assignee", label=_("Assign to"), required=False)
    seen_assignee = forms.IntegerField(required=False, widget=forms.HiddenInput)
    wants = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, PickField)
        field.ask(actor, ticket)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("wants") and cleaned.get("to") is None and "to" not in self.errors:
            self.add_error("to", _("Write the name of somebody who works here."))
        return cleaned


class PropertyForm(DeskForm):
    """One property of the ticket, chosen from a list; the field has the property's name. 0 is none."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, label: Text, choices: Sequence[tuple[int, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields[name] = forms.TypedChoiceField(
            label=str(label),
            choices=choices,
            coerce=int,
            error_messages={
                "required": _("Choose one from the list."),
                "invalid_choice": _("Choose one from the list; the one you chose is gone."),
            },
        )

    @property
    def choice(self) -> forms.BoundField:
        """The list."""
        return self[self.name]


class TagsForm(DeskForm):
    """Tags to put on the ticket, and those to take off, by their names."""

    tags = forms.CharField(label=_("Add a tag"), required=False)


class GatherUnderForm(DeskForm):
    """The problem that the ticket is gathered under; nobody typed one: none, unless the form `wants` one."""

    problem = PickField("problem", label=_("Problem"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    wants = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["problem"]
        assert isinstance(field, PickField)
        field.ask(actor)

    def clean_seen(self) -> int:
        """The id of the problem that the page showed, 0 for none."""
        return id_in(self.cleaned_data["seen"]) or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("wants") and cleaned.get("problem") is None and "problem" not in self.errors:
            self.add_error("problem", _("Write the reference or the title of a problem."))
        return cleaned


class WatchersForm(DeskForm):
    """Whom to tell of the ticket from now on, by their address."""

    email = forms.CharField(
        label=_("Address of who shall follow"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off", "placeholder": "name@example.org"}),
    )
