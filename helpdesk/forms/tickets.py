"""What people type in the portal. The rules are the actions'; here stands only what a field needs."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.tickets import Submission
from helpdesk.errors import Code
from helpdesk.forms.files import FilesField
from helpdesk.models import Category
from helpdesk.selectors.catalogue import open_categories


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
    """Words on a ticket, with files, and how much of the conversation their writer had seen."""

    text = forms.CharField(
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Write something first.")},
    )
    files = FilesField(label=_("Files (optional)"))  # type: ignore[assignment] # Django takes fields out of the class
    seen_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class NewTicketForm(OnceForm):
    """A new report."""

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("What is it about?"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about; the one you chose is gone."),
        },
    )
    subject = forms.CharField(
        label=_("In a few words"),
        help_text=_("Such as “The printer in room 12 prints empty pages”."),
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
        help_text=_("A picture of your screen often helps. You can choose several."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed on as it came
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = open_categories()
        # A desk without categories has one queue for everything.
        if not field.queryset.exists():
            del self.fields["category"]
