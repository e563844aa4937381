"""A webhook as administrators fill it in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.actions.setup import state_of
from helpdesk.actions.webhooks import MAX_NAME, Wanted, as_wanted
from helpdesk.actors import Actor
from helpdesk.choices import Priority
from helpdesk.domain.addresses import MAX_URL
from helpdesk.forms.pick import RowsField
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import Organization, Webhook, WebhookForm
from helpdesk.selectors import catalogue
from helpdesk.selectors.webhooks import organizations_of

MAX_ORGANIZATIONS: Final = 100
# What is sent again reaches back so far.
AGO: Final = {"1": _("The last hour"), "24": _("The last day"), "168": _("The last week"), "744": _("The last month")}


def _boxes(label: Any, **kwargs: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class WebhookFields(OnceForm):
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
    organizations = RowsField(
        "organization",
        most=MAX_ORGANIZATIONS,
        label=_("Organisations"),
        required=False,
        help_text=_("Whose tickets. Type a part of a name and choose."),
    )
    priorities = _boxes(_("Priorities"), choices=Priority.choices)
    is_ordered = forms.BooleanField(
        label=_("Keep the order"),
        required=False,
        help_text=_("What happens to one ticket comes one after the other. A failure holds up what follows on it."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, webhook: Webhook | None, kinds: list[tuple[str, str]], actor: Actor) -> None:
        self.before = as_wanted(webhook) if webhook is not None else Wanted("", "")
        initial = {
            "queues": self.before.queue_ids,
            "categories": self.before.category_ids,
            "seen": state_of(webhook) if webhook is not None else "",
        }
        names = ("name", "url", "form", "kinds", "priorities", "is_ordered", "is_active")
        super().__init__(data, initial={name: getattr(self.before, name) for name in names} | initial)
        self._organizations = cast("RowsField", self.fields["organizations"])
        self._organizations.ask(actor)
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
    def organizations_shown(self) -> Sequence[Organization]:
        """Those that are chosen: each has a box that is ticked."""
        if self.is_bound:
            return list({row.pk: row for row in self._organizations.found.values()}.values())
        return list(organizations_of(self.before.organization_ids))

    @property
    def organization_typed(self) -> str:
        """What was typed and names none."""
        typed = self["organizations"].data or [] if self.is_bound else []
        return next((text for text in typed if text.strip() and text.strip() not in self._organizations.found), "")

    def only_adds(self) -> None:
        """Say nothing of what is still missing: somebody added an organisation, and goes on filling the form in."""
        for name in [name for name in self.errors if name != "organizations"]:
            del self.errors[name]

    @property
    def wanted(self) -> Wanted:
        """The webhook as it was filled in."""
        given = self.cleaned_data
        plain = {
            name: given[name] for name in ("name", "url", "form", "kinds", "priorities", "is_ordered", "is_active")
        }
        ids = {
            "queue_ids": given["queues"],
            "category_ids": given["categories"],
            "organization_ids": [row.pk for row in given["organizations"]],
        }
        return replace(self.before, **plain, **ids)


class AgainForm(forms.Form):
    """Since when what did not arrive is sent again."""

    hours = forms.TypedChoiceField(label=_("What did not arrive in"), choices=list(AGO.items()), coerce=int)

    def since(self) -> Any:
        """The moment."""
        return timezone.now() - timedelta(hours=self.cleaned_data["hours"])
