"""What people type in the portal. The rules are the actions'; here stands only what a field needs."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.tickets import ByAddress, Submission
from helpdesk.actors import Actor
from helpdesk.choices import Impact, Pressure
from helpdesk.domain.answers import Typed
from helpdesk.errors import Code
from helpdesk.forms.answers import answers_in, fields_for, name_of
from helpdesk.forms.files import FilesField
from helpdesk.models import CustomField, Organization, User
from helpdesk.permissions import Right, holds
from helpdesk.selectors import people
from helpdesk.selectors.filing import place_of_new
from helpdesk.selectors.suggestions import SOURCES


class OnceForm(forms.Form):
    """A form that can be sent twice and counts once: `key` names this filling-in of it."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # Why it is shown again; `views.refusals.attempt` knows better where an action refused.
    refused = Code.WRONG

    def submission(self, said: object) -> Submission | None:
        """This sending of the valid form, `said` being all that it says; none from a client that sends no key."""
        key = self.cleaned_data["key"]
        return Submission.of(str(key), {"said": said}) if key else None

    @property
    def next_key(self) -> str:
        """The key that the page carries: the same one until something was done under it."""
        key = self.cleaned_data.get("key") if self.is_bound and self.errors else None
        return str(uuid.uuid4() if key is None or self.refused is Code.REPEATED else key)


class MessageForm(OnceForm):
    """Words on a ticket, with files."""

    text = forms.CharField(
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )
    files = FilesField(label=_("Files (optional)"))  # type: ignore[assignment] # Django takes fields out of the class


class LetterForm(MessageForm):
    """The same in the portal, with the newest message that their writer had seen."""

    seen_message = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)


class RequesterField(forms.CharField):
    """Somebody for whom one files: known, by their name or address, or new, by their address. None is oneself."""

    def __init__(self, source: str, actor: Actor, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=254, **kwargs)
        self.source, self.actor = source, actor

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return SOURCES[self.source].find(self.actor, text)
        except ValueError as error:
            if "@" in text:
                return ByAddress(text)
            raise forms.ValidationError(str(error)) from error


def _for_whom(actor: Actor) -> RequesterField:
    return RequesterField(
        "member",
        actor,
        label=_("For whom? (optional)"),
        help_text=_("Leave it empty if it is for you. Otherwise write the name or the address of a colleague."),
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
    )


def _follow() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("If it is for somebody else: tell me of the answers too"), required=False, initial=True
    )


_WEIGHED: Final = ("impact", "urgency")


def _weighing() -> dict[str, forms.Field]:
    """What a requester can tell of impact and urgency, in their words, the least first."""
    impacts = {Impact.ONE: _("Only me"), Impact.SEVERAL: _("Several people"), Impact.EVERYBODY: _("Everybody")}
    urgencies = {
        Pressure.CAN_WAIT: _("Yes, this can wait"),
        Pressure.SLOWED: _("Yes, with trouble"),
        Pressure.STOPPED: _("No, work has stopped"),
    }
    asked: dict[str, tuple[Any, Mapping[Any, Any], Any]] = {
        "impact": (_("How many people does this stop?"), impacts, _("Choose how many people it stops.")),
        "urgency": (_("Can the work go on?"), urgencies, _("Choose how urgent it is.")),
    }
    return {
        name: forms.TypedChoiceField(
            label=label,
            choices=[(code.value, words) for code, words in choices.items()],
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )
        for name, (label, choices, missing) in asked.items()
    }


class NewTicketForm(OnceForm):
    """A new report, with the questions of its topic."""

    subject = forms.CharField(
        label=_("In a few words"),
        help_text=_("Such as “The printer in room 12 prints empty pages”."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write in a few words what it is about.")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("What did you do, what did you expect, and what came instead?"),
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Write what happened, so that we can help.")},
    )
    files = FilesField(  # type: ignore[assignment] # Django takes fields out of the class
        label=_("Files (optional)"),
        help_text=_("A picture of your screen often helps."),
    )

    def __init__(
        self,
        *args: Any,
        questions: Sequence[CustomField] = (),
        actor: Actor | None = None,
        weighs: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.actor = questions, actor
        asked = fields_for(questions, actor)
        self.fields.update(asked)
        self.weighs = weighs
        if weighs:
            self.fields.update(_weighing())
        self.order_fields(["subject", "text", *_WEIGHED, *asked, "files"])

        if actor is not None and holds(actor, Right.FILE_FOR_COLLEAGUES):
            self.fields = {"requester": _for_whom(actor), "follow": _follow(), **self.fields}

    @property
    def for_whom(self) -> forms.BoundField | None:
        """Who asks, where the form lets one say it."""
        return self["requester"] if "requester" in self.fields else None

    @property
    def place(self) -> Organization | None:
        """The organisation whose ticket it will be, as far as the form tells it."""
        if self.actor is None:
            return None
        typed = self["requester"].value() if self.for_whom else None
        try:
            said: User | ByAddress | None = self.fields["requester"].clean(typed) if typed else None
        except forms.ValidationError:
            return None
        if isinstance(said, ByAddress):
            return place_of_new(self.actor, people.known_by(said.email), said.email)
        return place_of_new(self.actor, said, "")

    @property
    def answers(self) -> dict[str, Typed]:
        """What was answered, by the keys of the questions."""
        return answers_in(self.cleaned_data, self.questions)

    @property
    def weighing(self) -> list[forms.BoundField]:
        """The questions from which the priority follows, where the queue asks them."""
        return [self[name] for name in _WEIGHED] if self.weighs else []

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions of the topic, on the page."""
        return [self[name_of(question)] for question in self.questions]


class EditForm(OnceForm):
    """Other words for a message, and how often it had been changed when the page was made."""

    text = forms.CharField(label=_("Your message"), required=False, widget=forms.Textarea({"rows": 8}))
    mail_again = forms.BooleanField(label=_("Mail the new text to those who got the old one"), required=False)
    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
