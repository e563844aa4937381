"""What an agent types who takes down a ticket for somebody else. The rules are the actions'."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, Final

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actions import judging
from helpdesk.actions.tickets import ByAddress
from helpdesk.actors import Actor
from helpdesk.choices import Priority, PrioritySource
from helpdesk.domain.answers import Typed
from helpdesk.domain.sla_rules import Asked
from helpdesk.domain.words import MAX_NAME
from helpdesk.forms.answers import answers_in, fields_for, name_of
from helpdesk.forms.files import FilesField
from helpdesk.forms.judging import WeighForm
from helpdesk.forms.tickets import OnceForm, RequesterField
from helpdesk.models import Category, Organization, Queue, User
from helpdesk.selectors import catalogue, people
from helpdesk.selectors.answers import questions_of
from helpdesk.selectors.promises import asked_of_new

_GONE: Final = gettext_lazy("Choose one from the list; the one you chose is gone.")
# What decides on what else is asked; a wrong one is told at once.
_DECIDING: Final = ("requester", "category", "queue")
_WEIGHED: Final = ("impact", "urgency")


class _RowField(forms.ModelChoiceField):  # type: ignore[type-arg] # its type takes none while the program runs
    """A row from a short list; whoever chooses a private category is told so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, required=False, error_messages={"invalid_choice": _GONE}, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return catalogue.described(obj)


