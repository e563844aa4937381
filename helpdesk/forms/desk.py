"""What agents type on a ticket's page. The rules are the actions'; here stands only what a field needs."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.choices import ResolutionKind
from helpdesk.domain.lifecycle import Move
from helpdesk.forms.tickets import MessageForm, OnceForm
from helpdesk.models import Ticket, User
from helpdesk.selectors.people import assignable_to


class DeskForm(OnceForm):
    """Any form on a ticket's page. `seen_version` is the ticket as its page showed it."""

    seen_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class WriteForm(MessageForm):
    """A reply or a note."""


class MoveForm(WriteForm):
    """A move through the ticket's life, with what it demands."""

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.move = move
        # Whether words are missing, and in which words to say so, is the table's to tell.
        self.fields["text"].required = False
        if move.needs_resolution_kind:
            self.fields["resolution_kind"] = forms.ChoiceField(
                label=_("How was it solved?"),
                choices=[("", _("Choose one")), *ResolutionKind.choices],
                required=False,
            )


class TierForm(DeskForm):
    """A step up or down the tiers, and why."""

    text = forms.CharField(label=_("Why?"), required=False, widget=forms.Textarea({"rows": 4}))


class AssignForm(DeskForm):
    """Who shall work on the ticket, and who had it on the page."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Assignee"),
        required=False,
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("This person is in no team of this queue.")},
    )
    seen_assignee = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        # Who may work everywhere is in no team, and takes tickets all the same.
        own = Q(pk__in=[pk for pk in (ticket.assignee_id, actor.person.pk) if pk])
        field.queryset = User.objects.filter(Q(pk__in=assignable_to(ticket).values("pk")) | own).order_by("name", "pk")
        field.initial = ticket.assignee_id
