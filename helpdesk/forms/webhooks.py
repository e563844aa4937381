"""A webhook as administrators fill it in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.setup import state_of
from helpdesk.actions.webhooks import MAX_NAME, Wanted, as_wanted
from helpdesk.choices import Priority
from helpdesk.domain.addresses import MAX_URL
from helpdesk.models import Webhook, WebhookForm
from helpdesk.selectors import catalogue

# What is sent again reaches back so far.
AGO: Final = {"1": _("The last hour"), "24": _("The last day"), "168": _("The last week"), "744": _("The last month")}


def _boxes(label: Any, **kwargs: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class WebhookFields(forms.Form):
    """What is told to which address. `kinds` are the names of events, with their words."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        help_text=_("What is told there, such as “Status page”."),
        error_messages={"required": _("Write a name, by which you will know it.")},
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=MAX_URL,
        help_text=_("Begins with https:// and lies in the open internet."),
        error_messages={"required": _("Write the address.")},
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    form = forms.ChoiceField(label=_("Form"), choices=WebhookForm.choices, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choosing none tells all of them."),
    )
    queues = _boxes(_("Queues"), help_text=_("Choosing none means all, here and below."))
    categories = _boxes(_("Categories"))
    priorities = _boxes(_("Priorities"), choices=Priority.choices)
    is_ordered = forms.BooleanField(
        label=_("Keep the order"),
        required=False,
        help_text=_("What happens to one ticket comes one after the other. A failure holds up what follows on it."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, webhook: Webhook | None, kinds: list[tuple[str, str]]) -> None:
        self.before = as_wanted(webhook) if webhook is not None else Wanted("", "")
        initial = {
            "queues": self.before.queue_ids,
            "categories": self.before.category_ids,
            "seen": state_of(webhook) if webhook is not None else "",
        }
        names = ("name", "url", "form", "kinds", "priorities", "is_ordered", "is_active")
        super().__init__(data, initial={name: getattr(self.before, name) for name in names} | initial)
        for name, choices in (
            ("kinds", kinds),
            ("queues", self._rows(catalogue.queues(), self.before.queue_ids)),
            ("categories", self._rows(catalogue.categories(), self.before.category_ids)),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined] # all of them offer choices

    @staticmethod
    def _rows(rows: Any, chosen: Any) -> list[tuple[int, str]]:
        """Those in use, and those that are chosen already."""
        return [(row.pk, str(row)) for row in rows if row.is_active or row.pk in chosen]

    @property
    def wanted(self) -> Wanted:
        """The webhook as it was filled in; what the form does not show stays."""
        given = self.cleaned_data
        plain = {
            name: given[name] for name in ("name", "url", "form", "kinds", "priorities", "is_ordered", "is_active")
        }
        return replace(self.before, **plain, queue_ids=given["queues"], category_ids=given["categories"])


class AgainForm(forms.Form):
    """Since when what did not arrive is sent again."""

    hours = forms.TypedChoiceField(label=_("What did not arrive in"), choices=list(AGO.items()), coerce=int)

    def since(self) -> Any:
        """The moment."""
        return timezone.now() - timedelta(hours=self.cleaned_data["hours"])
