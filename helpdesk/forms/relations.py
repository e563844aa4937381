"""What agents type about how a ticket stands to others, and about what is to be done for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import Relation
from helpdesk.forms.desk import DeskForm
from helpdesk.forms.pick import PickField
from helpdesk.models import Ticket

# How the sentence goes on that begins with "This ticket".
_SENTENCES = (
    (Relation.RELATES, _("is related to")),
    (Relation.BLOCKED_BY, _("is blocked by")),
    (Relation.BLOCKS, _("blocks")),
    (Relation.CHILD_OF, _("is a child of")),
    (Relation.PARENT_OF, _("is the parent of")),
    (Relation.DUPLICATES, _("duplicates")),
    (Relation.DUPLICATED_BY, _("is duplicated by")),
)


class LinkForm(DeskForm):
    """Another ticket, and how this one stands to it."""

    relation = forms.ChoiceField(
        label=_("This ticket"),
        choices=_SENTENCES,
        error_messages={
            "required": _("Choose how the tickets stand to each other."),
            "invalid_choice": _("Choose how the tickets stand to each other."),
        },
    )
    other = PickField(
        "ticket", label=_("Which ticket?"), error_messages={"required": _("Write a reference, like WD-1042.")}
    )

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].ask(actor, ticket)  # type: ignore[attr-defined] # it is one that picks


class SubTaskForm(DeskForm):
    """Something to do, by whom, until when, and whether the ticket waits for it. `task` is one that is changed."""

    task = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("What is to be done?"), required=False, widget=forms.TextInput({"maxlength": 200}))
    assignee = PickField("assignee", label=_("Who does it?"), required=False)
    due_on = forms.DateField(
        label=_("Until when?"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write a date that exists, like 2026-03-31.")},
    )
    holds_resolution = forms.BooleanField(label=_("The ticket is not resolved before"), required=False)

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].ask(actor, ticket)  # type: ignore[attr-defined] # it is one that picks
