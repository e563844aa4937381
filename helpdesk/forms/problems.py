"""What agents type about problems. The rules are the actions'; here stands only what a field needs."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import ProblemState, ResolutionKind
from helpdesk.forms.pick import PickField
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import Problem, User

_EVERYBODY_READS: Final = _("Everybody in the desk reads this; requesters do not.")


def _text(label: Any, *, rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea({"rows": rows}))


class NewProblemForm(OnceForm):
    """A problem as it is opened. Whether a title is there is the action's to say."""

    title = forms.CharField(label=_("What is wrong, in a few words"), required=False, help_text=_EVERYBODY_READS)
    cause = _text(_("What is known of the cause (optional)"))
    workaround = _text(_("A way around it (optional)"), help_text=_("What helps people until it is mended."))


class ProblemForm(OnceForm):
    """All that may be changed about a problem."""

    title = forms.CharField(label=_("What is wrong, in a few words"), required=False, help_text=_EVERYBODY_READS)
    state = forms.ChoiceField(label=_("State"), choices=ProblemState.choices)
    owner = PickField("assignee", label=_("Owner"), required=False, help_text=_("Who sees to it. Empty: nobody."))
    cause = _text(_("Cause"))
    workaround = _text(_("Workaround"), help_text=_("What helps people until it is mended."))
    fix = _text(_("Fix"), help_text=_("What mended it. You can send it to all who asked."))
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, problem: Problem, **kwargs: Any) -> None:
        columns = ("title", "state", "cause", "workaround", "fix")
        initial = {name: getattr(problem, name) for name in columns}
        super().__init__(*args, **{**kwargs, "initial": {**initial, "seen_version": problem.version}})
        self.problem = problem
        field = self.fields["owner"]
        assert isinstance(field, PickField)
        field.ask(actor)

    @property
    def owner_text(self) -> str:
        """What the field of the owner shows: a name, or what was typed and fits nobody."""
        owner = self._owner()
        return str(owner) if owner is not None else str(self["owner"].value() or "")

    @property
    def owner_value(self) -> str:
        """The id of who is shown there."""
        owner = self._owner()
        return str(owner.pk) if owner is not None else ""

    def _owner(self) -> User | None:
        return self.cleaned_data.get("owner") if self.is_bound else self.problem.owner

    @property
    def changes(self) -> dict[str, Any]:
        """The values by their columns."""
        return {name: self.cleaned_data[name] for name in ("title", "state", "owner", "cause", "workaround", "fix")}


class GatherForm(OnceForm):
    """Tickets to gather, by their references."""

    refs = forms.CharField(
        label=_("Tickets"),
        help_text=_("Such as “WD-1042, WD-1047”."),
        error_messages={"required": _("Write the references of the tickets, such as WD-1042.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class PublishForm(OnceForm):
    """What requesters are told, in the desk's language and in each other one."""

    public_title = forms.CharField(label=_("What does not work, in a few words"), required=False)
    public_words = _text(_("What can people do meanwhile?"), rows=5)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"public_title": problem.public_title, "public_words": problem.public_words}
        initial["seen_version"] = problem.version
        self.languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        for code in self.languages:
            for name, text in problem.translations.get(code, {}).items():
                initial[f"{name}_in_{code}"] = text
        super().__init__(*args, **{**kwargs, "initial": initial})
        names = dict(settings.LANGUAGES)
        for code in self.languages:
            for name in ("public_title", "public_words"):
                own = self.fields[name]
                label = _("%(text)s (%(language)s)") % {"text": own.label, "language": names[code]}
                field = forms.CharField(label=label, required=False, widget=type(own.widget)(dict(own.widget.attrs)))
                self.fields[f"{name}_in_{code}"] = field

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """The texts in the other languages."""
        return {
            code: {name: self.cleaned_data[f"{name}_in_{code}"] for name in ("public_title", "public_words")}
            for code in self.languages
        }


class TellForm(OnceForm):
    """Words for all who asked. `seen_count` is the number of tickets that the page named."""

    text = _text(_("What shall they read?"), rows=6)
    resolution_kind = forms.ChoiceField(
        label=_("And their tickets?"),
        choices=[("", _("Leave them as they are")), *ResolutionKind.offered()],
        required=False,
        help_text=_("Choose how it was solved to resolve each of them with these words."),
    )
    with_solved = forms.BooleanField(label=_("Tell those too whose ticket is solved already"), required=False)
    seen_count = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        is_fixed = bool(problem.fix)
        initial = {
            "text": problem.fix or problem.workaround,
            "resolution_kind": ResolutionKind.FIXED if is_fixed else "",
        }
        super().__init__(*args, **{**kwargs, "initial": initial})

    def clean_text(self) -> str:
        """There has to be something to read, before anybody looks whom it reaches."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("Write what those who asked shall read."))
        return text