class FileForm(OnceForm):
    """A ticket for somebody, with what its topic, its queue and who asks for it make worth asking.

    `initial` is what the form begins with, as a page would send it. `asked` names what the sent page asked; whatever
    the form asks beyond that its sender has not seen yet, see `unseen`.
    """

    asked = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Their name (optional)"),
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    category = _RowField(
        Category.objects.none(), label=gettext_lazy("Category"), empty_label=gettext_lazy("None of them")
    )
    queue = _RowField(
        Queue.objects.none(), label=gettext_lazy("Queue"), empty_label=gettext_lazy("The one of the category")
    )
    subject = forms.CharField(
        label=gettext_lazy("In a few words"),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write in a few words what it is about.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write what happened, so that we can help.")},
    )
    files = FilesField(label=gettext_lazy("Files (optional)"))  # type: ignore[assignment] # Django takes fields out of the class
    follow = forms.BooleanField(label=gettext_lazy("Follow it: mail me what is answered"), required=False)
    assignee = forms.BooleanField(label=gettext_lazy("Assign it to me"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        whom = RequesterField(
            "asker",
            actor,
            label=_("For whom?"),
            help_text=_("A name, or an address; also one that is not known here yet."),
        )
        self.fields = {"requester": whom, **self.fields}
        for name, rows in (("category", catalogue.open_categories()), ("queue", catalogue.open_queues())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.questions = questions_of(self.topic, self.line)
        self.fields.update(self._more())

    def _chosen(self, name: str) -> Any:
        """What a field says before the form as a whole is checked; None where it says nothing, or nothing right."""
        field = self.fields[name]
        sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        try:
            return field.clean(sent if self.is_bound else self.get_initial_for_field(field, name))
        except forms.ValidationError:
            return None

    @cached_property
    def whom(self) -> User | ByAddress | None:
        """Who asks, as far as the form tells it."""
        said: User | ByAddress | None = self._chosen("requester")
        return (people.known_by(said.email) or said) if isinstance(said, ByAddress) else said

    @property
    def person(self) -> User | None:
        """Who asks, where the desk knows them."""
        return self.whom if isinstance(self.whom, User) else None

    @property
    def newcomer(self) -> str:
        """The address of who asks, where nobody has it yet."""
        return self.whom.email if isinstance(self.whom, ByAddress) else ""

    @cached_property
    def topic(self) -> Category | None:
        """The chosen category."""
        chosen: Category | None = self._chosen("category")
        return chosen

    @cached_property
    def line(self) -> Queue | None:
        """The queue that takes it: the chosen one, the category's, or the default one."""
        chosen: Queue | None = self._chosen("queue")
        return chosen or (self.topic.queue if self.topic else catalogue.default_queue())

    @cached_property
    def places(self) -> list[Organization]:
        """The organisations of who asks."""
        return list(people.places_of(self.person)) if self.person else []

    def _more(self) -> Iterator[tuple[str, forms.Field]]:
        """What is asked because of what was chosen so far."""
        if len(self.places) > 1:
            yield "organization", self._organization()
        asked = fields_for(self.questions, self.actor)
        for field in asked.values():
            # Who takes it down need not know what only the requester can tell.
            field.required = False
        yield from asked.items()
        source = self.line.priority_source if self.line else PrioritySource.DIRECT
        if source == PrioritySource.WEIGHED:
            yield from ((name, deepcopy(WeighForm.base_fields[name])) for name in _WEIGHED)
        elif source == PrioritySource.DIRECT:
            yield "priority", self._priority()

    def _organization(self) -> forms.Field:
        field = _RowField(
            people.places_of(self.person) if self.person else Organization.objects.none(),
            label=_("For which organisation?"),
            empty_label=None,
        )
        field.initial = self.places[0].pk
        return field

    def _priority(self) -> forms.Field:
        first = _("As usual in the queue")
        if self.line is not None:
            first = _("As usual in the queue: %(priority)s") % {"priority": Priority(self.line.default_priority).label}
        return forms.TypedChoiceField(
            label=_("Priority"),
            choices=[("", first), *Priority.choices],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": _("Choose one from the list.")},
        )

    @property
    def asks(self) -> str:
        """The names of what the form asks because of what was chosen, for the page to carry along."""
        return ",".join(self._asks())

    def _asks(self) -> Iterator[str]:
        if self.newcomer:
            yield "name"
        if self.person and len(self.places) > 1:
            # Of whom: another person's organisations were not seen.
            yield f"organization.{self.person.pk}"
        yield from (name for name in (*map(name_of, self.questions), *_WEIGHED) if name in self.fields)

    @property
    def unseen(self) -> bool:
        """Whether there is more to ask than the page showed from which the form was sent."""
        return bool(set(self._asks()) - set(str(self["asked"].value() or "").split(",")))

    def clean_requester(self) -> User | ByAddress:
        """Somebody; nobody is nobody to help."""
        whom: User | ByAddress | None = self.cleaned_data["requester"]
        if whom is None:
            raise forms.ValidationError(_("Write for whom it is: a name, or an address."))
        return whom

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        whom = cleaned.get("requester")
        if isinstance(whom, ByAddress):
            cleaned["requester"] = ByAddress(whom.email, cleaned.get("name", ""))
        return cleaned

    def look(self) -> None:
        """Say nothing of what is not filled in yet: the form was sent to see what else it asks."""
        kept = {name: self.errors[name] for name in (*_DECIDING, "files") if name in self.errors}
        if not self["requester"].value():
            kept.pop("requester", None)
        self._errors = ErrorDict(kept)

    @property
    def answers(self) -> dict[str, Typed]:
        """What was answered, by the keys of the questions."""
        return answers_in(self.cleaned_data, self.questions)

    @property
    def whom_shown(self) -> Mapping[str, object]:
        """What the field of who asks shows: a name and its id, or what was typed."""
        if self.person is not None:
            return {"text": str(self.person), "value": self.person.pk}
        return {"text": self["requester"].value() or "", "value": ""}

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        """The questions of the topic and its queue, on the page."""
        return [self[name_of(question)] for question in self.questions]

    @property
    def weighing(self) -> list[forms.BoundField]:
        """Both questions from which the priority follows, where the queue has it from them."""
        return [self[name] for name in _WEIGHED if name in self.fields]

    @property
    def verdict(self) -> Priority | None:
        """What impact and urgency come to."""
        if not self.weighing or self.line is None:
            return None
        impact, urgency = (self._chosen(name) for name in _WEIGHED)
        return Priority(judging.weighed(self.line, impact, urgency)) if impact and urgency else None

    def asked_at(self, now: datetime) -> Asked | None:
        """What of the ticket would decide on the clocks that it begins with, were it filed now."""
        if self.line is None:
            return None
        place: Organization | None = self._chosen("organization") if "organization" in self.fields else None
        chosen: int | None = self.verdict or (self._chosen("priority") if "priority" in self.fields else None)
        if place is None and self.places:
            place = self.places[0]
        return asked_of_new(now, self.line, self.topic, place, int(chosen or self.line.default_priority))

    @property
    def is_measured(self) -> bool:
        """Whether the queue has its priorities from what is measured, which is done on the ticket."""
        return self.line is not None and self.line.priority_source == PrioritySource.MEASURED
