"""What somebody wants done with several tickets at once. The rules are the actions'; each ticket has its own answer."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import Priority, ResolutionKind, Visibility
from helpdesk.domain.ids import id_in
from helpdesk.domain.lifecycle import Move
from helpdesk.errors import NO_WORDS
from helpdesk.forms.pick import PickField
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import Queue
from helpdesk.selectors import catalogue

_PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Picked:
    """A row that was ticked, and what the list showed of it: an answer to an older state is refused."""

    number: int
    version: int
    assignee_id: int | None
    priority: int
    queue_id: int

    @classmethod
    def parse(cls, text: str) -> "Picked | None":
        """What the box of a row says, or None where a stranger wrote it."""
        parts = text.split(".")
        told = [known for part in parts if (known := id_in(part)) is not None]
        if len(parts) != _PARTS or len(told) != _PARTS:
            return None
        number, version, assignee, priority, queue = told
        return cls(number, version, assignee or None, priority, queue)


class BulkForm(OnceForm):
    """What every kind of work on several tickets asks: nothing."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor


class BulkAssignForm(BulkForm):
    """Who shall have them."""

    to = PickField(
        "assignee",
        label=_("Assignee"),
        help_text=_("Write a part of the name. Each ticket goes only to somebody who may work it."),
        error_messages={"required": _("Write who shall have them.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, PickField)
        field.ask(self.actor)


class BulkProblemForm(BulkForm):
    """Which problem they are gathered under."""

    to = PickField(
        "problem",
        label=_("Problem"),
        help_text=_("Write its reference or a part of its title."),
        error_messages={"required": _("Write the reference or the title of a problem.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, PickField)
        field.ask(self.actor)


class BulkPriorityForm(BulkForm):
    """How much they matter."""

    to = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=[("", _("Choose one")), *Priority.choices],
        error_messages={"required": _("Choose a priority.")},
    )


class BulkQueueForm(BulkForm):
    """Which queue they go to."""

    to = forms.ModelChoiceField(
        Queue.objects.none(),
        label=_("Queue"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a queue."), "invalid_choice": _("Choose a queue from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = catalogue.open_queues()


class BulkTagsForm(BulkForm):
    """Which tags they get and lose."""

    add = forms.CharField(label=_("Tags to add"), required=False, help_text=_("Separate several by commas."))
    remove = forms.CharField(label=_("Tags to take away"), required=False)

    def clean_add(self) -> list[str]:
        """The names."""
        return _names(self.cleaned_data["add"])

    def clean_remove(self) -> list[str]:
        """The names."""
        return _names(self.cleaned_data["remove"])

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data["add"] or self.cleaned_data["remove"]):
            raise ValidationError(_("Write which tags to add or to take away."))
        return self.cleaned_data


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


class BulkReasonForm(BulkForm):
    """Why they go to another tier."""

    text = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write why, so that the next tier need not ask again.")},
    )


class BulkMoveForm(BulkForm):
    """A move through the life of each of them, with what it demands."""

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.words is not None:
            self.fields["text"] = forms.CharField(
                label=_("What shall each of the requesters read?")
                if move.words.visibility is Visibility.PUBLIC
                else _("What do they wait for? Only the desk reads it."),
                widget=forms.Textarea({"rows": 5}),
                error_messages={"required": NO_WORDS[move.name]},
            )
        if move.needs_resolution_kind:
            self.fields["resolution_kind"] = forms.ChoiceField(
                label=_("How was it solved?"),
                choices=[("", _("Choose one")), *ResolutionKind.offered()],
                error_messages={"required": _("Choose how it was solved.")},
            )
