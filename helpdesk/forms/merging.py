"""What agents say when they merge tickets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.forms.pick import PickField
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import Ticket


class IntoForm(forms.Form):
    """Where the ticket shall go on."""

    into = PickField(
        "ticket",
        label=_("Merge into which ticket?"),
        help_text=_("Write a reference or words of the subject."),
        error_messages={"required": _("Write a reference, like WD-1042.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].ask(actor, ticket)  # type: ignore[attr-defined] # it is one that picks


class MergeForm(OnceForm):
    """The versions of both tickets as the page showed them, and that those may read it who could not before."""

    source_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    target_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    knowing = forms.BooleanField(
        label=_("I made sure that they may read each other's messages and files."), required=False
    )
